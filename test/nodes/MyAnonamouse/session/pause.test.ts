import { refusalFacts } from '../../../../nodes/MyAnonamouse/parse/refusal';
import {
	forgetRefusal,
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
const fresh = readTokenState({ sessionToken: 'first' });

function after(hours: number): Date {
	return new Date(now.getTime() + hours * 3_600_000);
}

function refuse(cause: Cause, state: TokenState = fresh) {
	return rememberRefusal(state, refusalFacts(cause), now);
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
		expect(pauseFacts(state, after(held), false)).toMatchObject({
			cause,
			until: state.pause?.until,
		});
		expect(pauseFacts(state, after(free), false)).toBeNull();
	},
);

test('a download freeze holds downloads only, until its own deadline', () => {
	const facts = { ...refusalFacts('download_freeze'), until: after(26).toISOString() };
	const { state } = rememberRefusal(fresh, facts, now);
	expect(pauseFacts(state, after(25), true)).toMatchObject({ cause: 'download_freeze' });
	expect(pauseFacts(state, after(25), false)).toBeNull();
	expect(pauseFacts(state, after(27), true)).toBeNull();
	expect(pauseFacts(forgetRefusal(state), after(25), true)).toMatchObject({
		cause: 'download_freeze',
	});
});

test.each(['timeout', 'unreachable', 'not_json', 'empty_body', 'gone', 'vip_only'] as const)(
	'%s is not remembered',
	(cause) => {
		expect(refuse(cause).state).toBe(fresh);
	},
);

test('accident 18: a second value refused as dead within a week means the account may be disabled', () => {
	const first = refuse('dead_cookie').state;
	const second = { ...first, pastedFingerprint: 'another', pause: null };
	expect(rememberRefusal(second, refusalFacts('dead_cookie'), after(6 * 24)).facts.cause).toBe(
		'account_disabled',
	);
	expect(rememberRefusal(second, refusalFacts('dead_cookie'), after(8 * 24)).facts.cause).toBe(
		'dead_cookie',
	);
	expect(rememberRefusal(first, refusalFacts('dead_cookie'), after(24)).facts.cause).toBe(
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
	expect(pauseFacts(limited, after(0.4), true)).toMatchObject({ cause: 'rate_limited' });
	const tokenState = writeTokenState(forgetRefusal(limited));
	const pasted = readTokenState({ sessionToken: 'second', tokenState });
	expect(pauseFacts(pasted, after(23), true)).toMatchObject({ cause: 'download_freeze' });
	expect(pauseFacts(pasted, after(23), false)).toBeNull();
});

test('an accepted answer changes nothing where nothing was refused', () => {
	expect(forgetRefusal(fresh)).toBe(fresh);
	const frozen = refuse('download_freeze').state;
	expect(forgetRefusal(frozen)).toBe(frozen);
	expect(forgetRefusal({ ...fresh, probeRefusal: 'x' }).probeRefusal).toBeNull();
	const dead = { ...fresh, lastRejectedPaste: { fingerprint: 'x', at: now.toISOString() } };
	expect(forgetRefusal(dead).lastRejectedPaste).toBeNull();
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
	expect(pauseFacts(state, now, false)).toBeNull();
});

test('an accepted answer ends the pause and forgets the dead value', () => {
	const state = forgetRefusal(refuse('dead_cookie').state);
	expect(pauseFacts(state, after(1), false)).toBeNull();
	expect(state.lastRejectedPaste).toBeNull();
});
