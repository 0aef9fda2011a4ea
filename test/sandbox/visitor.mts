import bencode from 'bencode';

import { SEARCH_PATH } from '../../dev/sandbox/mam/site.mts';
import type { MamStandIn } from '../../dev/sandbox/mam/standIn.mts';

type Json = Record<string, unknown>;

/** A well-behaved client of the stand-in: sends the newest session value, follows nothing. */
export class Visitor {
	/** The value that is sent next; '' sends none. */
	session: string;

	private readonly mam: MamStandIn;

	constructor(mam: MamStandIn) {
		this.mam = mam;
		this.session = mam.session.issue();
	}

	async ask(path: string, init: RequestInit = {}): Promise<Response> {
		const cookie: Record<string, string> =
			this.session === '' ? {} : { cookie: `mam_id=${this.session}` };
		const response = await fetch(this.mam.url + path, {
			redirect: 'manual',
			...init,
			headers: { 'user-agent': 'test', ...cookie, ...init.headers },
		});
		const next = /mam_id=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
		if (next !== undefined && next !== 'deleted') this.session = next;
		return response;
	}

	async json(path: string): Promise<Json> {
		return (await (await this.ask(path)).json()) as Json;
	}

	async text(path: string): Promise<string> {
		return await (await this.ask(path)).text();
	}

	/** Sends a text as the body of a search. */
	async post(body: string): Promise<Response> {
		const headers = { 'content-type': 'application/json' };
		return await this.ask(SEARCH_PATH, { method: 'POST', body, headers });
	}

	async search(root: unknown): Promise<Json> {
		return (await (await this.post(JSON.stringify(root))).json()) as Json;
	}

	/** Ids that a search finds, as numbers, on its first page. */
	async ids(tor: unknown, perpage = 100): Promise<number[]> {
		const { data = [] } = (await this.search({ perpage, tor })) as { data?: Json[] };
		return data.filter(({ id }) => id !== null).map(({ id }) => Number(id));
	}
}

/** A bencoded value with its byte strings as text. */
export function decoded(bytes: ArrayBuffer | Uint8Array): Json {
	const plain = (value: unknown): unknown => {
		if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
	};
	return plain(bencode.decode(new Uint8Array(bytes))) as Json;
}
