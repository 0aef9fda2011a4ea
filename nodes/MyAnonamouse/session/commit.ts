import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { requestOptions } from './answer';
import { mamUrl } from './hosts';
import { readTokenState, writeTokenState, type TokenState } from './tokenState';
import { cacheTokenState } from './tokenStateCache';

const CREDENTIAL = 'myAnonamouseApi';

/**
 * What a request with the credential is for. Node code puts one into the credential data that it hands to
 * n8n; without one the request comes from the Test button or from n8n's HTTP Request node.
 */
export type SessionStep =
	/** Send the request with this session; store nothing. */
	| { kind: 'use'; session: string }
	/** Store this `tokenState`; send nothing. */
	| { kind: 'commit'; tokenState: string };

/** The name of the step in the credential data. It is never stored: n8n stores only what preAuthentication returns. */
export const SESSION_STEP = 'sessionStep';

/** The part of a request that differs from call to call. */
export type RequestParts = Pick<IHttpRequestOptions, 'url' | 'qs' | 'body' | 'method'>;

/** The stored credential of one item of a run. */
export class StoredCredential {
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
	) {}

	/** The credential's data, read from the database. */
	async read(): Promise<ICredentialDataDecryptedObject> {
		return await this.context.getCredentials(CREDENTIAL, this.itemIndex);
	}

	/** The stored state, read from the database. */
	async state(): Promise<TokenState> {
		return readTokenState(await this.read());
	}

	/**
	 * Changes the stored state and sends nothing. `change` gets the state as it is stored now, so that what
	 * another process stored meanwhile is kept. Returns whether it was stored.
	 */
	async commit(change: (current: TokenState) => TokenState): Promise<boolean> {
		const credential = await this.read();
		const current = readTokenState(credential);
		const changed = change(current);
		if (changed === current) return true;
		const tokenState = writeTokenState(changed);
		const url = mamUrl(String(credential.baseUrl), 'www', '/');
		try {
			await this.call({ url }, credential, { kind: 'commit', tokenState });
		} catch {
			// n8n stores the state and then calls; the call is aborted at once by design. An error of the
			// database may look the same, so only what is read back proves that it was stored.
		}
		const { generation } = await this.state();
		if (generation <= current.generation) return false;
		cacheTokenState(tokenState, credential);
		return true;
	}

	/** Sends a request with `session`; stores nothing. */
	async send(
		request: RequestParts,
		credential: ICredentialDataDecryptedObject,
		session: string,
	): Promise<IN8nHttpFullResponse> {
		return await this.call(request, credential, { kind: 'use', session });
	}

	private async call(
		request: RequestParts,
		credential: ICredentialDataDecryptedObject,
		step: SessionStep,
	): Promise<IN8nHttpFullResponse> {
		const stored = this.context.getNode().credentials?.[CREDENTIAL];
		return (await this.context.helpers.httpRequestWithAuthentication.call(
			this.context,
			CREDENTIAL,
			requestOptions(request),
			{
				credentialsDecrypted: {
					id: stored?.id ?? '',
					name: stored?.name ?? '',
					type: CREDENTIAL,
					data: { ...credential, refresh: '', [SESSION_STEP]: step as never },
				},
				// n8n would send the request a second time after a 401.
				preAuthenticationRetryStatusCode: [],
			},
		)) as IN8nHttpFullResponse;
	}
}
