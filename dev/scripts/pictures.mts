import { statSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

import { monthOfRuns } from '../demo/recordedMonth.cjs';
import { startStandIn } from '../demo/client.mts';
import { openDemoWorld } from '../demo/world.mts';
import { EditorBrowser } from '../stack/browser.mts';
import { Canvas } from '../stack/canvas.mts';
import { ExecutionPage } from '../stack/executionPage.mts';
import { REPOSITORY } from '../stack/packPackage.mts';
import type { SeedTorrent } from '../stack/seedTorrents.mts';
import { DAILY_REPORT, JANITOR, WHAT_IF } from '../stack/workflowFiles.mts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** One torrent for each verdict that a newcomer meets first. */
function torrents(announce: string): SeedTorrent[] {
	const farmed = { sizeBytes: 160_000, announce, category: 'mam-farming', tags: ['mam'] };
	const complete = (days: number) => ({
		progress: 1,
		addedSecondsAgo: days * DAY + HOUR,
		seedingSeconds: days * DAY,
		uploadedBytes: 90_000,
	});
	return [
		{ ...farmed, name: 'The Time Machine', progress: 0, addedSecondsAgo: 30 * HOUR },
		{ ...farmed, name: 'Moby-Dick', ...complete(15) },
		{ ...farmed, name: 'The Island of Doctor Moreau', ...complete(2) },
		{ ...farmed, name: 'Middlemarch', progress: 0.5, addedSecondsAgo: 5 * HOUR },
		{ ...farmed, name: 'Walden', ...complete(20), tags: ['keep'] },
		{ ...farmed, name: 'Holiday photos', ...complete(40), category: 'family' },
	];
}

/** Where a picture is kept, and a line about it. */
function kept(name: string): string {
	return join(REPOSITORY, 'docs', 'images', `${name}.png`);
}

function sayKept(name: string): void {
	say(`docs/images/${name}.png: ${Math.round(statSync(kept(name)).size / 1024)} KiB`);
}

/** Takes a picture of everything that `parts` show, with a margin in pixels of the window. */
async function picture(page: Page, name: string, parts: Locator, margin = 0): Promise<void> {
	const boxes = (await Promise.all((await parts.all()).map((part) => part.boundingBox()))).filter(
		(box) => box !== null,
	);
	const x = Math.min(...boxes.map((box) => box.x)) - margin;
	const y = Math.min(...boxes.map((box) => box.y)) - margin;
	const right = Math.max(...boxes.map((box) => box.x + box.width)) + margin;
	const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + margin;
	const clip = { x, y, width: right - x, height: bottom - y };
	await page.screenshot({ path: kept(name), clip, animations: 'disabled' });
	sayKept(name);
}

const world = await openDemoWorld({
	torrents: (mam) => torrents(mam.tracker.url),
	// Not the real one: its torrents would not look the same each time.
	startClient: async (_folder, seeds) => await startStandIn(seeds),
	log: say,
});
const { n8n, api, flows } = world;

const browser = await EditorBrowser.open(n8n.url, {
	scale: 1.5,
	registered: true,
	screenshots: 'pictures',
	log: say,
});
const { page } = browser;
const canvas = new Canvas(browser);
const workflowId = await flows.workflowId(JANITOR);

await canvas.open(workflowId);
await api.execution(await canvas.execute('Try It (Dry Run)'));
await page.getByTestId('canvas-node-status-success').last().waitFor();
// An empty place of the canvas: without the focus, the trigger hides its button.
await page.mouse.click(1200, 150);
await page.locator('.el-notification').first().waitFor({ state: 'detached' });
// The buttons over the canvas would be cut through.
await page.addStyleTag({
	content:
		'[class*=executionButtons], [data-test-id=canvas-controls], .vue-flow__panel { visibility: hidden }',
});
await picture(page, 'canvas', page.locator('.vue-flow__node'), 40);

await canvas.openNode('Judge Torrents');
await canvas.table('Hold');
await picture(page, 'verdicts', page.getByTestId('ndv'));

const [{ id }] = await flows.runScheduled(JANITOR);
const execution = new ExecutionPage(browser);
await execution.open(workflowId, id);
await execution.notes();
await picture(page, 'execution', page.locator('body'));

await canvas.open(await flows.workflowId(WHAT_IF));
await api.execution(await canvas.execute('Ask'));
await canvas.openNode('What If for Candidates');
await canvas.table();
await picture(page, 'what-if', page.getByTestId('ndv'));

// The page of the report, which n8n's HTML view shows, down to the first of its runs.
await flows.runManually(DAILY_REPORT);
await (await api.dataTable('mam_runs'))!.insert(monthOfRuns(new Date()));
const report = await flows.runManually(DAILY_REPORT);
await page.setViewportSize({ width: 1000, height: 1320 });
for (const colorScheme of ['light', 'dark'] as const) {
	const name = colorScheme === 'light' ? 'report' : 'report-dark';
	await page.emulateMedia({ colorScheme });
	await page.setContent(String(report.items('Show Report')[0].html));
	await page.screenshot({ path: kept(name), animations: 'disabled' });
	sayKept(name);
}

await browser.close();
await world.stop();
