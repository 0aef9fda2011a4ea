import { trackerEvidence } from '../../../../../nodes/MamPolicy/decisions/trackers/trackerEvidence';
import { DHT, JUDGE, MOUSE_REFUSAL, TIMED_OUT, tracker, UNREGISTERED } from '../builders';
import type { TrackerRecord } from '../../../../../nodes/shared/records';

const read = (...trackers: TrackerRecord[]) =>
	trackerEvidence(trackers, JUDGE.unregisteredMessages, JUDGE.trackerHosts);

const NOTHING = {
	given: false,
	working: false,
	unregistered: null,
	mouse: false,
	error: null,
	unreachable: false,
};

test.each<[string, TrackerRecord[]]>([
	['no tracker', []],
	['DHT alone', [DHT]],
	['a tracker that was not contacted yet', [tracker({ status: 1 })]],
	['the first announce under way', [tracker({ status: 3 })]],
])('%s proves nothing', (_name, trackers) => {
	expect(read(...trackers)).toEqual(NOTHING);
});

test('a torrent that was not asked proves nothing', () => {
	expect(trackerEvidence(undefined, JUDGE.unregisteredMessages, JUDGE.trackerHosts)).toEqual(
		NOTHING,
	);
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
		unreachable: true,
	});
});

test.each<[boolean, Partial<TrackerRecord>]>([
	[true, { status: 4, msg: 'Connection timed out' }],
	[true, { status: 4, msg: 'Host not found (authoritative)' }],
	[true, { status: 4, msg: 'HTTP response code 503' }],
	[true, { status: 4, msg: '' }],
	[true, { status: 6, msg: 'anything' }],
	[false, { status: 4, msg: 'Unrecognized host/PassKey' }],
	[false, { status: 5, msg: 'Not allowed' }],
	[false, { status: 4, msg: 'torrent 5031 is private' }],
])('nobody answers: %p for %p', (unreachable, change) => {
	expect(read(tracker(change))).toMatchObject({ given: true, unreachable });
});

describe('where a torrent has a tracker of the site', () => {
	const other = { url: 'https://tracker.example/announce' };
	const mam = { url: 'https://t.myanonamouse.net/' };

	const answers = [
		['is silent', tracker({ status: 1 })],
		['works', tracker()],
		['does not answer', TIMED_OUT],
		['refuses', tracker({ status: 4, msg: 'Not allowed' })],
		['says unregistered', UNREGISTERED],
		['refuses a Mouse', MOUSE_REFUSAL],
	] as const;

	test.each(answers)('that %s, only that one speaks, whatever another says', (_what, answer) => {
		const alone = read({ ...answer, ...mam });
		for (const [, said] of answers) {
			expect(read({ ...answer, ...mam }, { ...said, ...other })).toEqual(alone);
			expect(read({ ...said, ...other }, { ...answer, ...mam })).toEqual(alone);
		}
	});

	test('a tracker of any of the hosts speaks', () => {
		const hosts = ['myanonamouse.net', 'mam.example'];
		expect(trackerEvidence([tracker({ ...mam, status: 1 }), tracker(other)], [], hosts)).toEqual(
			NOTHING,
		);
	});

	test('a host that only ends alike is another', () => {
		const alike = { url: 'https://notmyanonamouse.net/' };
		expect(read(tracker({ ...alike, status: 1 }), tracker(other)).working).toBe(true);
	});

	test('a tracker of any of the hosts is one of the site', () => {
		const hosts = ['myanonamouse.net', 'mirror.example'];
		const answers = [tracker({ url: 'https://mirror.example/', status: 1 }), tracker(other)];
		expect(trackerEvidence(answers, JUDGE.unregisteredMessages, hosts)).toEqual(NOTHING);
	});

	test('otherwise every tracker speaks', () => {
		expect(read(tracker(other)).working).toBe(true);
	});
});
