import { summarizeTrackers } from '../../../../../nodes/MamPolicy/decisions/trackers/summarizeTrackers';
import {
	DAY,
	DHT,
	DRY,
	EMPTY_MARKER,
	ENFORCED,
	failing,
	FAILURE,
	HOUR,
	incomplete,
	MIB,
	MOUSE_REFUSAL,
	reasons,
	SUMMARIZE,
	torrent,
	tracker,
	TIMED_OUT,
	TRANSFER,
	UNREGISTERED,
	unstarted,
} from '../builders';
import type { ClientTorrent } from '../../../../../nodes/shared/records';

const elsewhere = { category: 'books', tags: '', tracker: 'https://other.test/announce' };

function summarized(records: unknown[], transfer: unknown = TRANSFER, evaluation = ENFORCED) {
	return summarizeTrackers(records, transfer, SUMMARIZE, evaluation);
}

describe('which torrents are announced again', () => {
	test.each<[string, ClientTorrent, string]>([
		['whose tracker timed out', failing(), 'transient_failure'],
		[
			'whose tracker gave no reason',
			failing({ trackers: [tracker({ status: 4 })] }),
			'transient_failure',
		],
		['of another tracker', failing(elsewhere), 'not_ours'],
		['of ours by its tag', failing({ category: 'books', tracker: '' }), 'transient_failure'],
		['whose tracker works', torrent(), 'announced'],
		[
			'that another tracker has failed',
			torrent({ trackers: [tracker(), { ...TIMED_OUT, url: 'https://other.test/announce' }] }),
			'announced',
		],
		['that is refused as a Mouse', torrent({ trackers: [MOUSE_REFUSAL] }), 'announced'],
		[
			'that was not announced yet',
			torrent({ trackers: [DHT, tracker({ status: 1 })] }),
			'no_evidence',
		],
		['without trackers', torrent({ trackers: undefined }), 'no_evidence'],
		['that is not registered', torrent({ trackers: [UNREGISTERED] }), 'tracker_refused'],
		[
			'with another error',
			torrent({ trackers: [tracker({ status: 4, msg: 'passkey not found' })] }),
			'tracker_refused',
		],
		['that waits in the queue', failing({ state: 'queuedDL', progress: 0.5 }), 'not_announcing'],
		['that is stopped', failing({ state: 'stoppedDL', progress: 0.5 }), 'not_announcing'],
		['that is checked', failing({ state: 'checkingUP' }), 'not_announcing'],
		['that moves', failing({ state: 'moving' }), 'not_announcing'],
	])('a torrent %s', (_name, record, reason) => {
		const result = summarized([record]);
		expect(reasons(result)).toEqual([reason]);
		expect(result.act).toHaveLength(reason === 'transient_failure' ? 1 : 0);
	});

	test('the words of the tracker are reported', () => {
		expect(summarized([failing()]).act[0].decision.detail).toContain('Connection timed out');
		const refused = torrent({ trackers: [tracker({ status: 4, msg: 'passkey not found' })] });
		expect(summarized([refused]).hold[0].decision.detail).toContain('passkey not found');
		const long = torrent({ trackers: [tracker({ status: 4, msg: 'x'.repeat(101) })] });
		expect(summarized([long]).hold[0].decision.detail).toBe(
			`The tracker refuses: "${'x'.repeat(100)}".`,
		);
		const mouse = torrent({ trackers: [MOUSE_REFUSAL] });
		expect(summarized([mouse]).hold[0].decision.detail).toContain('Mouse');
		expect(summarized([torrent()]).hold[0].decision.detail).not.toContain('Mouse');
	});

	test('not more of them than a run may announce', () => {
		const result = summarized([failing(), torrent(), failing(), failing(), failing()]);
		expect(reasons(result)).toEqual([
			'transient_failure',
			'announced',
			'transient_failure',
			'beyond_run_limit',
			'beyond_run_limit',
		]);
		expect(result.act).toHaveLength(2);
	});

	test('none in a dry run', () => {
		const result = summarized([failing()], TRANSFER, DRY);
		expect(result.act).toEqual([]);
		expect(reasons(result)).toEqual(['transient_failure']);
	});
});

describe('a complete torrent that the tracker does not hear of', () => {
	const silent = (state: string, change: Partial<ClientTorrent> = {}) =>
		torrent({ state, seeding_time: 96 * HOUR - 1, ...change });

	test.each<[string, ClientTorrent, string]>([
		['queued inside the window', silent('queuedUP'), 'queued_in_hnr_window'],
		['stopped inside the window', silent('stoppedUP'), 'stopped_in_hnr_window'],
		['without its files inside the window', silent('missingFiles'), 'missing_files_in_hnr_window'],
		['in error inside the window', silent('error'), 'error_in_hnr_window'],
		[
			'whose files are gone, so that nothing of it is there',
			silent('missingFiles', { progress: 0 }),
			'missing_files_in_hnr_window',
		],
		['in error, with nothing of it there', silent('error', { progress: 0 }), 'error_in_hnr_window'],
		[
			'without its files after the window',
			silent('missingFiles', { seeding_time: 96 * HOUR }),
			'not_announcing',
		],
		[
			'in error before it was complete',
			silent('error', { progress: 0.5, seeding_time: 0 }),
			'not_announcing',
		],
		['queued after the window', silent('queuedUP', { seeding_time: 96 * HOUR }), 'not_announcing'],
		['seeding inside the window', silent('stalledUP'), 'announced'],
		['not quite complete', silent('queuedUP', { progress: 0.99 }), 'not_announcing'],
		['of another tracker', silent('queuedUP', elsewhere), 'not_ours'],
	])('%s', (_name, record, reason) => {
		expect(reasons(summarized([record]))).toEqual([reason]);
	});

	test('is reported with the hours', () => {
		expect(
			summarized([silent('stoppedUP', { seeding_time: 12 * HOUR })]).hold[0].decision.detail,
		).toBe(
			'Complete and seeded for 12.0 h of 96 h, but stoppedUP: the tracker does not hear of it, so it becomes a Hit & Run.',
		);
	});
});

