import {
	applyMainData,
	eventsBetween,
	withTrackers,
	type MainData,
	type Snapshot,
} from '../../../../nodes/QBittorrent/parse/torrentEvents';
import type { TrackerRecord } from '../../../../nodes/shared/records';

const TORRENT = {
	name: 'book',
	category: 'books',
	tags: '',
	state: 'downloading',
	progress: 0.5,
	downloaded: 10,
};

function snapshot(torrents: MainData['torrents']): Snapshot {
	return applyMainData({}, { full_update: true, torrents });
}

/** The names of what happened when `answer` follows `before`. */
function names(before: Snapshot, answer: MainData): string[] {
	return eventsBetween(before, applyMainData(before, answer)).map(({ event }) => event);
}

describe('changes since the last answer', () => {
	it('leave everything that they do not name', () => {
		const before = snapshot({ a: TORRENT, b: TORRENT });
		const after = applyMainData(before, { torrents: { a: { category: 'films' } } });
		expect(after).toEqual({ ...before, a: { ...before.a, category: 'films' } });
	});

	it('remove only the torrents that are named', () => {
		const before = snapshot({ a: TORRENT, b: TORRENT });
		expect(Object.keys(applyMainData(before, { torrents_removed: ['a'] }))).toEqual(['b']);
	});

	it('are the complete list where the client says so: who is missing in it is gone', () => {
		const before = snapshot({ a: TORRENT, b: TORRENT });
		expect(names(before, { full_update: true, torrents: { b: TORRENT } })).toEqual(['deleted']);
		expect(names(before, { full_update: true })).toEqual(['deleted', 'deleted']);
	});
});

describe('finished', () => {
	const done = { progress: 1, downloaded: 20 };

	it('is a torrent that became complete by downloading', () => {
		expect(names(snapshot({ a: TORRENT }), { torrents: { a: done } })).toEqual(['finished']);
	});

	it('is also one that came and was complete between two polls', () => {
		const torrents = { a: { ...TORRENT, ...done } };
		expect(names({}, { torrents })).toEqual(['added', 'finished']);
	});

	it('is not one that was added with its data', () => {
		const torrents = { a: { ...TORRENT, progress: 1, downloaded: 0 } };
		expect(names({}, { torrents })).toEqual(['added']);
	});

	it('is not one whose recheck found everything in place', () => {
		const before = snapshot({ a: { ...TORRENT, ...done } });
		const checking = applyMainData(before, { torrents: { a: { progress: 0.2 } } });
		expect(names(checking, { torrents: { a: { progress: 1 } } })).toEqual([]);
		expect(names(checking, { torrents: { a: { progress: 1, downloaded: 25 } } })).toEqual([
			'finished',
		]);
	});

	it('is reported when the bytes are counted, if the progress was seen before them', () => {
		const early = applyMainData(
			{},
			{ torrents: { a: { ...TORRENT, progress: 1, downloaded: 0 } } },
		);
		expect(names(early, { torrents: { a: { downloaded: 20 } } })).toEqual(['finished']);
	});

	it('is reported once, also when bytes are counted late', () => {
		const before = snapshot({ a: { ...TORRENT, ...done } });
		expect(names(before, { torrents: { a: { downloaded: 30 } } })).toEqual([]);
	});
});

describe('a changed state', () => {
	it('is reported with the state before', () => {
		const before = snapshot({ a: TORRENT });
		const after = applyMainData(before, { torrents: { a: { state: 'error' } } });
		expect(eventsBetween(before, after)).toEqual([
			{ event: 'stateChanged', hash: 'a', torrent: after.a, previousState: 'downloading' },
		]);
	});

	it('is not the new name of an old one', () => {
		const before = snapshot({ a: { ...TORRENT, state: 'pausedDL' } });
		expect(names(before, { torrents: { a: { state: 'stoppedDL' } } })).toEqual([]);
	});
});

describe('what trackers say', () => {
	const tracker = (msg: string, status = 2): TrackerRecord => ({
		url: 'http://t.test/key/announce',
		status,
		tier: 0,
		msg,
	});
	const told = (before: Snapshot, record: TrackerRecord) =>
		withTrackers(before, new Map([['a', [record]]]));

	it('is not news when they are asked for the first time', () => {
		const before = snapshot({ a: TORRENT });
		expect(eventsBetween(before, told(before, tracker('unregistered', 4)))).toEqual([]);
	});

	it('is news of a torrent that is new itself', () => {
		const after = told(snapshot({ a: TORRENT }), tracker('unregistered', 4));
		expect(eventsBetween({}, after)).toMatchObject([
			{ event: 'added' },
			{ event: 'trackerMessageChanged', message: 'unregistered', previousMessage: '' },
		]);
	});

	it.each([1, 3])('stays as it was while they are asked again (status %i)', (status) => {
		const before = told(snapshot({ a: TORRENT }), tracker('unregistered', 4));
		expect(told(before, tracker('', status))).toEqual(before);
	});

	it('is kept of torrents that were not asked this time', () => {
		const before = told(snapshot({ a: TORRENT }), tracker('unregistered', 4));
		expect(withTrackers(before, new Map([['gone', [tracker('')]]]))).toEqual(before);
	});
});
