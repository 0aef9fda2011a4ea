import {
	account,
	candidate,
	EMPTY_MARKER,
	failing,
	torrent,
	TRANSFER,
	unstarted,
} from '../decisions/builders';
import { Broken, fieldsOf, runOutputs, runPolicy } from './runPolicy';

const KNOWN = { account: account(), clientTorrents: [EMPTY_MARKER] };

/** The client as it comes: its queue is short. */
const PREFERENCES = {
	queueing_enabled: true,
	max_active_downloads: 3,
	max_active_uploads: 3,
	max_active_torrents: 5,
};

/** A record on which each operation would act, and the parameters with which it would. */
const ACTING: Record<string, { record: object; parameters: Record<string, unknown> }> = {
	guardAccount: { record: account(), parameters: {} },
	rankCandidates: { record: candidate(1), parameters: KNOWN },
	judgeTorrents: {
		record: unstarted(25, { added_on: Math.floor(Date.now() / 1000) - 25 * 3600 }),
		parameters: {},
	},
	planSpend: { record: account({ uploadedBytes: 0, ratio: 0 }), parameters: {} },
	reconcilePreferences: { record: PREFERENCES, parameters: {} },
	summarizeTrackers: {
		record: failing(),
		parameters: { transfer: TRANSFER },
	},
};

const OPERATIONS = Object.keys(ACTING);

async function run(operation: string, changes: Record<string, unknown> = {}) {
	const { record, parameters } = ACTING[operation];
	return await runPolicy(operation, [record], { ...parameters, ...changes });
}

test.each(OPERATIONS)('%s acts with the defaults, and passes its input on', async (operation) => {
	const { act, hold, summary, items } = await run(operation);
	expect(act).toHaveLength(1);
	const { category, ...rest } = ACTING[operation].record as { category?: string };
	expect(act[0]).toMatchObject(rest);
	// Of a candidate it becomes the one of the client.
	if (category !== undefined) expect(act[0].category).toBe('mam-farming');
	expect(act[0].decision.detail).toMatch(/\.$/);
	expect(act[0].dryRun).toBeUndefined();
	expect(items[0][0].pairedItem).toEqual(0);
	expect(hold).toEqual([]);
	expect(summary).toMatchObject({ summary: operation, dryRun: false });
	expect(summary.failure).toBeUndefined();
});

function labelOf(operation: string, name: string): string {
	return fieldsOf(operation).find((field) => field.name === name)!.displayName;
}

type Bad = [operation: string, field: string, value: unknown, isOption?: boolean];

