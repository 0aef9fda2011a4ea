import { refusalFacts } from '../../../../nodes/MyAnonamouse/parse/refusal';
import {
	forgetRefusal,
	pauseFacts,
	rememberRefusal,
} from '../../../../nodes/MyAnonamouse/transport/pause';
import {
	readTokenState,
	type TokenState,
} from '../../../../nodes/MyAnonamouse/transport/tokenState';
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

test('an accepted answer ends the pause and forgets the dead value', () => {
	const state = forgetRefusal(refuse('dead_cookie').state);
	expect(pauseFacts(state, after(1), false)).toBeNull();
	expect(state.deadPaste).toBeNull();
});
