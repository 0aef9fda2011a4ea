import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import bencode from 'bencode';

import { http } from '../../dev/http.mts';
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

	/** The body of the answer is text, or bytes with `responseType: 'arraybuffer'`. */
	async ask<Body = string>(
		path: string,
		config: AxiosRequestConfig = {},
	): Promise<AxiosResponse<Body>> {
		const cookie = this.session === '' ? {} : { cookie: `mam_id=${this.session}` };
		const answer = await http.request<Body>({
			url: this.mam.url + path,
			maxRedirects: 0,
			...config,
			headers: { 'user-agent': 'test', ...cookie, ...config.headers },
		});
		const next = /mam_id=([^;]+)/.exec(cookieOf(answer))?.[1];
		if (next !== undefined && next !== 'deleted') this.session = next;
		return answer;
	}

	async json(path: string): Promise<Json> {
		return JSON.parse(await this.text(path)) as Json;
	}

	async text(path: string): Promise<string> {
		return (await this.ask(path)).data;
	}

	/** Sends a text as the body of a search. */
	async post(body: string): Promise<AxiosResponse<string>> {
		const headers = { 'content-type': 'application/json' };
		// As bytes, which axios sends as they are: it would quote a text that is not JSON.
		return await this.ask(SEARCH_PATH, { method: 'POST', data: Buffer.from(body), headers });
	}

	async search(root: unknown): Promise<Json> {
		return JSON.parse((await this.post(JSON.stringify(root))).data) as Json;
	}

	/** Ids that a search finds, as numbers, on its first page. */
	async ids(tor: unknown, perpage = 100): Promise<number[]> {
		const { data = [] } = (await this.search({ perpage, tor })) as { data?: Json[] };
		return data.filter(({ id }) => id !== null).map(({ id }) => Number(id));
	}
}

/** The cookies that an answer sets; '' without one. */
export function cookieOf({ headers }: AxiosResponse): string {
	return (headers['set-cookie'] ?? []).join(', ');
}

/** A bencoded value with its byte strings as text. */
export function decoded(bytes: Uint8Array): Json {
	const plain = (value: unknown): unknown => {
		if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
	};
	return plain(bencode.decode(bytes)) as Json;
}
