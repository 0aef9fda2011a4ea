import { NodeOperationError, sleep, UserError } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { failure } from '../../shared/failure';
import { isRecord, parseJson } from '../../shared/json';
import { requestOptions } from './answer';
import { forgetCredential, type Identity } from './credentialsInUse';
import { mamUrl } from './hosts';
import { nextGeneration, readTokenState, writeTokenState, type TokenState } from './tokenState';
import { cacheTokenState, newestState, notePasted } from './tokenStateCache';

const CREDENTIAL = 'myAnonamouseApi';

/** Waits before a failed read or write of n8n's database is tried again, in ms: six seconds in all. */
export const RETRY_WAITS_MS = [0, 100, 200, 400, 800, 1600, 3000];

/** A claim on the session by one of n8n's processes. */
export interface Turn {
	/** Names the process and its claim; empty when nobody has one. */
	claim: string;
	/** Changes whenever the claim is renewed. */
	n: number;
	/** How long, in ms, whoever claims the turn next waits before reading the claim back: long enough for the slowest process. */
	waitMs: number;
}

/** The hidden keys of the credential, each stored on its own. */
export interface HiddenKeys {
	tokenState?: string;
	turnToken?: string;
}

/**
 * What a request with the credential is for. Node code puts one into the credential data that it hands to
 * n8n; without one the request comes from the Test button or from n8n's HTTP Request node.
 */
export type SessionStep =
	/** Send the request with this session; store nothing. */
	| { kind: 'use'; session: string }
	/** Store these keys; send nothing. */
	| { kind: 'commit'; keys: HiddenKeys };

/** The name of the step in the credential data. It is never stored: n8n stores only what preAuthentication returns. */
export const SESSION_STEP = 'sessionStep';

/** The part of a request that differs from call to call. */
export type RequestParts = Pick<IHttpRequestOptions, 'url' | 'qs' | 'body' | 'method'>;

function asNumber(value: unknown): number {
	return typeof value === 'number' ? value : 0;
}

/** The claim that a credential holds. */
export function readTurn(credential: { turnToken?: unknown }): Turn {
	const value =
		typeof credential.turnToken === 'string' ? parseJson(credential.turnToken) : undefined;
	if (!isRecord(value) || typeof value.claim !== 'string') return { claim: '', n: 0, waitMs: 0 };
	const { claim, n, waitMs } = value;
	return { claim, n: asNumber(n), waitMs: asNumber(waitMs) };
}

/** A database that needs longer for one row does not run workflows either. */
const MAX_WRITE_MS = 10_000;

/** With each write, the slowest one so far counts less. */
export const FADING = 0.9;

let slowestWriteMs = 0;

/** The longest time, in ms, that storing a key took in this process lately. */
export function slowestWrite(): number {
	return slowestWriteMs;
}

/** The stored credential, as one item of a node run uses it. */
export class StoredCredential {
	/** Whether a state is known that could not be stored. */
	isBehind = false;

	/** What was read last. */
	private last: ICredentialDataDecryptedObject | null = null;

	/** When that read began, in ms. */
	readAt = 0;

