import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { http } from '../../dev/http.mts';
import { runCommand } from '../../dev/stack/command.mts';
import { ensurePrograms } from '../../dev/stack/debian.mts';
import { ensureN8n } from '../../dev/stack/installN8n.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { Service, waitFor } from '../../dev/stack/process.mts';
import { log } from '../../dev/stack/world.mts';

const DEMO = ['run', 'demo', '--'];

let folder: string;
/** The temporary folder of the demo; every process of the demo has its name in its environment. */
let temporary: string;
let env: NodeJS.ProcessEnv;

before(async () => {
	await ensurePrograms(['qbittorrent-nox'], log);
	await ensureN8n(log);
	folder = await mkdtemp(join(tmpdir(), 'mam-e2e-'));
	temporary = await mkdtemp(join(folder, 'tmp-'));
	env = { ...process.env, TMPDIR: temporary };
});
after(async () => await rm(folder, { recursive: true, force: true }));

function assertShows(round: string, lines: string[]): void {
	for (const line of lines) assert.ok(round.includes(line), `"${line}" is missing in:\n${round}`);
}

async function foldersLeft(): Promise<string[]> {
	return (await readdir(temporary)).filter((name) => name.startsWith('mam-'));
}

/** The processes of the demo that run. */
async function processes(): Promise<string[]> {
	const found: string[] = [];
	for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
		const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
		if (environment.includes(temporary))
			found.push(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => pid));
	}
	return found;
}

test('the demo of the incident decides in a dry run, then deletes what never started, buys upload and gets the account out of Mouse', async () => {
	const printed = await runCommand(
		'The demo of the incident',
		'npm',
		[...DEMO, '--scenario', 'incident', '--once'],
		{ cwd: REPOSITORY, env, log },
	);
	const [, dryRun, forReal, later] = printed.split(/DRY RUN:|FOR REAL:|SOME HOURS LATER:/);
	const plan = 'Plan: delete=466 preserved_hnr=0 skipped_active=35';
	const mouse = 'Account: class Mouse, 0.00 GiB up, 0.70 GiB down, 24551 points.';
	assertShows(dryRun, [
		'Skip grab: ratio=0.0 class=Mouse (floor=1.2) reason=mouse_class',
		`${plan} dry_run=True`,
		'Done: deleted=0 candidates=466 preserved_hnr=0 skipped_active=35 dry_run=True',
		'949 more points are needed',
		'Done: changed=0 reannounced=0 dry_run=True',
		`${mouse} Client: 501 torrents.`,
	]);
	assert.doesNotMatch(dryRun, /dry_run=False|Client: 35 torrents/);
	assertShows(forReal, [
		'reason=mouse_class',
		`${plan} dry_run=False`,
		'Done: deleted=466 preserved_hnr=0 skipped_active=35 dry_run=False',
		'Done: spent=0 GiB BP=24551 dry_run=False',
		`${mouse} Client: 35 torrents.`,
	]);
	assertShows(later, [
		'bought 50 GiB; 551 points are left',
		'Pass: ratio=71.55 class=User (floor=1.2)',
		'Done: grabbed=5 dry_run=False',
		'Account: class User, 50.00 GiB up, 0.70 GiB down, 551 points. Client: 40 torrents.',
		'MAM refused 0 session values.',
	]);
	assert.deepEqual(await foldersLeft(), []);
});

test('the demo of a healthy account runs both rounds and leaves the editor open; Ctrl-C leaves no process and no folder', async () => {
	const demo = new Service({
		command: 'npm',
		args: DEMO,
		cwd: REPOSITORY,
		env,
		logFile: join(folder, 'demo.log'),
	});
	try {
		await waitFor(
			'the address of the editor',
			() => demo.hasEnded || demo.logText().includes('The editor:'),
			300_000,
		);
		const printed = demo.logText();
		const [, dryRun, forReal = ''] = printed.split(/DRY RUN:|FOR REAL:/);
		assertShows(dryRun, [
			// The two that seeded for two weeks are kept: the janitor has not seen them seed yet.
			'Done: deleted=0 candidates=4 preserved_hnr=4 skipped_active=3 dry_run=True',
			'Account: class User, 36.00 GiB up, 20.00 GiB down, 30000 points. Client: 13 torrents.',
		]);
		assert.doesNotMatch(dryRun, /dry_run=False|Client: 14 torrents/);
		assertShows(forReal, [
			'Done: grabbed=5 dry_run=False',
			'Done: deleted=4 preserved_hnr=4 skipped_active=8 dry_run=False',
			'bought 50 GiB; 5000 points are left',
			'Account: class User, 86.00 GiB up, 20.00 GiB down, 5000 points. Client: 14 torrents.',
		]);
		const [, editor] = /The editor: (\S+)/.exec(printed)!;
		assert.equal((await http.get(editor)).status, 200);
		const running = (await processes()).join('\n');
		assert.match(running, /n8n/);
		assert.match(running, /qbittorrent-nox/);
		assert.notDeepEqual(await foldersLeft(), []);

		// As a terminal does: to npm and the demo.
		process.kill(-demo.pid, 'SIGINT');
		await waitFor('the end of the demo', () => demo.hasEnded);
		await waitFor('the end of its processes', async () => (await processes()).length === 0);
		assert.deepEqual(await foldersLeft(), []);
	} finally {
		await demo.stop();
	}
});
