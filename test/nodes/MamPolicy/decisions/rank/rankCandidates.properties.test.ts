import fc from 'fast-check';

import type { RankParameters } from '../../../../../nodes/MamPolicy/decisions/rank/parameters';
import { rankCandidates } from '../../../../../nodes/MamPolicy/decisions/rank/rankCandidates';
import { propertyRuns } from '../../../../helpers/propertyRuns';
import { candidates, clientTorrents } from '../arbitraries';
import {
	account,
	context,
	EMPTY_MARKER,
	ENFORCED,
	GIB,
	HOUR,
	MIB,
	NOW_SECONDS,
	RANK,
} from '../builders';
import type { MamTorrentRecord, ClientTorrent } from '../../../../../nodes/shared/records';
import { STOPPED_STATES } from '../../../../../nodes/shared/torrentStates';

const parameters: fc.Arbitrary<RankParameters> = fc
	.record({
		maxTorrents: fc.integer({ min: 0, max: 30 }),
		grabPerRun: fc.integer({ min: 0, max: 10 }),
		unsatisfiedReserve: fc.integer({ min: 0, max: 10 }),
		freeSpaceBytes: fc.constantFrom(-1, null, 0, 12 * GIB, 60 * GIB, 200 * GIB),
		freeSpaceReserveGiB: fc.integer({ min: 0, max: 20 }),
		onlyFree: fc.boolean(),
		minProjectedRatio: fc.constantFrom(0, 1.9, 1.99),
	})
	.map((change) => ({ ...RANK, ...change }));

const site = fc.record({
	count: fc.integer({ min: 0, max: 20 }),
	limit: fc.constantFrom(0, 20, 50),
});

const memory = { added: { '3': NOW_SECONDS - HOUR }, tried: { '4': NOW_SECONDS - HOUR } };
const mine = account({ uploadedBytes: 20 * GIB, downloadedBytes: 10 * GIB, ratio: 2 });

interface Run {
	/** What is selected, best first. */
	selected: MamTorrentRecord[];
	torrents: ClientTorrent[];
	tuned: RankParameters;
	unsatisfied: { count: number; limit: number };
}

function everyRun(check: (run: Run) => void): void {
	fc.assert(
		fc.property(candidates, clientTorrents, parameters, site, (list, torrents, tuned, counted) => {
			const known = context({
				account: { ...mine, unsatisfied: counted },
				clientTorrents: torrents.length === 0 ? [EMPTY_MARKER] : torrents,
				memory,
			});
			const { act } = rankCandidates(list, known, tuned, ENFORCED);
			const selected = act.map(({ index }) => list[index]);
			check({ selected, torrents, tuned, unsatisfied: counted });
		}),
		propertyRuns,
	);
}

/** Holds for a run that selects anything at all. */
function everyGrabbingRun(check: (run: Run) => void): void {
	everyRun((run) => {
		if (run.selected.length > 0) check(run);
	});
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

test('every selected torrent fits size, demand and price', () => {
	everyRun(({ selected, tuned }) => {
		const misfits = selected.filter(
			({ sizeBytes, seeders, leechers, isFree }) =>
				sizeBytes < 50 * MIB ||
				sizeBytes > 1024 * MIB ||
				leechers < 1 ||
				seeders < 1 ||
				seeders > 50 ||
				(tuned.onlyFree && !isFree),
		);
		expect(misfits).toEqual([]);
	});
});

test('nothing is selected twice, nor what the account, the client or the memory has', () => {
	everyRun(({ selected, torrents }) => {
		const ids = selected.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(selected.every(({ alreadySnatched }) => !alreadySnatched)).toBe(true);
		expect(ids).not.toContain(3);
		expect(ids).not.toContain(4);
		if (torrents.some(({ tags }) => tags.includes('mam-7'))) expect(ids).not.toContain(7);
	});
});

test('no limit of run, category or unsatisfied torrents is passed', () => {
	everyGrabbingRun(({ selected, torrents, tuned, unsatisfied }) => {
		const ours = torrents.filter(({ category }) => category === 'mam-farming');
		// Every torrent of the generated client announces to the site.
		const uncounted = torrents.filter(
			({ progress, seeding_time, state, added_on }) =>
				(progress < 1 || seeding_time < 72 * HOUR) &&
				(NOW_SECONDS - added_on < HOUR || ['queuedDL', 'queuedUP'].includes(state)) &&
				!['stoppedDL', 'stoppedUP', 'error', 'missingFiles'].includes(state),
		);
		expect(selected.length).toBeLessThanOrEqual(tuned.grabPerRun);
		expect(ours.length + selected.length).toBeLessThanOrEqual(tuned.maxTorrents);
		expect(
			unsatisfied.count + uncounted.length + selected.length + tuned.unsatisfiedReserve,
		).toBeLessThanOrEqual(unsatisfied.limit);
	});
});

test('the disk keeps its reserve when everything is downloaded', () => {
	everyGrabbingRun(({ selected, torrents, tuned }) => {
		expect(tuned.freeSpaceBytes).not.toBeNull();
		if (tuned.freeSpaceBytes === -1 || tuned.freeSpaceBytes === null) return;
		const needed =
			sum(selected.map(({ sizeBytes }) => sizeBytes)) +
			sum(
				torrents
					.filter(({ state }) => !STOPPED_STATES.includes(state))
					.map(({ amount_left }) => amount_left),
			);
		expect(tuned.freeSpaceBytes - needed).toBeGreaterThanOrEqual(tuned.freeSpaceReserveGiB * GIB);
	});
});

test('the ratio stays above its floor after all that is not free', () => {
	everyGrabbingRun(({ selected, tuned }) => {
		const paid = sum(selected.filter(({ isFree }) => !isFree).map(({ sizeBytes }) => sizeBytes));
		if (paid === 0) return;
		const ratio = mine.uploadedBytes / (mine.downloadedBytes + paid);
		expect(ratio).toBeGreaterThanOrEqual(tuned.minProjectedRatio);
	});
});

test('nothing better is left behind by the limit of the run', () => {
	fc.assert(
		fc.property(candidates, parameters, (list, tuned) => {
			const { act, hold } = rankCandidates(list, context(), tuned, ENFORCED);
			const scoreOf = ({ extraFields }: (typeof act)[number]) => Number(extraFields?.score);
			const left = hold.filter(({ decision }) => decision.reason === 'beyond_run_limit');
			if (left.length === 0) return;
			expect(act).toHaveLength(tuned.grabPerRun);
			const best = Math.max(...left.map(scoreOf));
			for (const taken of act) expect(scoreOf(taken)).toBeGreaterThanOrEqual(best);
		}),
		propertyRuns,
	);
});

test('the best leave first', () => {
	everyRun(({ selected }) => {
		const scores = selected.map(
			({ leechers, seeders, freeleech, personalFreeleech }) =>
				leechers * 3 - seeders * 0.5 + (freeleech || personalFreeleech ? 200 : 0),
		);
		expect(scores).toEqual([...scores].sort((a, b) => b - a));
	});
});
