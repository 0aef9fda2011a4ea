import type { FailureFacts } from '../../shared/failure';
import { SESSION_CAUSES, type Cause } from '../../shared/types';
import { MAX_FREEZE_MS, refusalFacts } from '../parse/refusal';
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

/** The pages of the site that a call concerns. */
export interface Call {
	path: string;
	isDownload: boolean;
}

/** How long a refusal holds; 0 when it is not remembered. */
function lengthOf(cause: Cause): number {
	if (cause === 'rate_limited') return RATE_LIMIT_PAUSE_MS;
	if (cause === 'download_freeze') return MAX_FREEZE_MS;
	return isOfTheSession(cause) || cause === 'function_not_allowed' ? PROBE_INTERVAL_MS : 0;
}

/** Whether a pause is running. One that would last longer than its rule comes from a clock that was set back. */
function isRunning({ cause, until }: Pause, now: Date): boolean {
	const left = Date.parse(until) - now.getTime();
	return left > 0 && left <= lengthOf(cause);
}

/** What a pause that is still running says, without a call; null when the call may be made. */
export function pauseFacts(state: TokenState, now: Date, call: Call): FailureFacts | null {
	const { pause, freezeUntil, pausedPaths } = state;
	const { [call.path]: functionUntil } = pausedPaths;
	const pauses: Array<Pause | null> = [
		pause,
		functionUntil === undefined ? null : { cause: 'function_not_allowed', until: functionUntil },
		call.isDownload && freezeUntil !== null
			? { cause: 'download_freeze', until: freezeUntil }
			: null,
	];
	for (const one of pauses) {
		if (one !== null && isRunning(one, now))
			return { ...sessionFacts(one.cause, state), until: one.until };
	}
	return null;
}

/** The facts of a refused session, which say so when it has never worked with this credential. */
function sessionFacts(cause: Cause, { acceptedAt }: TokenState): FailureFacts {
	const facts = refusalFacts(cause);
	if (cause !== 'dead_cookie' || acceptedAt !== null) return facts;
	return {
		...facts,
		sentence: `${facts.sentence} It has never worked with this credential: it was copied wrongly, or another credential or program uses it too.`,
	};
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
	path: string,
): { state: TokenState; facts: FailureFacts } {
	let facts = refused;
	let { lastRejectedPaste } = state;
	if (refused.cause === 'dead_cookie') {
		const other =
			lastRejectedPaste !== null &&
			lastRejectedPaste.fingerprint !== state.pastedFingerprint &&
			now.getTime() - Date.parse(lastRejectedPaste.at) < REJECTED_PASTE_MEMORY_MS;
		facts = other ? refusalFacts('account_disabled') : sessionFacts('dead_cookie', state);
		if (!other) lastRejectedPaste = { fingerprint: state.pastedFingerprint, at: now.toISOString() };
	}
	const until = pauseEnd(facts, now);
	if (until === null) return { state, facts };
	const paused = { ...facts, until };
	if (facts.cause === 'download_freeze')
		return { state: { ...state, freezeUntil: until }, facts: paused };
	if (facts.cause === 'function_not_allowed') {
		const pausedPaths = { ...state.pausedPaths, [path]: until };
		return { state: { ...state, pausedPaths }, facts: paused };
	}
	const pause = { cause: facts.cause, until };
	return { state: { ...state, lastRejectedPaste, pause }, facts: paused };
}

function pauseEnd(facts: FailureFacts, now: Date): string | null {
	if (facts.cause === 'download_freeze')
		return facts.until ?? new Date(now.getTime() + DAY_MS).toISOString();
	const length = lengthOf(facts.cause);
	return length === 0 ? null : new Date(now.getTime() + length).toISOString();
}

/** How old the noted time of an accepted answer may become before it is written again. */
const ACCEPTED_PRECISION_MS = 5 * MINUTE_MS;

/** The state after an accepted answer: whatever refused the session before is over. A download freeze is not. */
export function acceptedState(state: TokenState, now: Date): TokenState {
	const { acceptedAt, pause, lastRejectedPaste, probeRefusal } = state;
	const age = now.getTime() - Date.parse(acceptedAt ?? '');
	const isNoted = age >= 0 && age < ACCEPTED_PRECISION_MS;
	if (isNoted && pause === null && lastRejectedPaste === null && probeRefusal === null)
		return state;
	return {
		...state,
		acceptedAt: now.toISOString(),
		pause: null,
		lastRejectedPaste: null,
		probeRefusal: null,
	};
}
