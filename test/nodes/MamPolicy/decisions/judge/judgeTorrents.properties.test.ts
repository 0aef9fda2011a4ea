import fc from 'fast-check';

import { judgeTorrents } from '../../../../../nodes/MamPolicy/decisions/judge/judgeTorrents';
import type { JudgeParameters } from '../../../../../nodes/MamPolicy/decisions/judge/parameters';
import { propertyRuns } from '../../../../helpers/propertyRuns';
import { clientTorrents } from '../arbitraries';
import { ENFORCED, HOUR, JUDGE } from '../builders';
import type { ClientTorrent } from '../../../../../nodes/shared/records';

const parameters: fc.Arbitrary<JudgeParameters> = fc
	.record({
		hnrHours: fc.integer({ min: 72, max: 200 }),
		trackerClockMarginHours: fc.integer({ min: 0, max: 48 }),
		neverStartedHours: fc.integer({ min: 0, max: 48 }),
		stalledDays: fc.integer({ min: 0, max: 7 }),
		gracefulRetireDays: fc.integer({ min: 0, max: 20 }),
		zeroDemandDays: fc.integer({ min: 0, max: 14 }),
		satisfiedDays: fc.integer({ min: 0, max: 7 }),
		satisfiedSeederFloor: fc.integer({ min: 0, max: 10 }),
		maxUnregisteredPerRun: fc.integer({ min: 0, max: 5 }),
		maxCompletedPerRun: fc.integer({ min: 0, max: 5 }),
		retireOnlyAbove: fc.constantFrom(0, 0, 1, 3, 10),
		stalledMaxProgressPercent: fc.integer({ min: 0, max: 100 }),
	})
	.map((change) => ({ ...JUDGE, ...change }));

/** Runs `check` on every run's deletions. */
function everyRun(
	check: (deleted: ClientTorrent[], all: ClientTorrent[], tuned: JudgeParameters) => void,
): void {
	fc.assert(
		fc.property(clientTorrents, parameters, (list, tuned) => {
			const { act } = judgeTorrents(list, tuned, ENFORCED);
			check(
				act.map(({ index }) => list[index]),
				list,
				tuned,
			);
		}),
		propertyRuns,
	);
}

function reasonsOf(list: ClientTorrent[], tuned: JudgeParameters): string[] {
	return judgeTorrents(list, tuned, ENFORCED).act.map(({ decision }) => decision.reason);
}

const RETIRE = ['graceful_retire', 'zero_demand', 'satisfied_redundant'];

test('no complete torrent goes before 72 hours of seeding and the margin, whatever is set', () => {
	everyRun((deleted, _all, { trackerClockMarginHours }) => {
		for (const torrent of deleted.filter(({ progress }) => progress === 1)) {
			expect(torrent.seeding_time).toBeGreaterThanOrEqual((72 + trackerClockMarginHours) * HOUR);
		}
	});
});

test('nothing protected, busy or foreign goes', () => {
	everyRun((deleted) => {
		for (const { tags, state, category, seeding_time } of deleted) {
			expect(tags.toLowerCase().split(',')).not.toContain('keep');
			if (tags === 'recovery') expect(seeding_time).toBeGreaterThanOrEqual(7 * 24 * HOUR);
			expect(state).not.toMatch(/^(checking.*|moving|allocating|missingFiles|error|unknown)$/);
			expect(state).not.toBe('aStateOfTomorrow');
			expect(category).toBe('mam-farming');
		}
	});
});

test('nothing with deselected files is deleted, nor while it is not known whether some are deselected', () => {
	everyRun((deleted) => {
		for (const torrent of deleted) expect(torrent.deselected_files).toBe(0);
	});
});

test('nothing goes whose files another torrent of the client has', () => {
	everyRun((deleted, all) => {
		for (const { content_path: path = '' } of deleted.filter(({ content_path }) => content_path)) {
			const overlapping = all.filter(
				({ content_path: other = '' }) =>
					other === path || other.startsWith(`${path}/`) || (other && path.startsWith(`${other}/`)),
			);
			expect(overlapping).toHaveLength(1);
		}
	});
});

test('nothing goes while its tracker is failing; a complete one only on the word of its tracker', () => {
	everyRun((deleted) => {
		for (const { trackers, progress } of deleted) {
			const message = trackers?.[0]?.msg ?? '';
			expect(message).not.toContain('timed out');
			if (progress < 1) continue;
			expect(trackers?.[0]?.status === 2 || /not registered/.test(message)).toBe(true);
		}
	});
});

test('what has begun to download goes only as unregistered or stalled', () => {
	everyRun((_deleted, all, tuned) => {
		const { act } = judgeTorrents(all, tuned, ENFORCED);
		for (const { index, decision } of act.filter(({ index: at }) => all[at].progress < 1)) {
			const { progress, downloaded, completed } = all[index];
			if (progress + downloaded + completed > 0) {
				expect(['unregistered', 'stalled_old']).toContain(decision.reason);
			}
		}
	});
});

test('a run stays within its caps, and never retires below the chosen number', () => {
	everyRun((deleted, all, tuned) => {
		const reasons = reasonsOf(all, tuned);
		const retired = reasons.filter((reason) => RETIRE.includes(reason)).length;
		const unregistered = reasons.filter((reason) => reason === 'unregistered').length;
		expect(unregistered).toBeLessThanOrEqual(tuned.maxUnregisteredPerRun);
		if (tuned.maxCompletedPerRun > 0) {
			const completed = deleted.filter(({ progress }) => progress === 1);
			expect(completed.length).toBeLessThanOrEqual(tuned.maxCompletedPerRun);
		}
		if (retired > 0) {
			const ours = all.filter(({ category }) => category === 'mam-farming').length;
			expect(ours - deleted.length).toBeGreaterThanOrEqual(tuned.retireOnlyAbove);
		}
	});
});
