import type { IN8nHttpFullResponse } from 'n8n-workflow';

import { homepage, name } from '../../../../package.json';
import {
	answerDeadline,
	noAnswerFacts,
	requestOptions,
	toAnswer,
} from '../../../../nodes/MyAnonamouse/session/answer';

const { Readable } = jest.requireActual<typeof import('node:stream')>('node:stream');

async function* chunks(...parts: Buffer[]) {
	yield* parts;
}

function networkError(code: string, cause?: unknown): Error {
	return Object.assign(new Error('SECRET'), { code, cause });
}

test.each([
	['ECONNREFUSED', 'the connection was refused'],
	['ENOTFOUND', 'its name was not found'],
	['EAI_AGAIN', 'its name was not found'],
	['ECONNRESET', 'the connection broke'],
	['EPIPE', 'the connection broke'],
	['CERT_HAS_EXPIRED', 'its certificate is not trusted'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted'],
	['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not trusted'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted'],
])('%s is described in words: %s', (code, words) => {
	const facts = noAnswerFacts(networkError(code));
	expect(facts).toMatchObject({
		cause: 'unreachable',
		sentence: `MyAnonamouse could not be reached: ${words}.`,
	});
	expect(facts.action).not.toBe('');
	expect(noAnswerFacts(networkError('', networkError(code))).sentence).toBe(facts.sentence);
});

test.each([
	['ETIMEDOUT', networkError('ETIMEDOUT')],
	['ECONNABORTED', networkError('ECONNABORTED')],
	['a message', new Error('timeout of 30000ms exceeded')],
	['another message', new Error('Request timed out')],
	['the error inside', networkError('', networkError('ETIMEDOUT'))],
])('a time-out is known by %s', (_name, error) => {
	expect(noAnswerFacts(error).cause).toBe('timeout');
});

test('a broken connection is also known by its message', () => {
	expect(noAnswerFacts(new Error('socket hang up')).sentence).toContain('the connection broke');
});

test.each([[networkError('EODD')], [undefined], [null], ['text'], [{}]])(
	'nothing of %p is quoted: it may hold headers',
	(error) => {
		expect(noAnswerFacts(error)).toMatchObject({
			cause: 'unreachable',
			sentence: 'MyAnonamouse could not be reached.',
		});
	},
);

test('an error that is its own cause is read once', () => {
	const error = networkError('ECONNREFUSED');
	Object.assign(error, { cause: error });
	expect(noAnswerFacts(error).sentence).toContain('refused');
});

test.each<[string, unknown, string]>([
	['a buffer', Buffer.from('text'), 'text'],
	['a stream', chunks(Buffer.from('te'), Buffer.from('xt')), 'text'],
	['text', 'text', 'text'],
	['nothing', undefined, ''],
])('a body that is %s is read as bytes', async (_name, body, text) => {
	const response = { statusCode: 203, headers: { a: 'b' }, body } as IN8nHttpFullResponse;
	const answer = await toAnswer(response, answerDeadline());
	expect(answer).toEqual({ statusCode: 203, headers: { a: 'b' }, body: Buffer.from(text) });
});

test('a request names this package and its homepage, keeps every answer as it comes and waits 30 seconds', () => {
	expect(requestOptions({ url: 'https://www.myanonamouse.net/x', method: 'GET' })).toEqual({
		url: 'https://www.myanonamouse.net/x',
		method: 'GET',
		headers: { 'User-Agent': `${name} (+${homepage})` },
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
		timeout: 30_000,
	});
});

test('an answer larger than 32 MiB is not read to its end', async () => {
	let read = 0;
	const body = (async function* () {
		for (; read < 600; read++) yield Buffer.alloc(1024 * 1024);
	})();
	const response = { statusCode: 200, headers: {}, body } as unknown as IN8nHttpFullResponse;
	expect(await toAnswer(response, answerDeadline())).toMatchObject({
		cause: 'not_json',
		sentence: 'MyAnonamouse answered with more than 32 MiB, far more than any page of its API.',
	});
	expect(read).toBeLessThan(40);
});

test('a connection that breaks within the answer is named', async () => {
	const body = (async function* () {
		yield Buffer.from('{');
		throw networkError('ECONNRESET');
	})();
	const response = { statusCode: 200, headers: {}, body } as unknown as IN8nHttpFullResponse;
	expect(await toAnswer(response, answerDeadline())).toMatchObject({ cause: 'unreachable' });
});

test.each([
	['is over when the body begins', () => AbortSignal.abort()],
	['ends while the body arrives', () => AbortSignal.timeout(1)],
])(
	'a body that never ends is given up when the time of its request %s',
	async (_when, deadline) => {
		const body = new Readable({ read() {} });
		body.push('{');
		const response = { statusCode: 200, headers: {}, body } as unknown as IN8nHttpFullResponse;
		expect(await toAnswer(response, deadline())).toMatchObject({ cause: 'timeout' });
		expect(body.destroyed).toBe(true);
	},
);
