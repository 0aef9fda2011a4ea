import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { GRABBER, JANITOR, readWorkflow, SPENDER } from '../../dev/stack/workflowFiles.mts';

let folder: string;
before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'mam-diff-'));
});
after(async () => await rm(folder, { recursive: true, force: true }));

/** What the command prints, by shipped file; its exit code under `status`. */
function diff(...paths: string[]): Record<string, string> {
	const { status, stdout } = spawnSync(
		process.execPath,
		[join(REPOSITORY, 'dev', 'scripts', 'workflowsDiff.mts'), ...paths],
		{ encoding: 'utf8' },
	);
	const parts = stdout.split(/^workflows\//m).slice(1);
	return {
		...Object.fromEntries(
			parts.map((part) => [part.split(':')[0], part.slice(part.indexOf('\n'))]),
		),
		status: String(status),
		stdout,
	};
}

test('tuned values, a switch of a node and a new schedule are named; what n8n itself changes is not', async () => {
	const grabber = await readWorkflow(GRABBER);
	const node = (name: string) => grabber.nodes.find((candidate) => candidate.name === name)!;
	node('Guard Account').parameters.ratioFloor = 0.5;
	(node('Rank Candidates').parameters.options as Record<string, unknown>).unsatisfiedReserve = 10;
	node('Every 30 Minutes').parameters.rule = {
		interval: [{ field: 'cronExpression', expression: '0 4,34 * * * *' }],
	};
	// The editor drops what equals the default when it saves.
	delete node('Rank Candidates').parameters.grabPerRun;
	Object.assign(node('Search Freeleech'), { disabled: true });
	for (const each of grabber.nodes) {
		Object.assign(each, { position: [1, 2], id: `new ${each.name}` });
		if (each.credentials) each.credentials = { of: { id: '7', name: 'mine' } };
	}
	Object.assign(grabber, {
		active: true,
		versionId: 'x',
		updatedAt: '2026-11-25',
		triggerCount: 1,
	});
	await writeFile(join(folder, 'a.json'), JSON.stringify(grabber));

	const printed = diff(folder);
	assert.equal(printed.status, '0');
	assert.deepEqual(printed[GRABBER].trim().split('\n'), [
		'nodes.Every 30 Minutes.parameters.rule.interval.0.expression: 0 2,32 * * * * -> 0 4,34 * * * *',
		'  nodes.Guard Account.parameters.ratioFloor: 1.2 -> 0.5',
		'  nodes.Rank Candidates.parameters.options.unsatisfiedReserve: 5 -> 10',
		'  nodes.Search Freeleech.disabled: (none) -> true',
	]);
	assert.match(printed[SPENDER], /not in your export/);
});

test('a file with all workflows is read too; a copy made by the editor is known by its name', async () => {
	const janitor = { ...(await readWorkflow(JANITOR)), id: 'made by the editor' };
	const spender = await readWorkflow(SPENDER);
	const file = join(folder, 'all.json');
	await writeFile(file, JSON.stringify([janitor, spender]));
	const printed = diff(file);
	assert.match(printed[JANITOR], /no difference/);
	assert.match(printed[SPENDER], /no difference/);
});

test('without an export it says how to make one', () => {
	for (const printed of [diff(), diff(join(folder, 'nowhere'))]) {
		assert.equal(printed.status, '2');
		assert.match(printed.stdout, /n8n export:workflow --all --separate --output=/);
	}
});
