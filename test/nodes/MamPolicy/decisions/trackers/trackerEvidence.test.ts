import { trackerEvidence } from '../../../../../nodes/MamPolicy/decisions/trackers/trackerEvidence';
import { DHT, JUDGE, MOUSE_REFUSAL, TIMED_OUT, tracker, UNREGISTERED } from '../builders';
import type { TrackerRecord } from '../../../../../nodes/shared/records';

const read = (...trackers: TrackerRecord[]) =>
	trackerEvidence(trackers, JUDGE.unregisteredMessages);

const NOTHING = { given: false, working: false, unregistered: null, mouse: false, error: null };

test.each<[string, TrackerRecord[]]>([
	['no tracker', []],
	['DHT alone', [DHT]],
	['a tracker that was not contacted yet', [tracker({ status: 1 })]],
	['the first announce under way', [tracker({ status: 3 })]],
])('%s proves nothing', (_name, trackers) => {
	expect(read(...trackers)).toEqual(NOTHING);
});

test('a torrent that was not asked proves nothing', () => {
	expect(trackerEvidence(undefined, JUDGE.unregisteredMessages)).toEqual(NOTHING);
});

test.each([4, 5, 6])('status %i is an error, with or without words', (status) => {
	expect(read(tracker({ status, msg: 'Bad gateway' })).error).toBe('Bad gateway');
	expect(read(tracker({ status })).error).toBe('no answer');
});

test.each([1, 3])('the refusal before stays one while it announces again (status %i)', (status) => {
	expect(read({ ...TIMED_OUT, status })).toMatchObject({ given: true, error: TIMED_OUT.msg });
	expect(read({ ...UNREGISTERED, status }).unregistered).toBe(UNREGISTERED.msg);
	expect(read({ ...MOUSE_REFUSAL, status }).mouse).toBe(true);
});

test('the words of a working tracker are no error', () => {
	expect(read(tracker({ msg: 'Please update your client' }))).toEqual({
		...NOTHING,
		given: true,
		working: true,
	});
});

test('every tracker has its say', () => {
	expect(read(DHT, tracker(), UNREGISTERED, MOUSE_REFUSAL, TIMED_OUT)).toEqual({
		given: true,
		working: true,
		unregistered: UNREGISTERED.msg,
		mouse: true,
		error: TIMED_OUT.msg,
	});
});
