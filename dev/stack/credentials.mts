import type { N8nApi } from './n8nApi.mts';
import { PASSWORD, USERNAME } from './qbittorrent.mts';

/** The credential of the client at `url`; `changes` replaces single fields. */
export async function createClientCredential(
	api: N8nApi,
	url: string,
	changes: Record<string, unknown> = {},
): Promise<string> {
	return await api.createCredential('qBittorrent account', 'qBittorrentWebApi', {
		url,
		username: USERNAME,
		password: PASSWORD,
		apiKey: '',
		allowUnauthorizedCerts: false,
		sessionToken: '',
		tokenState: '',
		...changes,
	});
}

/** Creates the two credentials in n8n, as a user would in the editor; returns their ids by type. */
export async function createCredentials(
	api: N8nApi,
	settings: {
		mamUrl: string;
		session: string;
		clientUrl: string;
		requestIntervalSeconds?: number;
	},
): Promise<Record<string, string>> {
	const { mamUrl, session, clientUrl, requestIntervalSeconds = 0 } = settings;
	return {
		myAnonamouseApi: await api.createCredential('MyAnonamouse account', 'myAnonamouseApi', {
			sessionToken: session,
			baseUrl: mamUrl,
			requestIntervalSeconds,
			tokenState: '',
			refresh: '',
		}),
		qBittorrentWebApi: await createClientCredential(api, clientUrl),
	};
}

/** Makes a credential of each type that belongs to another account: whatever looks for its own must not take it. */
export async function createDecoys(api: N8nApi): Promise<void> {
	for (const type of ['myAnonamouseApi', 'qBittorrentWebApi'])
		await api.createCredential(`Of another account (${type})`, type, {});
}
