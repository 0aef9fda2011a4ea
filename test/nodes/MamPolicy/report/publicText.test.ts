import * as fc from 'fast-check';

import { rejectedHostHeaderFacts } from '../../../../nodes/QBittorrent/client/answer';
import { signIn, urlFacts, type LoginFields } from '../../../../nodes/QBittorrent/client/session';
import { messagesOf } from '../../../../nodes/MamPolicy/report/events';
import { publicFailure } from '../../../../nodes/MamPolicy/report/publicText';
import { reportItem } from '../../../../nodes/MamPolicy/report/reportItem';
import { failureRecord } from '../../../../nodes/shared/failure';
import type { FailureFacts } from '../../../../nodes/shared/types';
import { report, summary } from './runs';

const SECRET = /owner|topsecret|nas\.lan|The Title|0123456789abcdef/;

const FIELDS: LoginFields = {
	url: 'http://nas.lan:8080',
	username: 'owner',
	password: 'topsecret',
	apiKey: '',
	allowUnauthorizedCerts: false,
	basicAuthUser: '',
	basicAuthPassword: '',
	tokenState: '',
};

/** The failure of a sign-in that is answered like this. */
async function refused(
	statusCode: number,
	body: string,
	headers: object = {},
	username = FIELDS.username,
) {
	const http = { httpRequest: async () => ({ statusCode, headers, body: Buffer.from(body) }) };
	return (await signIn(http as never, { ...FIELDS, username })).refusal!;
}

function unknown(sentence: string, action = 'Do something.'): FailureFacts {
	return { cause: 'unknown', sentence, action };
}

const FAILURES: Array<[string, () => FailureFacts | Promise<FailureFacts>]> = [
	['a wrong password', async () => await refused(200, 'Fails.')],
	['a redirect', async () => await refused(302, '', { location: '/login?user=owner&rd=nas.lan' })],
	['a server failure', async () => await refused(502, 'Bad gateway at nas.lan')],
	['words of its own', async () => await refused(418, 'owner may not sign in at nas.lan')],
	['a refused Host', () => rejectedHostHeaderFacts(FIELDS.url)],
	['a URL with a login', () => urlFacts({ ...FIELDS, url: 'owner:topsecret@nas.lan' })!],
	['a name', () => ({ ...unknown('No category "The Title".'), cause: 'bad_parameter' })],
	[
		'a name of the owner',
		() => ({ ...unknown('Signed in as owner@nas.lan.'), cause: 'client_auth' }),
	],
	[
		'a hash',
		() => ({
			...unknown(`No torrent ${'0123456789abcdef'.repeat(3).slice(0, 40)}.`),
			cause: 'gone',
		}),
	],
	["another node's words", () => unknown('The Title by owner failed at nas.lan', 'Ask owner.')],
];

test.each(FAILURES)(
	'%s: neither the report nor the message holds a user, an address, a title or a hash',
	async (_what, facts) => {
		const item = failureRecord({ name: 'List Torrents' } as never, 'list', await facts());
		const held = summary('judgeTorrents', { lines: [item.error], failure: item });
		for (const items of [[item], [held]]) {
			const outcome = report('farming-janitor', items);
			const wishes = { events: ['failed'], reminderHours: 24 };
			const { messages } = messagesOf(outcome, {}, wishes);
			expect(messages).toHaveLength(1);
			expect(messages[0].message).toContain('List Torrents');
			expect(JSON.stringify([reportItem(outcome), messages])).not.toMatch(SECRET);
		}
	},
);

/** `facts` as they leave n8n. */
function shown({ cause, sentence, action, until = null }: FailureFacts): string {
	const failure = { cause, message: sentence, action, until, node: '', operation: 'list' };
	return publicFailure(failure).message;
}

/** Names with what could end a quotation early, and any other characters. */
const NAMES = fc.string({
	unit: fc.oneof(
		fc.constantFrom('"', '\\', '\n', ' ', '.', '@', '://'),
		fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
	),
	minLength: 1,
});

test('no part of a name shows, whatever characters are in it', async () => {
	await fc.assert(
		fc.asyncProperty(NAMES, NAMES, async (name, other) => {
			const user = await refused(200, 'Fails.', {}, name);
			expect(shown(user)).toBe('qBittorrent refused the password of user "…".');
			const two = unknown(
				`Nothing was sent with "${name}": it holds the same mam_id as "${other}".`,
			);
			expect(shown({ ...two, cause: 'session_in_two_credentials' })).toBe(
				'Nothing was sent with "…".',
			);
		}),
	);
});
