import { countUncounted } from '../../../../../nodes/MamPolicy/decisions/rank/unsatisfied';
import { belongsToMam } from '../../../../../nodes/MamPolicy/decisions/trackers/mamTorrents';
import type { ClientTorrent } from '../../../../../nodes/shared/records';
import {
	DAY,
	HOUR,
	incomplete,
	MOUSE_REFUSAL,
	NOW_SECONDS,
	TIMED_OUT,
	torrent,
	tracker,
	unstarted,
} from '../builders';

const elsewhere = { category: 'books', tags: '', tracker: '' };
const refused = [tracker({ status: 4, msg: 'Unrecognized host/PassKey' })];

test.each<[string, Partial<ClientTorrent>, boolean]>([
	['the category alone', { category: 'mam-farming' }, true],
	['the tag mam', { tags: 'mam' }, true],
	['the tag of an id', { tags: 'x, MAM-7' }, true],
	['a tag of several words', { tags: 'mam_books' }, true],
	['a tag that only begins so', { tags: 'mamma-mia, mam2, mamá' }, false],
	['a tag that only ends so', { tags: 'from-mam' }, false],
	['the tracker', { tracker: 'https://t.myanonamouse.net/k/announce' }, true],
	['the tracker over udp', { tracker: 'udp://t.myanonamouse.net:80/announce' }, true],
	['a host that only ends so', { tracker: 'https://notmyanonamouse.net/announce' }, false],
	['a host that only begins so', { tracker: 'https://myanonamouse.net.test/announce' }, false],
	['the name in the path only', { tracker: 'https://x.test/t.myanonamouse.net' }, false],
	['none of them', {}, false],
])("%s makes a torrent MAM's: %p", (_name, change, isOurs) => {
	expect(belongsToMam(unstarted(1, { ...elsewhere, ...change }), 'mam-farming')).toBe(isOurs);
});

const added = (seconds: number) => ({ added_on: NOW_SECONDS - seconds });

test.each<[string, ClientTorrent, number]>([
	['just added', unstarted(0), 1],
	['added a second less than 60 min ago', unstarted(0, added(HOUR - 1)), 1],
	['added 60 min ago, the site counts it', unstarted(0, added(HOUR)), 0],
	['just added and complete', torrent({ ...added(60), seeding_time: 30 }), 1],
	['just added, and satisfied already', torrent({ ...added(60), seeding_time: 72 * HOUR }), 0],
	['of somebody else, just added', unstarted(0, elsewhere), 0],
	['waiting in the queue for days', unstarted(80, { state: 'queuedDL' }), 1],
	['complete and waiting in the queue', torrent({ state: 'queuedUP', seeding_time: 0 }), 1],
	['satisfied in the queue', torrent({ state: 'queuedUP', seeding_time: 72 * HOUR }), 0],
	...['stoppedDL', 'stoppedUP', 'error', 'missingFiles'].map(
		(state): [string, ClientTorrent, number] => [
			`just added, but ${state}`,
			unstarted(0, { state, trackers: refused }),
			0,
		],
	),
	['refused, whatever it has seeded', torrent({ trackers: refused, seeding_time: 90 * HOUR }), 1],
	['refused, added less than 30 d ago', torrent({ trackers: refused, ...added(30 * DAY - 1) }), 1],
	['refused for longer than the site waits', torrent({ trackers: refused, ...added(30 * DAY) }), 0],
	[
		'refused by another tracker only',
		torrent({ trackers: [tracker(), { ...refused[0], url: 'https://other.test/announce' }] }),
		0,
	],
	[
		'refused for longer, and waiting in the queue',
		incomplete(31 * 24, 0.1, { state: 'queuedDL', trackers: refused }),
		1,
	],
	['whose tracker does not answer', torrent({ trackers: [TIMED_OUT], seeding_time: HOUR }), 0],
	['added while the tracker does not answer', unstarted(9, { trackers: [TIMED_OUT] }), 1],
	['not heard of for longer than that', unstarted(31 * 24, { trackers: [TIMED_OUT] }), 0],
	['of which a part came before it was silent', incomplete(9, 0.1, { trackers: [TIMED_OUT] }), 0],
	['that the tracker knows, but nobody has', unstarted(9), 0],
	['whose tracker was not asked, but has worked', unstarted(9, { trackers: undefined }), 0],
	['whose tracker has never worked', unstarted(9, { trackers: undefined, tracker: '' }), 1],
	['refused as a Mouse', torrent({ trackers: [MOUSE_REFUSAL], seeding_time: HOUR }), 0],
	['whose tracker was not asked', torrent({ trackers: undefined, seeding_time: HOUR }), 0],
])('%s: the site misses %#', (_name, record, count) => {
	expect(countUncounted([record], 'mam-farming', NOW_SECONDS)).toBe(count);
});
