import { ApplicationError } from 'n8n-workflow';
import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { USE_SESSION } from '../nodes/QBittorrent/client/client';
import {
	isOwnAddress,
	loginFields,
	readSession,
	signIn,
	signInHeaders,
	type SessionState,
} from '../nodes/QBittorrent/client/session';

/** Its name sounds secret, but a masked switch would always show as on. */
const allowUnauthorizedCerts: INodeProperties = {
	displayName: 'Ignore SSL Issues (Insecure)',
	name: 'allowUnauthorizedCerts',
	type: 'boolean',
	default: false,
	description: 'Whether to connect even if the certificate is self-signed or expired',
};

/** Sign-in to a qBittorrent WebUI. The session is kept here, encrypted, until qBittorrent ends it. */
export class QBittorrentWebApi implements ICredentialType {
	name = 'qBittorrentWebApi';

	displayName = 'qBittorrent API';

	icon: Icon = {
		light: 'file:../nodes/QBittorrent/qbittorrent.svg',
		dark: 'file:../nodes/QBittorrent/qbittorrent.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-myanonamouse/n8n-nodes-myanonamouse?tab=readme-ov-file#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			default: 'http://localhost:8080',
			required: true,
			description:
				'Address of the WebUI with its port and, behind a reverse proxy, its path, as n8n reaches it. In a container, localhost is the container itself: use the name of qBittorrent there, e.g. http://qbittorrent:8080.',
		},
		{
			displayName: 'Username',
			name: 'username',
			type: 'string',
			default: 'admin',
			description: 'User of the WebUI. Not needed with an API key.',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Password of the WebUI. Not needed with an API key.',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Key created in qBittorrent 5.2 or newer (starts with qbt_). If it is set, username and password are not used.',
		},
		{
			displayName: 'Basic Auth User',
			name: 'basicAuthUser',
			type: 'string',
			default: '',
			description:
				'Only if a reverse proxy in front of the WebUI asks for a sign-in of its own. Not sent together with an API key.',
		},
		{
			displayName: 'Basic Auth Password',
			name: 'basicAuthPassword',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: "Password of the reverse proxy's sign-in",
		},
		allowUnauthorizedCerts,
		{
			displayName: 'Session Token',
			name: 'sessionToken',
			type: 'hidden',
			// Always empty, so that n8n calls preAuthentication before every request, the Test's included.
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			displayName: 'Token State',
			name: 'tokenState',
			type: 'hidden',
			typeOptions: { password: true },
			default: '',
		},
	];

	/**
	 * Signs in (or proves the API key) and lets n8n store the outcome, also a refusal: what is refused once must not be sent again
	 * by a schedule. The node's own requests bring the stored session and skip this.
	 */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<ICredentialDataDecryptedObject> {
		const fields = loginFields(credentials);
		if (credentials[USE_SESSION] === true) return {};
		const state: SessionState = await signIn(this.helpers, fields);
		return { sessionToken: '', tokenState: JSON.stringify(state) };
	}

	authenticate: IAuthenticate = async (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const fields = loginFields(credentials);
		const { cookie, refusal } = readSession(fields);
		if (credentials[USE_SESSION] !== true && refusal !== null) {
			throw new ApplicationError(`${refusal.sentence} ${refusal.action}`, { level: 'warning' });
		}
		if (!isOwnAddress(fields, requestOptions)) {
			throw new ApplicationError(
				'The session is only sent to the address named in the credential.',
				{
					level: 'warning',
				},
			);
		}
		return {
			...requestOptions,
			headers: { ...requestOptions.headers, ...signInHeaders(fields, cookie ?? '') },
			skipSslCertificateValidation: fields.allowUnauthorizedCerts,
		};
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.url.trim().replace(/\\/+$/, "") }}',
			url: '/api/v2/app/webapiVersion',
		},
	};
}
