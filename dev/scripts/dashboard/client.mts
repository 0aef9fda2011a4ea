import { lines, orNone, stacked, stat, timeline, words, type Row } from './panels.mts';

/** The client, and the ratio monitor of its trackers. */
export const client: Row = {
	title: 'qBittorrent',
	panels: [
		stat('Connection', 'short', [[0, 'text']], ['qbt_connected', 'connected']).mappings(
			words('disconnected', 'connected', 1),
		),
		stat('DHT nodes', 'short', [[0, 'text']], ['qbt_dht_nodes', 'nodes']),
		stat(
			'Free space',
			'bytes',
			[
				[0, 'red'],
				[10 * 1024 ** 3, 'green'],
			],
			['qbt_free_space_bytes', 'free'],
		),
		stat(
			'Not announcing in the Hit & Run window',
			'short',
			[
				[0, 'green'],
				[1, 'red'],
			],
			['qbt_silent_in_hnr_window', '{{state}}'],
		),
		stat(
			'Announces refused',
			'short',
			[
				[0, 'green'],
				[1, 'red'],
			],
			['qbt_tracker_refused', 'torrents'],
		),
		stat(
			'Last run of the keeper',
			'short',
			[[0, 'text']],
			['mam_keeper_reannounced', 'reannounced'],
			['mam_keeper_preferences_changed', 'preferences changed'],
		),
		lines('Speed', 'Bps', ['qbt_ul_speed_bytes', 'up'], ['qbt_dl_speed_bytes', 'down']),
		lines('Ratio by tracker', 'short', ['qbt_tracker_ratio', '{{tracker}}']),
		lines(
			'Transfer by tracker',
			'bytes',
			['qbt_tracker_uploaded_bytes', '{{tracker}}: uploaded'],
			['qbt_tracker_downloaded_bytes', '{{tracker}}: downloaded'],
		),
		stacked('Torrents by tracker', 'short', ['qbt_tracker_torrents_total', '{{tracker}}']),
		lines(
			'Torrent states by tracker',
			'short',
			['qbt_tracker_seeding', '{{tracker}}: seeding'],
			['qbt_tracker_downloading', '{{tracker}}: incomplete'],
			['qbt_tracker_queued', '{{tracker}}: queued'],
			['qbt_tracker_unsatisfied', '{{tracker}}: unsatisfied'],
		),
		stacked('Size by tracker', 'bytes', ['qbt_tracker_size_bytes', '{{tracker}}']),
		lines('Seeding time by tracker', 's', ['qbt_tracker_seed_time_total', '{{tracker}}']),
		stacked('Left alone by the keeper, and why', 'short', [
			orNone('mam_keeper_held', 'reason'),
			'{{reason}}',
		]),
		timeline('Preferences that had drifted', words('as wanted', 'drifted', 0), [
			'qbt_preference_drift',
			'{{preference}}',
		]),
	],
};
