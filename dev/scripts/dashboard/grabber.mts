import { lines, orNone, stacked, stat, timeline, words, type Row } from './panels.mts';

/** What the last run of the grabber came to. */
export const grabberState = stat(
	'Grabber',
	'short',
	[[0, 'text']],
	['mam_farming_grabbed', 'grabbed'],
	['mam_farming_total_seeding', 'torrents of the category'],
	[orNone('mam_grabber_skipped_reason', 'reason'), 'guard: {{reason}}'],
).span(12);

/** What became of the candidates. */
export const grabber: Row = {
	title: 'Grabber',
	panels: [
		stacked(
			'Candidates: grabbed, or held and why',
			'short',
			['mam_farming_grabbed', 'grabbed'],
			[orNone('mam_grabber_held', 'reason'), '{{reason}}'],
		),
		lines('Size of the category', 'bytes', ['mam_farming_size_bytes', 'size']),
		timeline('A limit blocked all grabs', words('no', 'blocked', 0), [
			orNone('mam_grabber_blocked', 'reason'),
			'{{reason}}',
		]).span(24),
	],
};