const BAD: Bad[] = [
	['guardAccount', 'ratioFloor', Number.NaN],
	['guardAccount', 'ratioFloor', '1.2'],
	['guardAccount', 'ratioFloor', -1],
	['guardAccount', 'blockedClasses', undefined],
	['guardAccount', 'maxHitAndRuns', 0.5],
	['guardAccount', 'requireConnectable', undefined, true],
	['rankCandidates', 'category', ' '],
	['rankCandidates', 'category', undefined],
	['rankCandidates', 'maxTorrents', null],
	['rankCandidates', 'minSizeMiB', Infinity],
	['rankCandidates', 'maxSizeMiB', 49],
	['rankCandidates', 'leecherFloor', undefined],
	['rankCandidates', 'seederCeiling', []],
	['rankCandidates', 'leecherWeight', '3'],
	['rankCandidates', 'seederWeight', -0.5],
	['rankCandidates', 'freeleechBonus', {}],
	['rankCandidates', 'grabPerRun', 2.5],
	['rankCandidates', 'unsatisfiedReserve', -1, true],
	['rankCandidates', 'freeSpaceReserveGiB', undefined, true],
	['rankCandidates', 'freeSpaceBytes', undefined, true],
	['rankCandidates', 'freeSpaceBytes', Number.NaN, true],
	['rankCandidates', 'freeSpaceBytes', '1000000000000', true],
	['rankCandidates', 'freeSpaceBytes', -2, true],
	['rankCandidates', 'account', undefined],
	['rankCandidates', 'account', ''],
	['rankCandidates', 'clientTorrents', null],
	['rankCandidates', 'tags', undefined],
	['rankCandidates', 'savePath', undefined],
	['rankCandidates', 'onlyFree', undefined, true],
	['rankCandidates', 'onlyFree', 'true', true],
	['rankCandidates', 'minProjectedRatio', null, true],
	['rankCandidates', 'expectedMinTorrents', Number.NaN, true],
	['rankCandidates', 'regrabAfterDays', '14', true],
	['judgeTorrents', 'category', ''],
	['judgeTorrents', 'category', {}],
	['judgeTorrents', 'seedClock', 'moon'],
	['judgeTorrents', 'maxSightGapHours', -1, true],
	['judgeTorrents', 'trackerHosts', undefined, true],
	['judgeTorrents', 'retireBelowFreeGiB', '20', true],
	['judgeTorrents', 'freeSpaceBytes', undefined, true],
	['judgeTorrents', 'maxRetiredForSpacePerDay', 0.5, true],
	['judgeTorrents', 'staleDays', null, true],
	['judgeTorrents', 'hnrHours', 71.9],
	['judgeTorrents', 'hnrHours', undefined],
	['judgeTorrents', 'neverStartedHours', -24],
	['judgeTorrents', 'stalledDays', null],
	['judgeTorrents', 'gracefulRetireDays', Number.NaN],
	['judgeTorrents', 'zeroDemandDays', '7'],
	['judgeTorrents', 'satisfiedDays', undefined],
	['judgeTorrents', 'satisfiedSeederFloor', -1],
	['judgeTorrents', 'maxCompletedPerRun', 1.5],
	['judgeTorrents', 'maxUnregisteredPerRun', -1],
	['judgeTorrents', 'recoveryHoldDays', undefined, true],
	['judgeTorrents', 'retireOnlyAbove', Number.NaN, true],
	['judgeTorrents', 'stalledMaxProgressPercent', 101, true],
	['judgeTorrents', 'trackerClockMarginHours', null],
	['judgeTorrents', 'protectedTags', undefined],
	['judgeTorrents', 'unregisteredMessages', null, true],
	['judgeTorrents', 'evaluateAt', '2099-01-01T00:00:00Z', true],
	['judgeTorrents', 'evaluateAt', 'yesterday', true],
	['planSpend', 'targetRatio', undefined],
	['planSpend', 'reservePoints', -1],
	['planSpend', 'pointsPerGiB', 0],
	['planSpend', 'tiersGiB', ''],
	['planSpend', 'tiersGiB', '49,100'],
	['planSpend', 'tiersGiB', '50.5'],
	['planSpend', 'tiersGiB', '50,many'],
	['planSpend', 'pointsCap', undefined, true],
	['planSpend', 'capHeadroomPoints', Number.NaN, true],
	['planSpend', 'capHeadroomPoints', 100_000, true],
	['planSpend', 'floorRatio', undefined, true],
	['planSpend', 'spendAboveCap', 'yes', true],
	['planSpend', 'vip', undefined, true],
	['reconcilePreferences', 'queueingEnabled', 'true'],
	['reconcilePreferences', 'maxActiveDownloads', 0],
	['reconcilePreferences', 'maxActiveUploads', 0],
	['reconcilePreferences', 'maxActiveUploads', -2],
	['reconcilePreferences', 'maxActiveTorrents', 0],
	['reconcilePreferences', 'maxActiveTorrents', 1.5],
	['reconcilePreferences', 'dontCountSlowTorrents', undefined],
	['reconcilePreferences', 'removeRatioLimit', null],
	['reconcilePreferences', 'removeSeedingTimeLimit', 0],
	['reconcilePreferences', 'removeInactiveSeedingTimeLimit', 'no'],
	['summarizeTrackers', 'category', ''],
	['summarizeTrackers', 'hnrHours', 71],
	['summarizeTrackers', 'maxReannouncesPerRun', -1],
	['summarizeTrackers', 'trackerClockMarginHours', null],
	['summarizeTrackers', 'transientMessages', undefined, true],
];

test.each(BAD)(
	'%s: %s = %p holds everything',
	async (operation, field, value, isOption = false) => {
		const changes = isOption ? { options: { [field]: value } } : { [field]: value };
		const { act, hold, summary } = await run(operation, changes);
		expect(act).toEqual([]);
		expect(hold).toHaveLength(1);
		expect(hold[0].decision).toMatchObject({ verdict: 'hold', reason: 'bad_parameter' });
		const label = labelOf(operation, field);
		expect(hold[0].decision.detail).toContain(`${label}: `);
		const { error, message, details } = summary.failure!;
		expect(`${error} ${message}`).toBe(hold[0].decision.detail);
		expect(details).toEqual({
			cause: 'bad_parameter',
			node: 'MAM Policy',
			operation,
			until: null,
		});
		expect(summary.line).toContain(label);
	},
);

const EARLIER = {
	error: 'The client does not answer.',
	message: 'Start it.',
	details: {
		cause: 'client_unreachable',
		node: 'List Torrents',
		operation: 'torrent:getAll',
		until: null,
	},
};

test.each(OPERATIONS)(
	'%s holds everything for a failure of an earlier step, and passes it on unchanged',
	async (operation) => {
		const { record, parameters } = ACTING[operation];
		const { act, hold, summary } = await runPolicy(operation, [record, EARLIER], parameters);
		expect(act).toEqual([]);
		expect(hold.map(({ decision }) => [decision.reason, decision.detail])).toEqual(
			[1, 2].map(() => [
				'step_failed',
				'The step List Torrents failed, so nothing was decided: The client does not answer.',
			]),
		);
		expect(summary.failure).toEqual(EARLIER);
	},
);

test.each([
	['rankCandidates', { account: EARLIER }],
	['rankCandidates', { clientTorrents: [torrent(), EARLIER] }],
	['summarizeTrackers', { transfer: EARLIER }],
])('%s: a failure in the values of %p counts as well', async (operation, change) => {
	const { act, hold, summary } = await run(operation, change);
	expect(act).toEqual([]);
	expect(hold[0].decision.reason).toBe('step_failed');
	expect(summary.failure).toEqual(EARLIER);
});

