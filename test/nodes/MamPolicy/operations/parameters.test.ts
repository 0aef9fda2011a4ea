import type { IDataObject, INodeParameters, WorkflowExecuteMode } from 'n8n-workflow';

import type { Decision, Summary } from '../../../../nodes/MamPolicy/types';
import { runNode } from '../../../helpers/oneNode';
import {
	account,
	candidate,
	EMPTY_MARKER,
	failing,
	HOUR,
	MOUSE,
	TRANSFER,
	unstarted,
} from '../decisions/builders';

type Item = IDataObject & { decision: Decision };

/** Runs one policy on n8n's engine, which resolves the expressions of its parameters. */
async function run(
	operation: string,
	input: object[],
	parameters: INodeParameters = {},
	mode: WorkflowExecuteMode = 'trigger',
) {
	const finished = await runNode({
		type: 'mamPolicy',
		parameters: { operation, ...parameters },
		input: input as IDataObject[],
		start: { credentials: {}, mode },
	});
	expect(finished.errorMessage).toBe('');
	const summaries = finished.items('Node', 2) as unknown as Summary[];
	expect(summaries).toHaveLength(1);
	return {
		act: finished.items('Node', 0) as Item[],
		hold: finished.items('Node', 1) as Item[],
		summary: summaries[0],
	};
}

const CLIENT = {
	account: JSON.stringify(account()),
	clientTorrents: JSON.stringify([EMPTY_MARKER]),
};

/** Added so long before the real now that it never started. */
const dead = () => unstarted(0, { added_on: Math.floor(Date.now() / 1000) - 25 * HOUR });
const PREFERENCES = {
	queueing_enabled: false,
	max_active_downloads: -1,
	max_active_uploads: -1,
	max_active_torrents: -1,
};
const debtor = account({ uploadedBytes: 0, ratio: 0 });

const DRY_RUNNERS: Array<[string, () => object, INodeParameters]> = [
	['rankCandidates', () => candidate(1), CLIENT],
	['judgeTorrents', dead, {}],
	['planSpend', () => debtor, {}],
	['reconcilePreferences', () => PREFERENCES, {}],
	['summarizeTrackers', failing, { transfer: JSON.stringify(TRANSFER) }],
];

test('a Mouse is held, and the Summary says the line', async () => {
	const { act, hold, summary } = await run('guardAccount', [MOUSE]);
	expect(act).toEqual([]);
	expect(hold[0]).toMatchObject({ className: 'Mouse', decision: { reason: 'mouse_class' } });
	expect(summary.line).toBe('Skip grab: ratio=0.0 class=Mouse (floor=1.2) reason=mouse_class');
});

test.each(DRY_RUNNERS)(
	'%s acts with the defaults of its fields',
	async (operation, record, more) => {
		const { act, hold, summary } = await run(operation, [record()], more);
		expect(act).toHaveLength(1);
		expect(hold).toEqual([]);
		expect(act[0]).not.toHaveProperty('dryRun');
		expect(summary.dryRun).toBe(false);
	},
);

test.each(DRY_RUNNERS)(
	'%s, started by hand with the shipped expression, only shows its verdicts',
	async (operation, record, more) => {
		const dryRun = "={{ $execution.mode === 'test' }}";
		const byHand = await run(operation, [record()], { ...more, dryRun }, 'manual');
		expect(byHand.act).toEqual([]);
		expect(byHand.hold[0].dryRun).toBe(true);
		expect(['act', 'delete']).toContain(byHand.hold[0].decision.verdict);
		const scheduled = await run(operation, [record()], { ...more, dryRun });
		expect(scheduled.act).toHaveLength(1);
	},
);

test.each(['={{ $json.nothing }}', "={{ 'false' }}", '={{ null }}', '={{ 0 }}'])(
	'Dry Run %s is neither on nor off, so nothing is decided',
	async (dryRun) => {
		const { act, hold, summary } = await run('judgeTorrents', [dead()], { dryRun });
		expect(act).toEqual([]);
		expect(hold[0].decision.reason).toBe('bad_parameter');
		expect(summary).toMatchObject({
			dryRun: false,
			failure: { details: { cause: 'bad_parameter' } },
		});
		const byHand = await run('judgeTorrents', [dead()], { dryRun }, 'manual');
		expect(byHand.summary.dryRun).toBe(true);
	},
);

test.each<[string, string, INodeParameters]>([
	['guardAccount', 'Ratio Floor', { ratioFloor: "={{ $('Nowhere').first().json.floor }}" }],
	['guardAccount', 'Blocked Classes', { blockedClasses: '={{ $json.nothing }}' }],
	['guardAccount', 'Ratio Floor', { ratioFloor: '={{ $json.nothing }}' }],
	['rankCandidates', 'Account', { account: "={{ $('Nowhere').first().json }}" }],
	['rankCandidates', 'Client Torrents', { ...CLIENT, clientTorrents: "={{ $('Nowhere').all() }}" }],
	['rankCandidates', 'Only Free', { ...CLIENT, options: { onlyFree: '={{ $json.nothing }}' } }],
	['judgeTorrents', 'Protected Tags', { protectedTags: '={{ $json.nothing }}' }],
	['judgeTorrents', 'Hit and Run Window (Hours)', { hnrHours: 71 }],
	['judgeTorrents', 'Never Started After (Hours)', { neverStartedHours: 0 }],
	['judgeTorrents', 'Stalled After (Days)', { stalledDays: 0 }],
	['judgeTorrents', 'Max Sight Gap (Hours)', { options: { maxSightGapHours: 0 } }],
	['judgeTorrents', 'Dry Run', { dryRun: "={{ $('Nowhere').first().json }}" }],
	['planSpend', 'Tiers (GiB)', { tiersGiB: '={{ $json.nothing }}' }],
	['planSpend', 'Points per GiB', { pointsPerGiB: 499 }],
])('%s: a bad %s holds every item and fails the run', async (operation, field, parameters) => {
	const { act, hold, summary } = await run(
		operation,
		[{ ...account(), ...candidate(1), ...dead() }, {}],
		parameters,
	);
	expect(act).toEqual([]);
	expect(hold.map(({ decision }) => decision.reason)).toEqual(['bad_parameter', 'bad_parameter']);
	expect(summary.failure?.details.cause).toBe('bad_parameter');
	expect(summary.failure?.error).toContain(`The parameter "${field}" cannot be used`);
});

test('an expression for all items of a step is read as the list that it is', async () => {
	const { act } = await run('rankCandidates', [candidate(1), candidate(2)], {
		account: `={{ (${JSON.stringify(account())}) }}`,
		clientTorrents: "={{ $('Trigger').all().map((item) => ({ empty: true })) }}",
	});
	expect(act.map(({ id, score }) => [id, score])).toEqual([
		[1, 227.5],
		[2, 227.5],
	]);
});

test('a list that its expression does not find holds every candidate', async () => {
	const { act, hold, summary } = await run('rankCandidates', [candidate(1)], {
		...CLIENT,
		clientTorrents: '={{ $json.no.such.list }}',
	});
	expect(act).toEqual([]);
	expect(hold[0].decision.reason).toBe('bad_parameter');
	expect(summary.failure?.error).toContain('Client Torrents');
});

test('free space that the client does not know holds every candidate, and fails the run', async () => {
	const { act, hold, summary } = await run('rankCandidates', [candidate(1)], {
		...CLIENT,
		options: { freeSpaceBytes: '={{ null }}' },
	});
	expect(act).toEqual([]);
	expect(hold[0].decision.reason).toBe('disk_space');
	expect(summary.failure?.details.cause).toBe('no_data');
});
