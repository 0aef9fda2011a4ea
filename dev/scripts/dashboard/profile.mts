import { BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';

import { grabberState } from './grabber.mts';
import { deletions, janitorState } from './janitor.mts';
import { lines, stat, words, type Row } from './panels.mts';

/** The site's cap, above which earned points are lost. */
const POINTS_CAP = 99_999;

/** The account, and what the flows did for it last. */
export const profile: Row = {
	title: 'MAM Profile',
	panels: [
		...[
			stat(
				'Class',
				'short',
				[
					[0, 'red'],
					[1, 'green'],
				],
				['mam_class_code', '{{classname}}'],
			).textMode(BigValueTextMode.Name),
			stat(
				'Ratio',
				'short',
				[
					[0, 'red'],
					[1, 'orange'],
					[1.2, 'green'],
				],
				['mam_ratio', 'ratio'],
			)
				.decimals(2)
				.noValue('none'),
			stat(
				'Bonus points',
				'short',
				[
					[0, 'text'],
					[89_999, 'orange'],
				],
				['mam_bp_balance', 'points'],
			).decimals(0),
			stat(
				'Hit & Runs not seeding',
				'short',
				[
					[0, 'green'],
					[1, 'red'],
				],
				['mam_hit_and_runs{kind="not_seeding"}', 'not seeding'],
			),
			stat(
				'Unsatisfied, not seeding',
				'short',
				[
					[0, 'green'],
					[1, 'red'],
				],
				['mam_unsatisfied_not_seeding', 'torrents'],
			),
			stat(
				'Reachable from the site',
				'short',
				[[0, 'text']],
				['mam_connectable', 'reachable'],
			).mappings(words('no', 'yes', 1)),
			stat(
				'Age of these figures',
				's',
				[
					[0, 'green'],
					[5400, 'orange'],
				],
				['time() - mam_account_fetched_timestamp', 'age'],
			),
			stat(
				'VIP left',
				's',
				[
					[0, 'red'],
					[7 * 86_400, 'green'],
				],
				['mam_vip_until_timestamp - time()', 'VIP'],
			).noValue('none'),
		].map((panel) => panel.span(3)),
		lines(
			'Ratio and the floor for grabbing',
			'short',
			['mam_ratio', 'ratio'],
			['mam_grabber_ratio_floor', 'floor'],
		),
		lines(
			'Bonus points, reserve, next tier and cap',
			'short',
			['mam_bp_balance', 'points'],
			['mam_bp_reserve', 'reserve'],
			['mam_bp_next_tier', 'next tier'],
			[`vector(${POINTS_CAP})`, 'cap'],
		),
		lines(
			'Transfer, as counted by the site',
			'bytes',
			['mam_uploaded_bytes', 'uploaded'],
			['mam_downloaded_bytes', 'downloaded'],
		),
		lines(
			'Unsatisfied torrents and their limit',
			'short',
			['mam_unsatisfied', 'unsatisfied (site)'],
			['qbt_tracker_unsatisfied{tracker="mam"}', 'unsatisfied (client)'],
			['mam_unsatisfied_limit', 'limit'],
		),
		deletions,
		lines(
			'Hit & Runs and wedges',
			'short',
			['mam_hit_and_runs', 'Hit & Runs: {{kind}}'],
			['mam_wedges', 'wedges'],
		),
		janitorState,
		grabberState,
	],
};
