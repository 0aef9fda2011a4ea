import type { TrackerRecord } from '../../../shared/records';

/** qBittorrent's tracker statuses: 2 working; 4 not working; from 5.3 also 5 tracker error, 6 unreachable. */
const WORKING = 2;
const FAILING = [4, 5, 6];

/** The tracker's words to a Mouse: no peers, and no reason to delete. */
const MOUSE_MESSAGE = 'user currently mouse rank';

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
}

/** While a client announces again, the words of the refusal before still stand in the message. */
function isFailing(status: number, message: string): boolean {
	return FAILING.includes(status) || (status !== WORKING && message !== '');
}

/** Reads the trackers of a torrent. DHT, PeX and LSD (tier -1) are no trackers. */
export function trackerEvidence(
	trackers: TrackerRecord[] | undefined,
	unregisteredMessages: string[],
): TrackerEvidence {
	const real = (trackers ?? []).filter(({ tier }) => tier >= 0);
	const evidence: TrackerEvidence = {
		// Not contacted yet, or in the middle of an announce: that proves nothing.
		given: real.some(({ status, msg }) => status === WORKING || isFailing(status, msg)),
		working: real.some(({ status }) => status === WORKING),
		unregistered: null,
		mouse: false,
		error: null,
	};
	for (const { status, msg: message } of real) {
		const lower = message.toLowerCase();
		if (lower.includes(MOUSE_MESSAGE)) evidence.mouse = true;
		else if (unregisteredMessages.some((text) => lower.includes(text.toLowerCase()))) {
			evidence.unregistered = message;
		} else if (isFailing(status, message)) evidence.error = message || 'no answer';
	}
	return evidence;
}
