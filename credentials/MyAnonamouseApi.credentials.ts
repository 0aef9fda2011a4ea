import { UserError } from 'n8n-workflow';
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

import { SESSION_STEP, type SessionStep } from '../nodes/MyAnonamouse/session/commit';
import { probeSession } from '../nodes/MyAnonamouse/session/probe';
import { cookieHeader } from '../nodes/MyAnonamouse/session/cookie';
import { mayCarrySession, SITE_URL, USER_AGENT } from '../nodes/MyAnonamouse/session/hosts';
import { readTokenState } from '../nodes/MyAnonamouse/session/tokenState';

const JSON_IP_PATH = '/json/jsonIp.php';

type SessionCredential = ICredentialDataDecryptedObject & { [SESSION_STEP]?: SessionStep };

/** The site answers jsonIp.php once a minute. */
const JSON_IP_INTERVAL_MS = 60_000;
let jsonIpAt = -Infinity;

/** The Test's own request needs no answer of the site: what matters was asked before. Within a minute it asks nobody. */
function withoutSecondJsonIp(options: IHttpRequestOptions): IHttpRequestOptions {
	if (options.url !== JSON_IP_PATH) return options;
	const age = Date.now() - jsonIpAt;
	if (age >= 0 && age < JSON_IP_INTERVAL_MS)
		return { ...options, baseURL: undefined, url: 'data:application/json,{}' };
	jsonIpAt = Date.now();
	return options;
}

/**
 * The session of a MyAnonamouse account. The site rotates it on nearly every answer, so the value in use
 * lives in `tokenState`, encrypted in n8n's database, where every flow and worker finds the newest one.
 */
export class MyAnonamouseApi implements ICredentialType {
	name = 'myAnonamouseApi';

	displayName = 'MyAnonamouse API';

	icon: Icon = {
		light: 'file:../nodes/MyAnonamouse/myanonamouse.svg',
		dark: 'file:../nodes/MyAnonamouse/myanonamouse.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-myanonamouse/n8n-nodes-myanonamouse?tab=readme-ov-file#credentials';

	properties: INodeProperties[] = [
		{
			displayName:
				'Where mam_id comes from: on the site, open <a href="https://www.myanonamouse.net/preferences/index.php?view=security" target="_blank">Preferences > Security</a>, create a session for the public IP address of n8n (or for its network, ASN) and copy its value. Use it for this credential only: every program needs a session of its own.',
			name: 'mamIdNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Session (mam_id)',
			name: 'sessionToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'The value of the session. A newly pasted value always replaces the stored session.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: SITE_URL,
			description:
				'Address of the site. Change it only to test against a stand-in: its address then replaces all hosts of the site, and the session is sent there.',
		},
		{
			displayName: 'Request Interval (Seconds)',
			name: 'requestIntervalSeconds',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 3,
			description: 'Minimum time between two requests, in seconds',
		},
		{
			displayName: 'Token State',
			name: 'tokenState',
			type: 'hidden',
			typeOptions: { password: true },
			default: '',
		},
		// No secret, but so the editor's form never holds it: n8n puts the stored value back when it is saved.
		{
			displayName: 'Turn',
			name: 'turnToken',
			type: 'hidden',
			typeOptions: { password: true },
			default: '',
		},
		{
			displayName: 'Refresh',
			name: 'refresh',
			type: 'hidden',
			typeOptions: { expirable: true },
			default: '',
		},
	];

	/**
	 * n8n calls this before every request, because `refresh` always stays empty, and stores what it returns.
	 * Without a step (Test button, HTTP Request node) the signed-in request happens here, so that its
	 * rotation is stored as well.
	 */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<ICredentialDataDecryptedObject> {
		const step = (credentials as SessionCredential)[SESSION_STEP];
		if (step?.kind === 'use') return {};
		if (step?.kind === 'commit') return { refresh: '', ...step.keys };
		return { refresh: '', ...(await probeSession(this.helpers, credentials)) };
	}

	authenticate: IAuthenticate = async (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const { [SESSION_STEP]: step, baseUrl } = credentials as SessionCredential;
		if (step?.kind === 'commit') {
			return { ...requestOptions, abortSignal: AbortSignal.abort() };
		}
		if (step?.kind !== 'use') {
			const { probeRefusal } = readTokenState(credentials);
			if (probeRefusal !== null) throw new UserError(probeRefusal);
			return withoutSecondJsonIp(requestOptions);
		}
		if (!mayCarrySession(requestOptions.url, String(baseUrl))) {
			throw new UserError(
				'The session is only sent to myanonamouse.net over https, or to the stand-in named as Base URL.',
			);
		}
		// A stopped run must not lose the rotation in the answer: the request runs to its own time-out.
		const lasting = {
			...requestOptions,
			headers: { ...requestOptions.headers, Cookie: cookieHeader(step.session) },
		};
		delete lasting.abortSignal;
		return lasting;
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				"={{ /^(https:\\/\\/([a-z]+\\.)?myanonamouse\\.net\\/?)?$/.test($credentials.baseUrl) ? 'https://t.myanonamouse.net' : $credentials.baseUrl }}",
			url: JSON_IP_PATH,
			headers: { 'User-Agent': USER_AGENT },
		},
	};
}