describe('the figures', () => {
	test('of each tracker are apart: ours, other categories, other hosts', () => {
		const { summary } = summarized([
			torrent({ uploaded: 50 * MIB, seeding_time: 4 * DAY }),
			torrent({ state: 'queuedUP', seeding_time: DAY, uploaded: 30 * MIB }),
			incomplete(1, 0.5, { state: 'queuedDL' }),
			torrent({ ...elsewhere, state: 'forcedUP', downloaded: 0, seeding_time: 1 }),
			torrent({ ...elsewhere, state: 'uploading', downloaded: 0, seeding_time: 2 }),
			unstarted(1, { ...elsewhere, category: '' }),
			unstarted(1, { ...elsewhere, category: '', tracker: '' }),
		]);
		expect(Object.keys(summary.trackers ?? {})).toEqual(['mam', 'books', 'other.test', 'unknown']);
		expect(summary.trackers?.mam).toEqual({
			torrents_total: 3,
			seeding: 1,
			downloading: 1,
			queued: 2,
			unsatisfied: 2,
			uploaded_bytes: 80 * MIB,
			downloaded_bytes: 250 * MIB,
			size_bytes: 300 * MIB,
			seed_time_total: 5 * DAY,
			ratio: 80 / 250,
		});
		expect(summary.trackers?.books).toMatchObject({
			torrents_total: 2,
			seeding: 2,
			seed_time_total: 3,
		});
		expect(summary.trackers?.books).not.toHaveProperty('ratio');
		expect(summary.lines[0]).toBe(
			'Trackers: mam=3 seeding=1 queued=2 unsatisfied=2 connection=connected dry_run=False',
		);
	});

	test('of ours are zero in a client that is proven empty', () => {
		const { summary, hold } = summarized([EMPTY_MARKER]);
		expect(summary.trackers?.mam.torrents_total).toBe(0);
		expect(summary.failure).toBeUndefined();
		expect(hold).toEqual([]);
	});

	test('of the client and of the warnings', () => {
		const { summary } = summarized([
			failing(),
			torrent({ state: 'queuedUP', seeding_time: 0 }),
			torrent({ state: 'stoppedUP', seeding_time: 0 }),
			torrent({ state: 'stoppedUP', seeding_time: 0 }),
			torrent({ trackers: [UNREGISTERED] }),
		]);
		expect(summary.numbers).toEqual({
			connected: 1,
			dht_nodes: 321,
			ul_speed_bytes: 2000,
			dl_speed_bytes: 1000,
			free_space_bytes: 5_000_000,
			queued_in_hnr_window: 1,
			stopped_in_hnr_window: 2,
			missing_files_in_hnr_window: 0,
			error_in_hnr_window: 0,
			transient_failure: 1,
			tracker_refused: 1,
		});
		expect(summary.lines[1]).toBe(
			'announces: queued_in_hnr_window=1 stopped_in_hnr_window=2 missing_files_in_hnr_window=0 error_in_hnr_window=0 transient_failure=1 tracker_refused=1',
		);
	});

	test('leave the free space out when the client does not know it, and tell a lost connection', () => {
		const { numbers } = summarized([EMPTY_MARKER], {
			...TRANSFER,
			free_space_on_disk: null,
			connection_status: 'disconnected',
		}).summary;
		expect(numbers.connected).toBe(0);
		expect(numbers).not.toHaveProperty('free_space_bytes');
		const firewalled = summarized([EMPTY_MARKER], { ...TRANSFER, connection_status: 'firewalled' });
		expect(firewalled.summary.numbers.connected).toBe(1);
	});
});

describe('without what it needs', () => {
	test.each<[string, unknown]>([
		['a failure', { ...TRANSFER, ...FAILURE }],
		['nothing', null],
		['no connection status', { ...TRANSFER, connection_status: undefined }],
		['no number of nodes', { ...TRANSFER, dht_nodes: null }],
		['a speed that is text', { ...TRANSFER, up_info_speed: '3' }],
		['no download speed', { ...TRANSFER, dl_info_speed: undefined }],
		['free space below zero', { ...TRANSFER, free_space_on_disk: -5 }],
	])('%s instead of the transfer holds every torrent and fails the run', (_name, transfer) => {
		const result = summarized([failing(), EMPTY_MARKER], transfer);
		expect(result.act).toEqual([]);
		expect(result.hold).toHaveLength(1);
		expect(result.hold[0].decision.reason).toBe('no_data');
		expect(result.summary.failure?.cause).toBe('no_data');
		expect(result.summary.line).toContain('transfer');
	});

	test('a failure instead of the list fails the run, one odd record among proper ones does not', () => {
		expect(summarized([FAILURE]).summary.failure?.cause).toBe('no_data');
		const mixed = summarized([FAILURE, torrent()]);
		expect(mixed.summary.failure).toBeUndefined();
		expect(reasons(mixed)).toEqual(['no_data', 'announced']);
	});
});
