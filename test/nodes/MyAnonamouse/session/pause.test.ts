import { refusalFacts } from '../../../../nodes/MyAnonamouse/parse/refusal';
import {
	acceptedState,
	pauseFacts,
	rememberRefusal,
	testMayCall,
	withTime,
} from '../../../../nodes/MyAnonamouse/session/pause';
import {
	readTokenState,
	writeTokenState,
	type TokenState,
} from '../../../../nodes/MyAnonamouse/session/tokenState';
import type { Cause } from '../../../../nodes/shared/types';

const now = new Date('2026-11-23T12:00:00Z');
const PATH = '/x.php';
const CALL = { path: PATH, isDownload: false };
const DOWNLOAD = { path: PATH, isDownload: true };
const accepted = (state: TokenState) => acceptedState(state, now);
const fresh = readTokenState({ sessionToken: 'first' });

function after(hours: number): Date {
	return new Date(now.getTime() + hours * 3_600_000);
}

function refuse(cause: Cause, state: TokenState = fresh) {
	return rememberRefusal(state, refusalFacts(cause), now, PATH);
}

test.each([
	['rate_limited', 0.49, 0.51],
	['dead_cookie', 23.9, 24.1],
	['ip_lock', 23.9, 24.1],
	['asn_lock', 23.9, 24.1],
	['session_type', 23.9, 24.1],
	['account_disabled', 23.9, 24.1],
	['login_redirect', 23.9, 24.1],
	['session_refused', 23.9, 24.1],
] as const)(
	'%s holds every call until %p h, and lets one through after %p h',
	(cause, held, free) => {
		const { state } = refuse(cause);
		expect(pauseFacts(state, after(held), CALL)).toMatchObject({
			cause,
			until: state.pause?.until,
		});
		expect(pauseFacts(state, after(free), CALL)).toBeNull();
	},
);

test('a download freeze holds downloads only, until its own deadline', () => {
	const facts = { ...refusalFacts('download_freeze'), until: after(26).toISOString() };
	const { state } = rememberRefusal(fresh, facts, now, PATH);
	expect(pauseFacts(state, after(25), DOWNLOAD)).toMatchObject({ cause: 'download_freeze' });
	expect(pauseFacts(state, after(25), CALL)).toBeNull();
	expect(pauseFacts(state, after(27), DOWNLOAD)).toBeNull();
	expect(pauseFacts(accepted(state), after(25), DOWNLOAD)).toMatchObject({
		cause: 'download_freeze',
	});
});

test.each([
	'timeout',
	'unreachable',
	'site_unavailable',
	'not_json',
	'empty_body',
	'gone',
	'vip_only',
] as const)('%s is not remembered', (cause) => {
	expect(refuse(cause).state).toBe(fresh);
});

test('accident 18: a second value refused as dead within a week means the account may be disabled', () => {
	const first = refuse('dead_cookie').state;
	const second = { ...first, pastedFingerprint: 'another', pause: null };
	expect(
		rememberRefusal(second, refusalFacts('dead_cookie'), after(6 * 24), PATH).facts.cause,
	).toBe('account_disabled');
	expect(
		rememberRefusal(second, refusalFacts('dead_cookie'), after(8 * 24), PATH).facts.cause,
	).toBe('dead_cookie');
	expect(rememberRefusal(first, refusalFacts('dead_cookie'), after(24), PATH).facts.cause).toBe(
		'dead_cookie',
	);
});

test('a download freeze without a deadline holds for a day', () => {
	const { state } = refuse('download_freeze');
	expect(state.freezeUntil).toBe(after(24).toISOString());
});

test('a download freeze outlives another refusal, its end, and a newly pasted value', () => {
	const frozen = refuse('download_freeze').state;
	const limited = refuse('rate_limited', frozen).state;
	expect(pauseFacts(limited, after(0.4), DOWNLOAD)).toMatchObject({ cause: 'rate_limited' });
	const tokenState = writeTokenState(accepted(limited));
	const pasted = readTokenState({ sessionToken: 'second', tokenState });
	expect(pauseFacts(pasted, after(23), DOWNLOAD)).toMatchObject({ cause: 'download_freeze' });
	expect(pauseFacts(pasted, after(23), CALL)).toBeNull();
});

test('a pause that would last longer than its rule comes from a clock that was set back, and is over', () => {
	const { state } = refuse('rate_limited');
	expect(pauseFacts(state, after(-1), CALL)).toBeNull();
	expect(pauseFacts(refuse('dead_cookie').state, after(-1), CALL)).toBeNull();
});

test('a function that is not allowed is paused alone, for a day', () => {
	const { state, facts } = refuse('function_not_allowed');
	expect(facts.until).toBe(after(24).toISOString());
	expect(pauseFacts(state, after(23.9), CALL)).toMatchObject({ cause: 'function_not_allowed' });
	expect(pauseFacts(state, after(24.1), CALL)).toBeNull();
	expect(pauseFacts(state, after(1), { path: '/other.php', isDownload: false })).toBeNull();
});

test('an accepted answer notes its time and ends what refused the session before', () => {
	expect(accepted(fresh)).toEqual({ ...fresh, acceptedAt: now.toISOString() });
	expect(accepted({ ...fresh, probeRefusal: 'x' }).probeRefusal).toBeNull();
	const dead = { ...fresh, lastRejectedPaste: { fingerprint: 'x', at: now.toISOString() } };
	expect(accepted(dead).lastRejectedPaste).toBeNull();
});

test("a user's own Test may call while a session is refused, not while calls are", () => {
	const pause = (cause: Cause) => ({ cause, until: after(1).toISOString() });
	expect(testMayCall(null)).toBe(true);
	expect(testMayCall(pause('dead_cookie'))).toBe(true);
	expect(testMayCall(pause('login_redirect'))).toBe(true);
	expect(testMayCall(pause('session_refused'))).toBe(true);
	expect(testMayCall(pause('rate_limited'))).toBe(false);
});

test('a refusal that holds names its time', () => {
	const facts = { ...refusalFacts('rate_limited'), sentence: 'Too many.' };
	expect(withTime({ ...facts, until: '2026-11-23T12:30:00.000Z' }).sentence).toBe(
		'Too many. No further calls until 2026-11-23T12:30:00.000Z.',
	);
	expect(withTime(facts)).toEqual(facts);
});

test('a pause whose time cannot be read is none', () => {
	const state = { ...fresh, pause: { cause: 'rate_limited' as const, until: 'soon' } };
	expect(pauseFacts(state, now, CALL)).toBeNull();
});

test('an accepted answer ends the pause and forgets the dead value', () => {
	const state = accepted(refuse('dead_cookie').state);
	expect(pauseFacts(state, after(1), CALL)).toBeNull();
	expect(state.lastRejectedPaste).toBeNull();
});
