import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { http } from '../http.mts';
import { PROGRAMS } from './debian.mts';
import { freePort, Service, waitFor, waitForHttp } from './process.mts';

/** One series of a query's answer. */
export interface Sample {
	labels: Record<string, string>;
	value: number;
}

/** An alert that waits for its time, or fires. */
export interface Alert {
	labels: Record<string, string> & { alertname: string };
	state: 'pending' | 'firing';
	/** Since when its condition holds. */
	activeAt: string;
}

/** A real Prometheus on loopback. */
export interface Prometheus {
	url: string;
	/** The alerts as they are now. */
	alerts(): Promise<Alert[]>;
	/** The alerts after what there is now was scraped and the rules were evaluated on it. */
	settledAlerts(): Promise<Alert[]>;
	/** Takes other rules from now on: the text of a rules file. */
	setRules(rules: string): Promise<void>;
	/** The instant vector of a PromQL expression; empty while nothing was scraped. */
	query(expression: string): Promise<Sample[]>;
	stop(): Promise<void>;
}

const NO_RULES = 'groups: []\n';

function config(target: string, rulesFile: string, alertmanagerUrl?: string): string {
	const job = {
		job_name: 'pushgateway',
		// The pushed `job` label names the flow, and stays.
		honor_labels: true,
		static_configs: [{ targets: [target] }],
	};
	const alertmanagers =
		alertmanagerUrl === undefined
			? []
			: [{ static_configs: [{ targets: [new URL(alertmanagerUrl).host] }] }];
	// JSON is YAML.
	return JSON.stringify({
		global: { scrape_interval: '1s', evaluation_interval: '1s' },
		rule_files: [rulesFile],
		scrape_configs: [job],
		alerting: { alertmanagers },
	});
}

/**
 * Starts Debian's prometheus, which scrapes the Pushgateway at `pushgatewayUrl` and evaluates `rules`, the text
 * of a rules file, every second. Alerts are sent to `alertmanagerUrl`, if it is given.
 */
export async function startPrometheus(
	folder: string,
	pushgatewayUrl: string,
	rules = NO_RULES,
	alertmanagerUrl?: string,
): Promise<Prometheus> {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const configFile = join(folder, 'prometheus.yml');
	const rulesFile = join(folder, 'rules.yml');
	await mkdir(folder, { recursive: true });
	await writeFile(rulesFile, rules);
	await writeFile(configFile, config(new URL(pushgatewayUrl).host, rulesFile, alertmanagerUrl));
	const service = new Service({
		command: PROGRAMS.prometheus,
		args: [
			`--config.file=${configFile}`,
			`--storage.tsdb.path=${join(folder, 'data')}`,
			`--web.listen-address=127.0.0.1:${port}`,
			'--web.enable-lifecycle',
		],
		cwd: folder,
		logFile: join(folder, 'prometheus.log'),
	});
	await waitForHttp(service, `${url}/-/ready`);
	const ask = async <T,>(path: string): Promise<T> => {
		const { status, data } = await http.get<string>(`${url}/api/v1/${path}`);
		if (status !== 200) throw new Error(`Prometheus refused ${path}: ${data}`);
		return (JSON.parse(data) as { data: T }).data;
	};
	const alerts = async () => (await ask<{ alerts: Alert[] }>('alerts')).alerts;
	/** Waits until each of the times, as `read` finds them, is later than now. */
	const passed = async (what: string, read: () => Promise<string[]>) => {
		const now = Date.now();
		await waitFor(what, async () => {
			const times = await read();
			// For some seconds after its start Prometheus knows no target.
			return times.length > 0 && times.every((time) => Date.parse(time) > now);
		});
	};
	const scraped = async () =>
		(await ask<{ activeTargets: Array<{ lastScrape: string }> }>('targets')).activeTargets.map(
			({ lastScrape }) => lastScrape,
		);
	const evaluated = async () =>
		(await ask<{ groups: Array<{ lastEvaluation: string }> }>('rules')).groups.map(
			({ lastEvaluation }) => lastEvaluation,
		);
	return {
		url,
		alerts,
		settledAlerts: async () => {
			await passed('a scrape', scraped);
			await passed('an evaluation', evaluated);
			return await alerts();
		},
		setRules: async (text) => {
			await writeFile(rulesFile, text);
			const { status, data } = await http.post<string>(`${url}/-/reload`);
			if (status !== 200) throw new Error(`Prometheus refused the rules: ${data}`);
		},
		query: async (expression) => {
			const { result } = await ask<{
				result: Array<{ metric: Record<string, string>; value: [number, string] }>;
			}>(`query?query=${encodeURIComponent(expression)}`);
			return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
		},
		stop: async () => await service.stop(),
	};
}
