import { lines, orNone, stacked, type Row } from './panels.mts';

/** What is bought, and what could be. */
export const spender: Row = {
	title: 'Spender',
	panels: [
		lines(
			'Upload credit: needed, affordable, bought (GiB)',
			'short',
			['mam_bp_needed_gib', 'needed'],
			['mam_bp_affordable_gib', 'affordable'],
			['mam_bp_spent_gb', 'bought'],
		),
		stacked('Nothing bought, and why', 'short', [
			orNone('mam_spender_held', 'reason'),
			'{{reason}}',
		]),
	],
};
