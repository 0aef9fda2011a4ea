import { lines, stat, timeline, words, type Query, type Row } from './panels.mts';

const FLOWS = ['grabber', 'janitor', 'keeper', 'spender'];

const ofEachFlow = (expression: (flow: string) => string, legend = ''): Query[] =>
	FLOWS.map((flow) => [expression(flow), `${flow}${legend}`]);

/** Whether the flows run, succeed and push. */
export const flows: Row = {
	title: 'Flow health',
	panels: [
		lines(
			'Time since the last run',
			's',
			...ofEachFlow((flow) => `time() - mam_${flow}_last_run_timestamp`),
		),
		lines(
			'Time since the last success',
			's',
			...ofEachFlow((flow) => `time() - mam_${flow}_last_success_timestamp`),
		),
		timeline(
			'Failed runs and their causes',
			words('well', 'failed', 0),
			...ofEachFlow((flow) => `mam_${flow}_run_failed`, ': {{cause}}'),
		),
		timeline(
			'Session',
			words('well', 'refused', 0),
			['mam_farming_cookie_expired', 'cookie expired'],
			['mam_session_refused', 'refused: {{cause}}'],
		),
		stat(
			'Alerts firing',
			'short',
			[
				[0, 'green'],
				[1, 'red'],
			],
			['count(ALERTS{alertstate="firing"}) or on() vector(0)', 'firing'],
		),
		stat(
			'Time since the last push',
			's',
			[
				[0, 'green'],
				[5400, 'red'],
			],
			['time() - max by (instance) (push_time_seconds{job=~"mam-.+"})', 'last push'],
		),
		stat(
			'Rejected pushes',
			'short',
			[
				[0, 'green'],
				[1, 'red'],
			],
			[
				'count by (instance) (push_failure_time_seconds{job=~"mam-.+"} > push_time_seconds{job=~"mam-.+"}) or on() vector(0)',
				'groups',
			],
		),
	],
};
