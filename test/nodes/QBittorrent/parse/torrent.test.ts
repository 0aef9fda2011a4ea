import { isHash, readTorrent, stateKind } from '../../../../nodes/QBittorrent/parse/torrent';

const HASH = 'a'.repeat(40);

describe('readTorrent', () => {
	it.each([
		['pausedDL', 'stoppedDL'],
		['pausedUP', 'stoppedUP'],
		['stalledUP', 'stalledUP'],
		[undefined, 'unknown'],
	])('calls the state %s %s', (state, expected) => {
		expect(readTorrent({ hash: HASH, state }, 'all').state).toBe(expected);
	});

	it('leaves only the essential fields, and none that the version does not give', () => {
		const raw = { hash: HASH, name: 'x', state: 'uploading', ratio: 2, magnet_uri: 'magnet:' };
		expect(readTorrent(raw, 'essential')).toEqual({ hash: HASH, name: 'x', state: 'uploading' });
		expect(readTorrent(raw, 'all')).toEqual(raw);
	});
});

describe('stateKind', () => {
	it.each([
		['stalledUP', 'seeding'],
		['uploading', 'seeding'],
		['stalledDL', 'downloading'],
		['pausedUP', 'stopped'],
		['checkingResumeData', 'busy'],
		['moving', 'busy'],
		['missingFiles', 'busy'],
		['error', 'busy'],
		['somethingNew', 'busy'],
	])('%s is %s', (state, kind) => {
		expect(stateKind(state)).toBe(kind);
	});
});

describe('isHash', () => {
	it('takes one v1 or v2 hash and nothing that names more than one torrent', () => {
		expect([HASH, HASH.toUpperCase(), 'b'.repeat(64)].every(isHash)).toBe(true);
		expect(['all', '', `${HASH}|${HASH}`, `${HASH} `, HASH.slice(1), null, 5].some(isHash)).toBe(
			false,
		);
	});
});
