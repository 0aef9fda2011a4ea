import type { Execution } from '../stack/n8nApi.mts';

type Json = Record<string, unknown>;
type Decision = { verdict: string; reason: string; detail: string };

const started = Date.now();

/** Prints a line. */
export function say(line = ''): void {
	process.stdout.write(`${line}\n`);
}

/** Prints what is happening, with the seconds since the start. */
export function progress(line: string): void {
	say(`[${String(Math.round((Date.now() - started) / 1000)).padStart(3)} s] ${line}`);
}

function decisionOf(item: Json): Decision {
	return item.decision as Decision;
}

/** Prints a few decided items, and how many more there are. */
function decisions(items: Json[], label: (item: Json) => string, most = 8): void {
	for (const item of items.slice(0, most)) {
		const { reason, detail } = decisionOf(item);
		say(`    ${reason.padEnd(20)} ${label(item).slice(0, 40).padEnd(40)} ${detail}`);
	}
	if (items.length > most) say(`    … and ${items.length - most} more`);
}

/** One item of each reason, so that a long list stays readable. */
function oneOfEach(items: Json[]): Json[] {
	return [...new Map(items.map((item) => [decisionOf(item).reason, item])).values()];
}

function lines(run: Execution, ...nodes: string[]): void {
	for (const node of nodes) {
		for (const summary of run.items(node, 2))
			for (const line of summary.lines as string[]) say(`    ${line}`);
	}
}

function ending(run: Execution): void {
	const [report] = run.items('Report Run', 0);
	const done = (report?.lines as string[] | undefined)?.find((line) => line.startsWith('Done:'));
	if (done !== undefined) say(`    ${done}`);
	if (run.status !== 'success') say(`    n8n marks the run as ${run.status}: ${run.error}`);
}

/** What the grabber decided and did. */
export function printGrabber(run: Execution): void {
	say('  Grab freeleech torrents in demand');
	lines(run, 'Guard Account', 'Rank Candidates');
	const ranked = [...run.items('Rank Candidates', 0), ...run.items('Rank Candidates', 1)];
	decisions(ranked, (item) => `score ${String(item.score ?? '-')}: ${String(item.title)}`);
	ending(run);
}

/** What the janitor decided and did. */
export function printJanitor(run: Execution): void {
	say('  Clean up MAM torrents');
	lines(run, 'Judge Torrents');
	const judged = [...run.items('Judge Torrents', 0), ...run.items('Judge Torrents', 1)];
	decisions(oneOfEach(judged), (item) => String(item.name), 12);
	ending(run);
}

/** What the keeper decided and did. */
export function printKeeper(run: Execution): void {
	say('  Keep qBittorrent announcing');
	lines(run, 'Reconcile Preferences', 'Summarize Trackers');
	ending(run);
}

/** What the spender decided and did. */
export function printSpender(run: Execution): void {
	say('  Buy upload credit with bonus points');
	lines(run, 'Plan Spend');
	for (const bought of run.items('Buy Upload', 0)) {
		say(
			`    bought ${String(bought.amountGiB)} GiB; ${String(bought.bonusPoints)} points are left`,
		);
	}
	ending(run);
}