test('the failure of a node of n8n has no cause: it is passed on as unknown, with its words', async () => {
	const { summary } = await runPolicy('judgeTorrents', [{ error: { message: 'It broke.' } }]);
	expect(summary.failure).toMatchObject({ error: 'It broke.', details: { cause: 'unknown' } });
});

test.each(OPERATIONS)('%s: what nobody expected leaves on Summary alone', async (operation) => {
	const { record, parameters } = ACTING[operation];
	const odd = new Proxy(record, {
		get: () => {
			throw new TypeError('an odd record');
		},
	});
	const outputs = await runOutputs(operation, [odd], parameters);
	expect(outputs.map((items) => items.length)).toEqual([0, 0, 1]);
	expect(outputs[2][0].json).toMatchObject({
		error: 'an odd record',
		details: { cause: 'unknown', node: 'MAM Policy', operation },
	});
});

test('an operation that the node does not know acts on nothing and says so on Summary', async () => {
	const outputs = await runOutputs('guessAccount', [account()]);
	expect(outputs.map((items) => items.length)).toEqual([0, 0, 1]);
	expect(outputs[2][0].json).toMatchObject({
		error: expect.stringContaining('no such operation'),
		details: { cause: 'bad_parameter', node: 'MAM Policy' },
	});
});

test.each<[string, string[]]>([
	['guardAccount', ['decision', 'className', 'ratio', 'bonusPoints', 'hitAndRuns']],
	['rankCandidates', ['decision', 'id', 'title', 'sizeBytes', 'seeders', 'leechers']],
	['judgeTorrents', ['decision', 'name', 'hash', 'progress']],
	[
		'planSpend',
		[
			'decision',
			'className',
			'ratio',
			'bonusPoints',
			'uploadedBytes',
			'downloadedBytes',
			'vipUntil',
		],
	],
	['reconcilePreferences', ['decision', ...Object.keys(PREFERENCES)]],
	['summarizeTrackers', ['decision', 'name', 'hash', 'state']],
])('%s: a held item has what a person reads, and nothing else', async (operation, fields) => {
	const { hold } = await runPolicy(
		operation,
		[ACTING[operation].record, EARLIER],
		ACTING[operation].parameters,
	);
	expect(Object.keys(hold[0])).toEqual(fields);
});

test('a dry run says so in the first column and in a hint', async () => {
	const hints: unknown[] = [];
	const { hold, summary } = await runPolicy(
		'judgeTorrents',
		[ACTING.judgeTorrents.record],
		{ dryRun: true },
		{},
		hints,
	);
	expect(Object.keys(hold[0])[0]).toBe('dryRun');
	expect(Object.keys(summary)[0]).toBe('dryRun');
	expect(hints).toEqual([
		expect.objectContaining({ message: 'Dry run: nothing was done', type: 'info' }),
	]);
});

test('a bad parameter is named by its label, with what to enter', async () => {
	const { summary } = await run('judgeTorrents', { hnrHours: 24 });
	expect(summary.failure?.message).toBe(
		'Hit and Run Window (Hours): enter a number of at least 72.',
	);
});

const FIELDS = OPERATIONS.flatMap((operation) =>
	fieldsOf(operation)
		.filter(({ name, type }) => name !== 'options' && type !== 'notice')
		.map((field) => [operation, field.name] as const),
);

test.each(FIELDS)('%s: an expression in %s that fails never acts', async (operation, name) => {
	const broken = new Broken("Referenced node doesn't exist");
	const { act, hold, summary } = await run(operation, {
		[name]: broken,
		options: { [name]: broken },
	});
	expect(act).toEqual([]);
	expect(hold[0].decision.reason).toBe('bad_parameter');
	expect(summary.failure?.details.cause).toBe('bad_parameter');
	expect(summary.failure?.error).toContain(labelOf(operation, name));
	expect(summary.failure?.message).toContain("Referenced node doesn't exist");
});

test.each(OPERATIONS)('%s without any item still gives its Summary', async (operation) => {
	const { act, hold, summary } = await runPolicy(operation, [], ACTING[operation].parameters);
	expect([act, hold]).toEqual([[], []]);
	expect(summary.counts).toEqual({});
	expect(summary.line).not.toBe('');
});

test('rankCandidates: free space that the client does not know holds', async () => {
	const { act, hold, summary } = await run('rankCandidates', { options: { freeSpaceBytes: null } });
	expect(act).toEqual([]);
	expect(hold[0].decision).toMatchObject({
		reason: 'disk_space',
		detail: 'The free space is unknown.',
	});
	expect(summary.failure?.details.cause).toBe('no_data');
});

test('an empty list of messages makes nothing unregistered', async () => {
	const trackers = [{ url: 'u', status: 4, tier: 0, msg: 'Torrent not found' }];
	const lost = torrent({ trackers, added_on: 1, progress: 0.5, state: 'downloading' });
	const { act, hold } = await runPolicy('judgeTorrents', [lost], {
		options: { unregisteredMessages: ' , ' },
	});
	expect(act).toEqual([]);
	expect(hold[0].decision.reason).toBe('tracker_refused');
});
