import fc from 'fast-check';

import { judgeTorrents } from '../../../../../nodes/MamPolicy/decisions/judge/judgeTorrents';
import {
	NO_MEMORY,
	readJudgeMemory,
	type JudgeMemory,
} from '../../../../../nodes/MamPolicy/decisions/judge/memory';
import { propertyRuns } from '../../../../helpers/propertyRuns';
import {
	DAY,
	HOUR,
	JUDGE,
	MOUSE_REFUSAL,
	NOW_SECONDS,
	TIMED_OUT,
	torrent,
	tracker,
	UNREGISTERED,
} from '../builders';

const WINDOW = 96 * HOUR;
const PARAMETERS = {
	...JUDGE,
	seedClock: 'observed' as const,
	zeroDemandDays: 0,
	satisfiedDays: 0,
};
const REFUSED = tracker({ status: 4, msg: 'Unrecognized host/PassKey' });

/** What may happen between two runs, and what the next run finds. */
const event = fc.record({
	/** How many runs find the same, and how long each comes after the one before. */
	runs: fc.integer({ min: 1, max: 20 }),
	hours: fc.constantFrom(0.25, 1, 5, 6, 7, 24),
	/** How far the clock of n8n jumps, as after a sleep or a wrong time zone. */
	jumpHours: fc.constantFrom(0, 0, 0, 0, 6, 24, -6, -48),
	state: fc.constantFrom(
		'stalledUP',
		'stalledUP',
		'uploading',
		'forcedUP',
		'queuedUP',
		'stoppedUP',
	),
	trackers: fc.constantFrom(
		[tracker()],
		[tracker()],
		[tracker()],
		[REFUSED],
		[TIMED_OUT],
		[MOUSE_REFUSAL],
		[tracker({ status: 1 })],
		undefined,
	),
	/** What the list says of deselected files, and whether some are. */
	files: fc.constantFrom(
		...Array<[number | null, boolean]>(6).fill([0, false]),
		[null, false] as [null, boolean],
		[2, true] as [number, boolean],
		[null, true] as [null, boolean],
	),
	/** A recheck while the data is away. */
	isAway: fc.constantFrom(false, false, false, false, false, true),
	isMemoryLost: fc.constantFrom(false, false, false, false, false, false, true),
	/** The client forgets its clock, as when its resume data is lost. */
	isClockLost: fc.constantFrom(false, false, false, false, false, false, true),
});

type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** The same again, without what happens once. */
function quiet(one: Event): Event {
	return { ...one, jumpHours: 0, isMemoryLost: false, isClockLost: false };
}

function isSight({ state, trackers, isAway, files: [, isPartial] }: Event): boolean {
	return (
		!isAway &&
		!isPartial &&
		['stalledUP', 'uploading', 'forcedUP'].includes(state) &&
		trackers?.[0].status === 2
	);
}

test('no sequence of runs, outages, rechecks, lost memories and clock jumps deletes a complete torrent that was not seen seeding for the window and the margin', () => {
	let deletions = 0;
	fc.assert(
		fc.property(
			fc.array(event, { maxLength: 8 }),
			fc.integer({ min: 0, max: 60 }),
			(events, days) => {
				const record = torrent({
					seeding_time: days * DAY,
					added_on: NOW_SECONDS - 70 * DAY,
					completion_on: NOW_SECONDS - 69 * DAY,
					num_complete: 9,
				});
				let memory: JudgeMemory = NO_MEMORY;
				let now = NOW_SECONDS;
				/** Real seconds of seeding between two sights with nothing else seen between them. */
				let seen = 0;
				let wasSight = false;
				const runs = events.flatMap((one) => [one, ...Array<Event>(one.runs).fill(quiet(one))]);
				for (const one of runs) {
					const { hours, jumpHours, state, trackers, isAway, isMemoryLost, isClockLost, files } =
						one;
					const [deselected_files, isPartial] = files;
					now += (hours + jumpHours) * HOUR;
					record.seeding_time = isClockLost ? 0 : record.seeding_time + hours * HOUR;
					if (isMemoryLost) memory = NO_MEMORY;
					const listed = {
						...record,
						state: isAway ? 'stalledDL' : state,
						progress: isAway ? 0 : 1,
						deselected_files,
						size: isPartial ? record.size / 2 : record.size,
						...(isAway && { downloaded: 0, completed: 0 }),
						trackers,
					};
					const sight = isSight(one);
					if (sight && wasSight) seen += hours * HOUR;
					if (sight) wasSight = true;
					else if (trackers !== undefined && trackers[0].status !== 1) wasSight = false;
					else if (listed.progress < 1 || !['stalledUP', 'uploading', 'forcedUP'].includes(state))
						wasSight = false;
					else if (wasSight) seen += hours * HOUR;

					const at = new Date(now * 1000);
					const result = judgeTorrents(
						[listed, torrent({ hash: 'f'.repeat(40) })],
						PARAMETERS,
						{ dryRun: false, now: at },
						{ memory: readJudgeMemory(JSON.parse(JSON.stringify(memory))), listedAt: at },
					);
					memory = result.memory;
					if (result.act.some(({ index }) => index === 0)) {
						deletions += 1;
						expect(seen).toBeGreaterThanOrEqual(WINDOW);
					}
				}
			},
		),
		{ numRuns: Math.max(2000, propertyRuns.numRuns ?? 0) },
	);
	// Else the property would hold of a janitor that deletes nothing.
	expect(deletions).toBeGreaterThan(0);
});

test('an unregistered complete torrent stays until its window is over by the clock of the client, and a day of the same answer', () => {
	fc.assert(
		fc.property(
			fc.array(fc.constantFrom(0.25, 1, 3, 6), { maxLength: 60 }),
			fc.integer({ min: 0, max: 200 }),
			(steps, hours) => {
				const record = torrent({
					seeding_time: hours * HOUR,
					added_on: NOW_SECONDS - 70 * DAY,
					trackers: [UNREGISTERED],
				});
				let memory: JudgeMemory = NO_MEMORY;
				let now = NOW_SECONDS;
				for (const [index, step] of steps.entries()) {
					if (index > 0) {
						now += step * HOUR;
						record.seeding_time += step * HOUR;
					}
					const at = new Date(now * 1000);
					const evaluation = { dryRun: false, now: at };
					const result = judgeTorrents([record], PARAMETERS, evaluation, { memory, listedAt: at });
					memory = result.memory;
					const isOver = record.seeding_time >= WINDOW && now - NOW_SECONDS >= DAY;
					expect(result.act).toHaveLength(isOver ? 1 : 0);
					if (isOver) return;
				}
			},
		),
		propertyRuns,
	);
});