	/** The words of n8n when it refuses the credential: none is set, it was deleted, or it may not be used here. */
	private refusal: string | null = null;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
	) {}

	/** The id of the credential, and its name in n8n. */
	get identity(): Identity {
		const { id, name } = this.context.getNode().credentials?.[CREDENTIAL] ?? {};
		return { id: id ?? '', name: name ?? '' };
	}

	/** The credential's data, read from the database; tried again for seconds, because it may be busy. */
	async read(): Promise<ICredentialDataDecryptedObject> {
		for (const wait of RETRY_WAITS_MS) {
			if (wait > 0) await sleep(wait);
			const credential = await this.readOnce();
			if (credential !== null) return credential;
			if (this.refusal === null) continue;
			forgetCredential(this.identity.id);
			throw failure(this.context.getNode(), {
				cause: 'unknown',
				sentence: this.refusal,
				action: 'In the node, choose a MyAnonamouse credential that this workflow may use.',
			});
		}
		throw failure(this.context.getNode(), {
			cause: 'unknown',
			sentence: 'n8n could not read the MyAnonamouse credential; nothing was sent.',
			action: "Check that n8n's database can be read, then run the workflow again.",
		});
	}

	/** The newest state: what is stored, or what this process knows better. */
	async state(): Promise<TokenState> {
		return newestState(await this.read());
	}

	/** The claim that is stored now. */
	async turn(): Promise<Turn> {
		return readTurn(await this.read());
	}

	/**
	 * Changes the newest state and stores it; sends nothing. The new state is kept in memory first, so it is not
	 * lost when the database can be neither read nor written. Returns whether it was stored.
	 */
	async commit(change: (current: TokenState) => TokenState): Promise<boolean> {
		const credential = (await this.readOnce()) ?? this.last ?? (await this.read());
		const current = newestState(credential);
		const changed = change(current);
		if (changed !== current) cacheTokenState(nextGeneration(changed));
		return await this.storeNewest(credential);
	}

	/** Stores the newest state where the stored one is behind it, and tries again for seconds. Returns whether that succeeded. */
	async storeNewest(credential: ICredentialDataDecryptedObject | null): Promise<boolean> {
		let stored = credential;
		for (const wait of RETRY_WAITS_MS) {
			if (wait > 0) await sleep(wait);
			stored ??= await this.readOnce();
			if (stored === null) continue;
			const newest = newestState(stored);
			if (!isBehind(readTokenState(stored), newest)) {
				this.isBehind = false;
				return true;
			}
			// A row that was changed meanwhile may have the same number.
			cacheTokenState(newest);
			await this.store({ tokenState: writeTokenState(newest) }, stored);
			stored = await this.readOnce();
			if (stored !== null && !isBehind(readTokenState(stored), newestState(stored))) {
				this.isBehind = false;
				return true;
			}
		}
		this.isBehind = true;
		return false;
	}

	/** Stores a claim. It may fail unseen: only reading it back proves that it was stored. */
	async writeTurn(turn: Turn): Promise<void> {
		await this.store({ turnToken: JSON.stringify(turn) }, this.last ?? (await this.read()));
	}

	/** Sends a request with `session`; stores nothing. */
	async send(
		request: RequestParts,
		credential: ICredentialDataDecryptedObject,
		session: string,
	): Promise<IN8nHttpFullResponse> {
		return await this.call(request, credential, { kind: 'use', session });
	}

	private async readOnce(): Promise<ICredentialDataDecryptedObject | null> {
		this.refusal = null;
		const began = Date.now();
		try {
			this.last = await this.context.getCredentials<ICredentialDataDecryptedObject>(
				CREDENTIAL,
				this.itemIndex,
			);
			this.readAt = began;
			notePasted(this.last);
			return this.last;
		} catch (error) {
			if (error instanceof NodeOperationError || error instanceof UserError)
				this.refusal = error.message;
			return null;
		}
	}

	private async store(keys: HiddenKeys, credential: ICredentialDataDecryptedObject): Promise<void> {
		const url = mamUrl(String(credential.baseUrl), 'www', '/');
		const began = Date.now();
		try {
			await this.call({ url }, credential, { kind: 'commit', keys });
		} catch {
			// n8n stores the keys and then calls; the call is aborted at once by design. An error of the
			// database may look the same, so only what is read back proves that they were stored.
		}
		const took = Date.now() - began;
		// Longer ones are a clock that was set.
		if (took <= MAX_WRITE_MS) slowestWriteMs = Math.max(FADING * slowestWriteMs, took);
	}

	private async call(
		request: RequestParts,
		credential: ICredentialDataDecryptedObject,
		step: SessionStep,
	): Promise<IN8nHttpFullResponse> {
		return (await this.context.helpers.httpRequestWithAuthentication.call(
			this.context,
			CREDENTIAL,
			requestOptions(request),
			{
				credentialsDecrypted: {
					...this.identity,
					type: CREDENTIAL,
					data: { ...credential, refresh: '', [SESSION_STEP]: step as never },
				},
				// n8n would send the request a second time after a 401.
				preAuthenticationRetryStatusCode: [],
			},
		)) as IN8nHttpFullResponse;
	}
}

function isBehind(stored: TokenState, newest: TokenState): boolean {
	return stored.generation < newest.generation || stored.rotations < newest.rotations;
}
