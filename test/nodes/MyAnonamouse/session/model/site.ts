import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { ACCOUNT } from '../../../../helpers/mamSite';
import type { Random, VirtualTime } from './time';

const { Readable } = jest.requireActual<typeof import('node:stream')>('node:stream');

const GIB = 1024 ** 3;

export const COST = 25_000;

let issued = 0;

/** A site whose session values are valid once. It shows a purchase late. */
export class Site {
	/** Values of `mam_id` that are valid now. */
	readonly valid = new Set<string>();

	/** Requests with another value. */
	refused = 0;

	accepted = 0;

	purchases = 0;

	/** The largest number of requests that were under way at once. */
	mostUnderWay = 0;

	private underWay = 0;

	/** How much longer the next answers take, in ms. */
	readonly delays: number[] = [];

	/** How long the bodies of the next answers take, in ms. */
	readonly bodyDelays: number[] = [];

	/** Called when the body of an answer is about to be read. */
	onBody = (): void => {};

	/** Answers that the network lost, with the value in them. */
	lostAnswers = 0;

	/** Probability that an answer is lost, and that a purchase is answered by a 502 after it was booked. */
	odd = 0;

	points = 60_000;

	/** Called when a purchase was booked, before its answer leaves. */
	onPurchase = (): void => {};

	private uploadedBytes = 30 * GIB;

	private shown = { points: this.points, uploadedBytes: this.uploadedBytes };

	constructor(
		private readonly time: VirtualTime,
		private readonly random: Random,
	) {}

	/** A newly made session. */
	issue(): string {
		const value = `value-${++issued}-0123456789abcdef%3D`;
		this.valid.add(value);
		return value;
	}

	/** One request: it arrives, is booked and rotated at once, and its answer takes its time. */
	async answer(options: IHttpRequestOptions): Promise<IN8nHttpFullResponse> {
		const { random, time } = this;
		this.underWay += 1;
		this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
		await time.wait(random.between(5, 400));
		const value = String(options.headers?.Cookie ?? '').replace('mam_id=', '');
		const accepted = this.valid.delete(value);
		const fresh = accepted ? this.issue() : '';
		let body = accepted ? this.page(options) : 'Error, you are not signed in';
		if (accepted) this.accepted += 1;
		else this.refused += 1;
		await time.wait(this.delays.shift() ?? 0);
		await time.wait(random.chance(0.05) ? random.between(5000, 20_000) : random.between(5, 600));
		this.underWay -= 1;
		if (accepted && this.odd > 0 && random.chance(this.odd)) {
			this.lostAnswers += 1;
			throw Object.assign(new Error(`socket hang up after ${fresh}`), { code: 'ECONNRESET' });
		}
		const isUnclear =
			this.odd > 0 && accepted && options.url.includes('bonusBuy') && random.chance(this.odd * 10);
		if (isUnclear) body = `Bad gateway for ${fresh}`;
		return {
			statusCode: isUnclear ? 502 : accepted ? 200 : 403,
			headers: {
				'set-cookie': [accepted ? `mam_id=${fresh}; path=/` : 'mam_id=deleted; Max-Age=0'],
			},
			body: this.deliver(body),
		};
	}

	/** A body, which arrives after its headers. */
	private deliver(body: string): InstanceType<typeof Readable> {
		const delay = this.bodyDelays.shift() ?? this.random.between(0, 300);
		const arriving = new Readable({
			read: () => {
				this.onBody();
				this.time.after(delay, () => {
					arriving.push(body);
					arriving.push(null);
				});
			},
		});
		return arriving;
	}

	private page({ url }: IHttpRequestOptions): string {
		if (url.includes('bonusBuy')) return this.buy();
		const { points, uploadedBytes } = this.shown;
		return JSON.stringify({ ...ACCOUNT, seedbonus: points, uploaded_bytes: uploadedBytes });
	}

	private buy(): string {
		this.onPurchase();
		this.purchases += 1;
		this.points -= COST;
		this.uploadedBytes += 50 * GIB;
		const { points, uploadedBytes } = this;
		// The account page lags behind, the points and the credit each by themselves.
		this.time.after(this.random.between(0, 60_000), () => (this.shown.points = points));
		this.time.after(this.random.between(0, 60_000), () => {
			this.shown.uploadedBytes = uploadedBytes;
		});
		return JSON.stringify({ success: true, seedbonus: points, uploaded: uploadedBytes });
	}
}
