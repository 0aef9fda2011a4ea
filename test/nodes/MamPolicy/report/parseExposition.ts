/** A strict reader of Prometheus' text format: throws on what the Pushgateway would refuse. */

export interface ParsedMetric {
	help: string;
	type: string;
	/** Label part as written -> value. */
	series: Record<string, number>;
}

const SERIES = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^\n]*\})? (\S+)$/u;
const LABELS =
	/^\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"(?:,(?=[a-zA-Z_])|(?=\})))+\}$/u;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]\d+)?$/;

/** Metrics by name; throws on a missing newline, a second TYPE, a series twice, a broken label or number. */
export function parseExposition(body: string): Record<string, ParsedMetric> {
	if (!body.endsWith('\n')) throw new Error('no final newline');
	if (/[^\P{C}\n]/u.test(body)) throw new Error('a control character');
	const metrics: Record<string, ParsedMetric> = {};
	let current = '';
	let help: string | null = null;
	for (const line of body.slice(0, -1).split('\n')) {
		const comment = /^# (HELP|TYPE) (\S+) (.+)$/u.exec(line);
		if (comment?.[1] === 'HELP') {
			help = comment[3];
			current = comment[2];
		} else if (comment?.[1] === 'TYPE') {
			const [, , name, type] = comment;
			if (name !== current || help === null) throw new Error(`TYPE without HELP: ${line}`);
			if (name in metrics) throw new Error(`second TYPE: ${line}`);
			metrics[name] = { help, type, series: {} };
			help = null;
		} else {
			const [, name, labels = '', value] = SERIES.exec(line) ?? [];
			if (name === undefined || name !== current) throw new Error(`not a series here: ${line}`);
			if (labels !== '' && !LABELS.test(labels)) throw new Error(`broken labels: ${line}`);
			if (!NUMBER.test(value)) throw new Error(`not a number: ${line}`);
			if (labels in metrics[name].series) throw new Error(`series twice: ${line}`);
			metrics[name].series[labels] = Number(value);
		}
	}
	return metrics;
}
