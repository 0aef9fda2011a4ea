import {
	driftOf,
	essentialPreferences,
	isSecret,
	limitWithoutValue,
	unsettableKey,
	withoutSecrets,
} from '../../../../nodes/QBittorrent/parse/preferences';

const preferences = {
	save_path: '/data',
	max_ratio_enabled: false,
	max_ratio: -1,
	max_seeding_time_enabled: true,
	max_seeding_time: 60,
	web_ui_password: 'word',
	scan_dirs: { '/a': 1 },
};

test.each([
	'web_ui_password',
	'web_ui_https_passphrase',
	'dyndns_secret',
	'some_api_key',
	'apiKey',
	'Token',
])('%s is a secret and never shown or set', (key) => {
	expect(isSecret(key)).toBe(true);
	expect(withoutSecrets({ [key]: 'x', dht: true })).toEqual({ dht: true });
	expect(unsettableKey({ [key]: 'x' }, { [key]: 'y' })).toBe(key);
});

test('of the essential ones come those that the version has', () => {
	const essential = [
		...['save_path', 'temp_path_enabled', 'temp_path', 'listen_port', 'dl_limit', 'up_limit'],
		...['queueing_enabled', 'max_active_downloads', 'max_active_uploads', 'max_active_torrents'],
		...['dont_count_slow_torrents', 'max_ratio_enabled', 'max_ratio', 'max_ratio_act'],
		...['max_seeding_time_enabled', 'max_seeding_time'],
		...['max_inactive_seeding_time_enabled', 'max_inactive_seeding_time'],
	];
	const all = Object.fromEntries([...essential, 'dht', 'locale'].map((key) => [key, key]));
	expect(Object.keys(essentialPreferences(all))).toEqual(essential);
	expect(essentialPreferences({ max_ratio: 2, dht: true })).toEqual({ max_ratio: 2 });
});

test('only what differs has drifted, also in a list', () => {
	expect(
		driftOf(preferences, { save_path: '/data', max_ratio: 2, scan_dirs: { '/a': 1 } }),
	).toEqual([{ key: 'max_ratio', from: -1, to: 2 }]);
	expect(driftOf(preferences, { scan_dirs: { '/b': 1 } })).toHaveLength(1);
});

test.each<[string, Record<string, string | number | boolean>, string | null]>([
	['all fit', { save_path: '/other', max_ratio: 2 }, null],
	['one is not there', { max_ratio: 2, no_such: 1 }, 'no_such'],
	['one is of another type', { max_ratio: '2' }, 'max_ratio'],
])('of wanted preferences, where %s: %p does not fit: %p', (_name, wanted, key) => {
	expect(unsettableKey(preferences, wanted)).toBe(key);
});

test.each<[string, Record<string, number | boolean>, string | null]>([
	['on without a value', { max_ratio_enabled: true }, 'max_ratio'],
	['on with a value', { max_ratio_enabled: true, max_ratio: 2 }, null],
	['on at 0', { max_ratio_enabled: true, max_ratio: 0 }, null],
	['on with the value of none', { max_ratio_enabled: true, max_ratio: -1 }, 'max_ratio'],
	['off', { max_ratio_enabled: false }, null],
	['on as before', { max_seeding_time_enabled: true }, null],
	['unknown to this version', { max_inactive_seeding_time_enabled: true }, null],
	['not mentioned', { save_path: 1 }, null],
])('a share limit that is switched %s', (_name, wanted, limit) => {
	expect(limitWithoutValue(preferences, wanted)).toBe(limit);
});

test('the value of a share limit that is off does not count: some versions forget it', () => {
	const current = { max_ratio_enabled: false, max_ratio: 2 };
	expect(limitWithoutValue(current, { max_ratio_enabled: true })).toBe('max_ratio');
});

test('every share limit is looked at', () => {
	for (const limit of ['max_ratio', 'max_seeding_time', 'max_inactive_seeding_time']) {
		const key = `${limit}_enabled`;
		expect(limitWithoutValue({ [key]: false }, { [key]: true })).toBe(limit);
	}
});
