import { isHostOf } from '../../../shared/site';
import type { TrackerRecord } from '../../../shared/records';

/** qBittorrent's tracker statuses: 2 working; 4 not working; from 5.3 also 5 tracker error, 6 unreachable. */
const WORKING = 2;
const UNREACHABLE = 6;
const FAILING = [4, 5, UNREACHABLE];

/** The tracker's words to a Mouse: no peers, and no reason to delete. */
const MOUSE_MESSAGE = 'user currently mouse rank';

/** What libtorrent and web servers say when nobody answers for the tracker. */
const UNREACHABLE_WORDS = [
	'no answer',
	'timed out',
	'timeout',
	'connection refused',
	'connection reset',
	'connection closed',
	'host not found',
	'no route to host',
	'unreachable',
	'end of file',
	'internal server error',
	'bad gateway',
	'service unavailable',
];

/** What the real trackers of one torrent say. */
export interface TrackerEvidence {
	/** A real tracker has answered, well or badly. */
	given: boolean;
	working: boolean;
	/** The message that says the torrent is not registered any more; null without one. */
	unregistered: string | null;
	mouse: boolean;
	/** Any other tracker error; null if there is none. */
	error: string | null;
	/** Whether the error is that nobody answers: it says nothing about the torrent. */
	unreachable: boolean;
}

/** While a client announces again, the words of the refusal before still stand in the message. */
function isFailing(status: number, message: string): boolean {
	return FAILING.includes(status) || (status !== WORKING && message !== '');
}

function isUnreachable(status: number, message: string): boolean {
	const lower = message.toLowerCase();
	return (
		status === UNREACHABLE ||
		lower === '' ||
		/\b5\d\d\b/.test(lower) ||
		UNREACHABLE_WORDS.some((words) => lower.includes(words))
	);
}

/** The trackers that speak for a torrent: those of `hosts` where it has any. DHT, PeX and LSD (tier -1) are no trackers. */
function speaking(trackers: TrackerRecord[] | undefined, hosts: string[]): TrackerRecord[] {
	const real = (trackers ?? []).filter(({ tier }) => tier >= 0);
	const own = real.filter(({ url }) => hosts.some((host) => isHostOf(url, host)));
	return own.length > 0 ? own : real;
}

/** Reads the trackers of a torrent; of one with trackers of `hosts`, only those. */
export function trackerEvidence(
	trackers: TrackerRecord[] | undefined,
	unregisteredMessages: string[],
	hosts: string[],
): TrackerEvidence {
	const real = speaking(trackers, hosts);
	const evidence: TrackerEvidence = {
		// Not contacted yet, or in the middle of an announce: that proves nothing.
		given: real.some(({ status, msg }) => status === WORKING || isFailing(status, msg)),
		working: real.some(({ status }) => status === WORKING),
		unregistered: null,
		mouse: false,
		error: null,
		unreachable: false,
	};
	for (const { status, msg: message } of real) {
		const lower = message.toLowerCase();
		if (lower.includes(MOUSE_MESSAGE)) evidence.mouse = true;
		else if (unregisteredMessages.some((text) => lower.includes(text.toLowerCase()))) {
			evidence.unregistered = message;
		} else if (isFailing(status, message)) {
			evidence.error = message || 'no answer';
			evidence.unreachable = isUnreachable(status, message);
		}
	}
	return evidence;
}
