import { orNone, stacked, stat, type Row } from './panels.mts';

/** Deletions by their six reasons. */
export const deletions = stacked('Deleted by the janitor, by reason', 'short', [
	'mam_janitor_deleted_per_run',
	'{{reason}}',
]);

/** What the last run of the janitor came to. */
export const janitorState = stat(
	'Janitor',
	'short',
	[[0, 'text']],
	['sum by (instance) (mam_janitor_deleted_per_run)', 'deleted'],
	['mam_janitor_preserved_hnr', 'in the Hit & Run window'],
	['mam_janitor_skipped_active', 'active or in progress'],
	['mam_janitor_tracker_down', 'tracker down'],
).span(12);

/** What the janitor decided on every torrent of the category. */
export const janitor: Row = {
	title: 'Janitor',
	panels: [
		stacked(
			'Verdicts: deleted, or kept and why',
			'short',
			['mam_janitor_deleted_per_run', 'deleted: {{reason}}'],
			[orNone('mam_janitor_held', 'reason'), 'kept: {{reason}}'],
		),
		stacked('Stuck for days, and why', 'short', [
			orNone('mam_janitor_stale', 'reason'),
			'{{reason}}',
		]),
	],
};
