import {
	readTokenState,
	writeTokenState,
	type TokenState,
} from '../../../../nodes/MyAnonamouse/session/tokenState';

function stored(sessionToken: string, change: Partial<TokenState>) {
	return {
		sessionToken,
		tokenState: writeTokenState({ ...readTokenState({ sessionToken }), ...change }),
	};
}

test('without a stored state the pasted value is the session', () => {
	expect(readTokenState({ sessionToken: 'mam_id=pasted;' }).session).toBe('pasted');
	expect(readTokenState({ sessionToken: 'pasted', tokenState: 'not json' }).session).toBe('pasted');
	expect(readTokenState({ sessionToken: 'pasted', tokenState: '[]' }).session).toBe('pasted');
});

test('the stored session is used as long as the same value is pasted', () => {
	expect(readTokenState(stored('pasted', { session: 'rotated' })).session).toBe('rotated');
});

test('accident 17: a newly pasted value beats the stored session and ends its pause', () => {
	const credential = stored('old', {
		session: 'rotated',
		pause: { cause: 'dead_cookie', until: '2099-01-01T00:00:00.000Z' },
	});
	const state = readTokenState({ ...credential, sessionToken: 'new' });
	expect(state.session).toBe('new');
	expect(state.pause).toBeNull();
});

test('a purchase under way outlives a newly pasted value', () => {
	const purchase = {
		what: 'upload' as const,
		amount: 50,
		at: '2026-11-23T00:00:00.000Z',
		outcome: 'open' as const,
		bonusPoints: 0,
		uploadedBytes: 0,
		vipUntil: null,
	};
	expect(readTokenState({ ...stored('old', { purchase }), sessionToken: 'new' }).purchase).toEqual(
		purchase,
	);
});

test.each(['deleted', ''])('a stored session %p is not used', (session) => {
	expect(readTokenState(stored('pasted', { session })).session).toBe('pasted');
});

test('the fingerprint does not show the pasted value', () => {
	const { pastedFingerprint } = readTokenState({ sessionToken: 'pasted-value' });
	expect(pastedFingerprint).toMatch(/^[\da-f]{12}$/);
});
