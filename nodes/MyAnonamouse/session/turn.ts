import { randomBytes } from 'node:crypto';

import { sleep } from 'n8n-workflow';

import {
	FADING,
	RETRY_WAITS_MS,
	slowestWrite,
	type StoredCredential,
	type Turn as Claim,
} from './commit';

/** A claim that has not changed for this long belongs to a process that has ended. */
export const CLAIM_ENDS_MS = 45_000;

/** How long a call waits for the turns of other processes. */
const MAX_WAIT_MS = 60_000;

/** The wait of a claim: 1 s, less where the user's own interval is shorter (against a stand-in). */
const MAX_FLOOR_MS = 1000;
const MIN_FLOOR_MS = 300;

/** With a database that needs longer to store a claim, nobody gets a turn. */
const MAX_CLAIM_WAIT_MS = 5000;

/** A long wait renews its claim this often, so that a claim, a request of 30 s and its storing fit into its 45 s. */
export const RENEW_EVERY_MS = 5000;

const PROCESS = randomBytes(6).toString('hex');
let claims = 0;

/** Claims of this process that it could not take back. */
const abandoned = new Set<string>();

/** What this process last saw of a claim, and since when. */
const seen = new Map<string, { n: number; since: number }>();

/**
 * Whether the session is claimed, as far as a Test can tell, which sees the credential once: a claim that this
 * process has seen unchanged for long enough is over.
 */
export function isClaimed({ claim, n }: Claim, now: number): boolean {
	if (claim === '' || abandoned.has(claim)) return false;
	const known = seen.get(claim);
	if (known?.n === n && now - known.since >= CLAIM_ENDS_MS) return false;
	if (known?.n !== n) seen.set(claim, { n, since: now });
	if (seen.size > 100) seen.delete(seen.keys().next().value as string);
	return true;
}

/**
 * Turns of n8n's processes (main, workers) with one session: timed mutual exclusion after Fischer, because n8n
 * offers no compare-and-set. Read free, write a claim, wait longer than any write takes, read back: whose claim
 * stands there has the turn.
 */
export class Turn {
	/** The claim while this turn is held. */
	private held: Claim | null = null;

	/** Whether a claim stood there while this one waited. */
	wasClaimed = false;

	/** `intervalMs` is the user's request interval, which pays for the wait. */
	constructor(
		private readonly credential: StoredCredential,
		private readonly intervalMs: number,
	) {}

	/** The minimum wait of every process, in ms. */
	private get shortestWaitMs(): number {
		return Math.min(MAX_FLOOR_MS, Math.max(MIN_FLOOR_MS, this.intervalMs));
	}

	/** The wait, in ms, that this process needs between writing a claim and reading it back. */
	get claimWaitMs(): number {
		return Math.min(MAX_CLAIM_WAIT_MS, Math.max(this.shortestWaitMs, 3 * slowestWrite()));
	}

	get isHeld(): boolean {
		return this.held !== null;
	}

	/** Takes the turn. False when others had it for a minute, or when no claim could be stored for so long. */
	async take(): Promise<boolean> {
		let waited = 0;
		let unchanged = 0;
		let last = '';
		while (waited <= MAX_WAIT_MS) {
			const current = await this.credential.turn();
			const key = JSON.stringify(current);
			unchanged = key === last ? unchanged : 0;
			last = key;
			const isFree =
				current.claim === '' || abandoned.has(current.claim) || unchanged >= CLAIM_ENDS_MS;
			this.wasClaimed ||= !isFree;
			const spent = isFree ? await this.claim(current) : null;
			if (spent === 0) return true;
			await sleep(this.shortestWaitMs);
			unchanged += this.shortestWaitMs;
			waited += (spent ?? 0) + this.shortestWaitMs;
		}
		return false;
	}

	/**
	 * Claims a turn that was just read as free; returns 0 if it was given, otherwise the ms that were spent. The wait
	 * comes from the row, so it is the same for every process that saw the turn free: a claim that took longer to write
	 * may have replaced one that another process relies on. What this process itself needs applies from the next turn on.
	 */
	private async claim(free: Claim): Promise<number> {
		const { readAt } = this.credential;
		const wait = Math.min(MAX_CLAIM_WAIT_MS, Math.max(this.shortestWaitMs, free.waitMs));
		const mine = this.next(free, `${PROCESS}-${++claims}`);
		await this.credential.writeTurn(mine);
		const took = Date.now() - readAt;
		const written = await this.credential.turn();
		if (took < 0 || took > wait || written.claim !== mine.claim) return Math.max(took, 1);
		await sleep(wait);
		if (!(await this.stands(mine))) return wait;
		this.held = mine;
		return 0;
	}

	/** What to store next, for `claim`. */
	private next({ n, waitMs }: Claim, claim: string): Claim {
		return { claim, n: n + 1, waitMs: Math.round(Math.max(this.claimWaitMs, FADING * waitMs)) };
	}

	/** Whether `claim` is the one that is stored. */
	private async stands({ claim }: Claim): Promise<boolean> {
		return (await this.credential.turn()).claim === claim;
	}

	/** Whether the turn is still this one's, read from the database. */
	async isMine(): Promise<boolean> {
		return this.held !== null && (await this.stands(this.held));
	}

	/** Renews the claim. False when another process has taken the turn meanwhile. */
	async renew(): Promise<boolean> {
		if (this.held === null || !(await this.isMine())) {
			this.held = null;
			return false;
		}
		this.held = this.next(this.held, this.held.claim);
		await this.credential.writeTurn(this.held);
		return true;
	}

	/** Gives the turn back. One that cannot be given back is over after 45 s for others, and at once for this process. */
	async free(): Promise<void> {
		const { held } = this;
		this.held = null;
		if (held === null) return;
		abandoned.add(held.claim);
		if (abandoned.size > 100) abandoned.delete(abandoned.values().next().value as string);
		try {
			// A failed write is noticed by reading back only.
			for (const wait of RETRY_WAITS_MS) {
				if (wait > 0) await sleep(wait);
				const current = await this.credential.turn();
				if (current.claim !== held.claim) return;
				await this.credential.writeTurn(this.next(current, ''));
				if (!(await this.stands(held))) return;
			}
		} catch {
			// What was done in the turn is done, whether or not the database can be read now.
		}
	}
}
