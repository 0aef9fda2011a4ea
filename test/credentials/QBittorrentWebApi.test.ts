import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { CLIENT_URL, TestClient } from '../helpers/qbittorrent';
import { contextOf, newCredential, runNodeJson } from '../nodes/QBittorrent/runNode';

/** The request of the Test button; rejects with the sentence that the user sees. */
async function pressTest(
	credential: ICredentialDataDecryptedObject,
	url = CLIENT_URL,
): Promise<void> {
	const context = contextOf({}, { credential });
	await context.helpers.httpRequestWithAuthentication.call(context, 'qBittorrentWebApi', {
		baseURL: url,
		url: '/api/v2/app/webapiVersion',
	});
}

describe('the Test of the credential', () => {
	it('is green for a good login, also when the stored session has ended', async () => {
		const client = new TestClient();
		const credential = newCredential();
		await pressTest(credential);
		client.endSessions();
		await pressTest(credential);
		expect(client.callsOf('auth/login')).toHaveLength(2);
	});

	it('is red for a wrong password although an earlier session still lives', async () => {
		new TestClient();
		const credential = newCredential();
		await pressTest(credential);
		credential.password = 'wrong-word';
		await expect(pressTest(credential)).rejects.toThrow('refused the password of user "admin"');
	});

	it('tries a refused password again, since a person asked, and frees the node by success', async () => {
		const client = new TestClient();
		const credential = newCredential();
		client.login.password = 'set-later';
		await expect(pressTest(credential)).rejects.toThrow('password');
		client.login.password = 'secret-word';
		const GET_VERSION = { resource: 'application', operation: 'getVersion' };
		expect(await runNodeJson(GET_VERSION, { credential })).toMatchObject([
			{ details: { cause: 'client_auth' } },
		]);
		await pressTest(credential);
		expect(await runNodeJson(GET_VERSION, { credential })).toMatchObject([{ version: 'v4.5.2' }]);
	});

	it('proves an API key', async () => {
		const client = new TestClient('5.3.0');
		client.login.apiKey = 'qbt_right';
		await pressTest(newCredential({ apiKey: 'qbt_right', password: '' }));
		await expect(pressTest(newCredential({ apiKey: 'qbt_wrong' }))).rejects.toThrow('API key');
	});

	it('names an address without a WebAPI', async () => {
		const client = new TestClient();
		client.overrides.set('auth/login', [404, 'Not Found']);
		await expect(pressTest(newCredential())).rejects.toThrow('no WebAPI at this address');
	});
});

describe('the session', () => {
	it('goes to no other host than that of the credential', async () => {
		new TestClient();
		const credential = newCredential();
		await expect(pressTest(credential, 'http://elsewhere.test')).rejects.toThrow(
			'only sent to the address named in the credential',
		);
	});
});
