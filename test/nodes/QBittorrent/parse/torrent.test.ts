import { isHash, readTorrent, readTracker } from '../../../../nodes/QBittorrent/parse/torrent';

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

describe('trackers', () => {
	const tracker = { url: 'https://t.test:81/KEY/announce?x=1', status: 2, tier: 0, msg: 'ok' };

	it('are given with host and words only, without DHT and what is not there', () => {
		const dht = { url: '** [DHT] **', status: 2, tier: -1, msg: '' };
		const old = { url: '** [PeX] **', status: 2, msg: '' };
		const trackers = [dht, old, null, { ...tracker, num_peers: 3 }];
		const raw = { hash: HASH, state: 'uploading', tracker: tracker.url, trackers };
		expect(readTorrent(raw, 'essential')).toEqual({
			hash: HASH,
			state: 'uploading',
			tracker: 'https://t.test:81/',
			trackers: [{ url: 'https://t.test:81/', status: 2, tier: 0, msg: 'ok' }],
		});
		expect(readTorrent(raw, 'all')).toEqual(raw);
	});

	it.each([
		['the path', 'https://t.test/0123456789abcdef/announce'],
		['the query', 'https://t.test/announce?a=1&key=0123456789abcdef'],
	])('are quoted without the passkey in %s of their address', (_where, url) => {
		const msg = 'Passkey "0123456789abcdef" is not known to t.test';
		const raw = { hash: HASH, trackers: [{ ...tracker, url, msg }] };
		expect(readTorrent(raw, 'essential').trackers).toMatchObject([
			{ msg: 'Passkey "(hidden)" is not known to t.test' },
		]);
	});

	it.each([['KEY/announce'], [5]])('whose address is %p have none', (tracker) => {
		expect(readTorrent({ hash: HASH, tracker }, 'essential').tracker).toBe('');
	});

	it('get the tier of DHT where an old version leaves it empty', () => {
		expect(readTracker({ ...tracker, tier: '' as never }).tier).toBe(-1);
		expect(readTracker(tracker)).toEqual(tracker);
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
