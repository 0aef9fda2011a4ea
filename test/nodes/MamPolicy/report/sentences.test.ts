import { reportItem } from '../../../../nodes/MamPolicy/report/reportItem';
import type { Job } from '../../../../nodes/MamPolicy/report/definitions';
import { sentences } from '../../../../nodes/MamPolicy/report/sentences';
import { MOUSE, NOTHING_PLANNED } from '../decisions/builders';
import {
	account,
	bought50,
	deletion,
	failed,
	grab,
	judged501,
	plan50,
	ranked5,
	report,
	summary,
} from './runs';

const ACCOUNT = 'Ratio 2.5, 25,551 points, 4 of 50 unsatisfied torrents.';

const judged = summary('judgeTorrents', {
	numbers: { preserved_hnr: 40 },
	planned: { ...NOTHING_PLANNED, never_started: 2, satisfied_redundant: 1 },
});

const guard = (reason: string, more = {}) =>
	summary('guardAccount', {
		account,
		counts: { [reason]: 1 },
		numbers: { ratioFloor: 3 },
		...more,
	});

const tooPoor = summary('planSpend', {
	lines: ['Profile: buy=0', 'Or buy 2.5 GiB.'],
	counts: { cannot_afford: 1 },
	numbers: { buyGiB: 0, buyWeeks: 0 },
});

test.each<[string, Job, unknown[], string[]]>([
	[
		'a janitor that deleted',
		'farming-janitor',
		[judged, deletion(1), deletion(2), deletion(3, { reason: 'satisfied_redundant' })],
		['Deleted 3 torrents: 2 never started, 1 satisfied.', 'Kept 40 inside their 72 hours.'],
	],
	[
		'a janitor with nothing to do',
		'farming-janitor',
		[summary('judgeTorrents')],
		['Deleted nothing.'],
	],
	[
		'a dry janitor',
		'farming-janitor',
		[judged501(true)],
		['Dry run: nothing was done.', 'Would delete 466 torrents: 466 never started.'],
	],
	[
		'a janitor with torrents that nobody looks after',
		'farming-janitor',
		[summary('judgeTorrents', { stale: { stopped: 1, tracker_refused: 2 } })],
		['Deleted nothing.', 'Look at 3 torrents stuck for days: 2 tracker refused, 1 stopped.'],
	],
	[
		'a janitor whose deletions did not all free their space',
		'farming-janitor',
		[
			summary('judgeTorrents'),
			...['removed', 'unknown', 'trash', 'left', 'left'].map((files, at) =>
				deletion(at, { files }),
			),
		],
		[
			'Deleted 5 torrents: 5 never started.',
			'2 of 5 deleted torrents left their files on the disk: see the log of qBittorrent.',
			'The files of 1 of 5 deleted torrents are in the trash, where they still take space.',
		],
	],
	[
		'a janitor whose torrents changed meanwhile',
		'farming-janitor',
		[summary('judgeTorrents'), deletion(1, { deleted: false, result: 'changed' })],
		['Deleted nothing.', 'Left alone at the last moment: 1 changed.'],
	],
	[
		'a grabber that grabbed some',
		'freeleech-grabber',
		[ranked5, grab(1), grab(2), grab(3), grab(4, 'duplicate'), failed('gone')],
		[
			'Grabbed 3 of 100 candidates.',
			'Selected, but not grabbed: 1 duplicate, 1 no longer there.',
			ACCOUNT,
		],
	],
	[
		'a grabber that found nothing',
		'freeleech-grabber',
		[
			{
				...ranked5,
				counts: { too_large: 5, above_seeder_ceiling: 95 },
				numbers: { candidates: 100 },
			},
		],
		['Grabbed none of 100 candidates: 95 above seeder ceiling, 5 too large.', ACCOUNT],
	],
	[
		'a grabber that one limit blocks',
		'freeleech-grabber',
		[
			{
				...ranked5,
				counts: { disk_space: 1 },
				numbers: { candidates: 1 },
				blocked: { reason: 'disk_space', detail: 'The disk is full: free some space.' },
			},
		],
		[
			'Grabbed none of 1 candidate: 1 not enough disk space.',
			'The disk is full: free some space.',
			ACCOUNT,
		],
	],
	[
		'a dry grabber',
		'freeleech-grabber',
		[{ ...ranked5, dryRun: true }],
		['Dry run: nothing was done.', 'Would grab 5 of 100 candidates.', ACCOUNT],
	],
	[
		'a Mouse',
		'freeleech-grabber',
		[guard('mouse_class', { account: MOUSE })],
		[
			'Grabbed nothing: the account is a Mouse, to which the tracker gives no peers.',
			'Ratio 0.0, 24,551 points, 4 of 50 unsatisfied torrents.',
		],
	],
	[
		'a ratio below the floor',
		'freeleech-grabber',
		[guard('low_ratio')],
		['Grabbed nothing: the ratio of 2.5 is below the floor of 3.0.', ACCOUNT],
	],
	[
		'a spender that bought',
		'bp-spender',
		[plan50, bought50],
		[
			'Bought 50 GiB of upload credit for 25,000 points.',
			'551 points are left.',
			'Ratio 52.5, 551 points, 4 of 50 unsatisfied torrents.',
		],
	],
	[
		'a spender that is too poor for the API',
		'bp-spender',
		[tooPoor],
		['Bought nothing.', 'Or buy 2.5 GiB.'],
	],
	[
		'a dry spender',
		'bp-spender',
		[{ ...plan50, dryRun: true }],
		['Dry run: nothing was done.', 'Would buy 50 GiB of upload credit.', ACCOUNT],
	],
	[
		'a keeper',
		'client-keeper',
		[
			summary('reconcilePreferences'),
			summary('summarizeTrackers', { numbers: { stopped_in_hnr_window: 1, transient_failure: 1 } }),
			{ hash: 'a', result: 'done' },
		],
		[
			'Changed 0 preferences of qBittorrent.',
			'Reannounced 1 torrent.',
			'1 torrent inside the 72 hours does not announce: 1 stopped. Start it in qBittorrent; where files are missing, restore them first.',
		],
	],
	[
		'a failed run',
		'bp-spender',
		[failed('dead_cookie')],
		['The run failed at A step: It ended as dead_cookie. Do this next.', 'Bought nothing.'],
	],
])('%s', (_name, job, items, expected) => {
	expect(sentences(report(job, items))).toEqual(expected);
});

describe('the row of a run', () => {
	it('has every field, flat and small', () => {
		const item = reportItem(report('farming-janitor', [judged, deletion(1), deletion(2)]));
		expect(item).toMatchObject({
			flow: 'janitor',
			instance: '',
			at: '2026-11-23T12:00:00.500Z',
			outcome: 'failed',
			cause: 'delete_incomplete',
			acted: 2,
			deleted: 'never_started=2',
			points: null,
			ratio: null,
			uploadedGiB: null,
		});
	});

	it('says what was spent and how the account stands after it', () => {
		expect(reportItem(report('bp-spender', [plan50, bought50]))).toMatchObject({
			outcome: 'acted',
			spent: 25_000,
			points: 551.5,
			ratio: 52.5,
			uploadedGiB: 52.5,
			downloadedGiB: 1,
			seeding: 100,
			cause: null,
		});
	});
});
