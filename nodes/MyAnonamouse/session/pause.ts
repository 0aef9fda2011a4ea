import type { FailureFacts } from '../../shared/failure';
import { SESSION_CAUSES, type Cause } from '../../shared/types';
import { refusalFacts } from '../parse/refusal';
import type { Pause, TokenState } from './tokenState';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The site's 429 carries no Retry-After; careful clients wait half an hour. */
const RATE_LIMIT_PAUSE_MS = 30 * MINUTE_MS;

/** A refused session is tried once a day, so that a lock lifted by the user is noticed. */
const PROBE_INTERVAL_MS = DAY_MS;

/** Refusals of the session or the account; the last two do not say what is wrong with it. */
const SESSION_REFUSALS: Cause[] = [...SESSION_CAUSES, 'login_redirect', 'session_refused'];

/** Two different pasted values refused within a week look like a disabled account, not like expiry. */
const REJECTED_PASTE_MEMORY_MS = 7 * DAY_MS;

/** What a pause that is still running says, without a call; null when the call may be made. */
export function pauseFacts(state: TokenState, now: Date, isDownload: boolean): FailureFacts | null {
	const { pause, freezeUntil } = state;
	const freeze: Pause | null =
		isDownload && freezeUntil !== null ? { cause: 'download_freeze', until: freezeUntil } : null;
	for (const hold of [pause, freeze]) {
		if (hold !== null && Date.parse(hold.until) > now.getTime())
			return { ...refusalFacts(hold.cause), until: hold.until };
	}
	return null;
}

/** `facts` whose sentence names the time until which they hold, where there is one. */
export function withTime(facts: FailureFacts): FailureFacts {
	const { sentence, until } = facts;
	return until ? { ...facts, sentence: `${sentence} No further calls until ${until}.` } : facts;
}

/** Whether a refusal is tried again whenever the user presses Retry, and otherwise once a day. */
export function isOfTheSession(cause: Cause): boolean {
	return SESSION_REFUSALS.includes(cause);
}

/** Whether the user's own Test may call although a pause is running. */
export function testMayCall(pause: Pause | null): boolean {
	return pause === null || isOfTheSession(pause.cause);
}

/** The state after a refusal, and the facts to report, with the deadline that was remembered. */
export function rememberRefusal(
	state: TokenState,
	refused: FailureFacts,
	now: Date,
): { state: TokenState; facts: FailureFacts } {
	let facts = refused;
	let { lastRejectedPaste } = state;
	if (refused.cause === 'dead_cookie') {
		const other =
			lastRejectedPaste !== null &&
			lastRejectedPaste.fingerprint !== state.pastedFingerprint &&
			now.getTime() - Date.parse(lastRejectedPaste.at) < REJECTED_PASTE_MEMORY_MS;
		if (other) facts = refusalFacts('account_disabled');
		else lastRejectedPaste = { fingerprint: state.pastedFingerprint, at: now.toISOString() };
	}
	const until = pauseEnd(facts, now);
	if (until === null) return { state, facts };
	const held = { ...facts, until };
	if (facts.cause === 'download_freeze')
		return { state: { ...state, freezeUntil: until }, facts: held };
	return {
		state: { ...state, lastRejectedPaste, pause: { cause: facts.cause, until } },
		facts: held,
	};
}

function pauseEnd(facts: FailureFacts, now: Date): string | null {
	if (facts.cause === 'rate_limited')
		return new Date(now.getTime() + RATE_LIMIT_PAUSE_MS).toISOString();
	if (facts.cause === 'download_freeze')
		return facts.until ?? new Date(now.getTime() + DAY_MS).toISOString();
	if (isOfTheSession(facts.cause)) return new Date(now.getTime() + PROBE_INTERVAL_MS).toISOString();
	return null;
}

/** The state after an accepted answer: whatever refused the session before is over. A download freeze is not. */
export function forgetRefusal(state: TokenState): TokenState {
	if (state.pause === null && state.lastRejectedPaste === null && state.probeRefusal === null)
		return state;
	return { ...state, pause: null, lastRejectedPaste: null, probeRefusal: null };
}
