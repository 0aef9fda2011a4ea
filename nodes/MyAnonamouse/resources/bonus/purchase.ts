import { factsOf, failure, type FailureFacts } from '../../../shared/failure';
import type { AccountRecord } from '../../../shared/records';
import { POINTS_PER_VIP_WEEK } from '../../../shared/site';
import { sendPurchase } from '../../endpoints/bonusBuy';
import { fetchAccount } from '../../endpoints/jsonLoad';
import { isShown } from '../../parse/lastPurchase';
import type { PurchaseAnswer } from '../../parse/purchase';
import { NOT_BOOKED, refusalFacts } from '../../parse/refusal';
import type { MamSession } from '../../session/mamSession';
import type { PurchaseNote } from '../../session/tokenState';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEK_DAYS = 7;
const BYTES_PER_GIB = 1024 ** 3;

/** A plan is made from a balance and an account that change. */
const MAX_PLAN_AGE_MS = 10 * MINUTE_MS;

/** Days of VIP that the site allows in advance. */
const MAX_VIP_DAYS = 90;

/** A purchase to make. */
export interface Purchase {
	what: PurchaseNote['what'];
	/** GiB of upload; 0 for VIP, of which the site sells "max" only. */
	amount: number;
	/** Bonus points that it costs. */
	costPoints: number;
	/** Bonus points that must be left afterwards. */
	reservePoints: number;
	/** When it was planned. */
	plannedAt: Date;
	/** The site's own parameters. */
	query: Record<string, string | number>;
}

/** The account after a purchase. */
export interface Bought {
	/** What it cost, in bonus points. */
	costPoints: number;
	bonusPoints: number;
	uploadedBytes: number;
	downloadedBytes: number;
}

function stalePlan(sentence: string): FailureFacts {
	return {
		cause: 'stale_plan',
		sentence: `${sentence} Nothing was bought.`,
		action: 'Run the workflow again so that it plans with the current balance.',
	};
}

/** Why a plan is too old to buy by at `now`; null when it is not. */
export function planAge(plannedAt: Date, now: Date): FailureFacts | null {
	const ageMs = now.getTime() - plannedAt.getTime();
	if (ageMs <= MAX_PLAN_AGE_MS && ageMs >= -MINUTE_MS) return null;
	return stalePlan(
		`The plan was not made within the last 10 minutes (planned at ${plannedAt.toISOString()}).`,
	);
}

function unknownOutcome(note: PurchaseNote, because: string): FailureFacts {
	const until = new Date(Date.parse(note.at) + DAY_MS).toISOString();
	return {
		cause: 'spend_unknown',
		sentence: `It is not known whether the purchase of ${note.at} went through (${because}); it is not repeated.`,
		action: `Look at the bonus points on the site. Buying resumes once the account shows the purchase, or after ${until}.`,
		until,
	};
}

/** Why nothing may be bought because of the last purchase: one purchase per deficit. */
function afterLastPurchase(
	note: PurchaseNote | null,
	purchase: Purchase,
	account: AccountRecord,
	now: Date,
): FailureFacts | null {
	if (note === null) return null;
	const at = Date.parse(note.at);
	// A note from a clock that was ahead is not believed for longer than its rule.
	if (!(Math.abs(now.getTime() - at) < DAY_MS)) return null;
	if (isShown(note, account, now)) {
		return purchase.plannedAt.getTime() < at
			? stalePlan(`The plan is older than the last purchase (${note.at}).`)
			: null;
	}
	if (note.outcome === 'open') return unknownOutcome(note, 'no clear answer came');
	return {
		cause: 'stale_account',
		sentence: `The account does not show the purchase of ${note.at} yet, so its figures are old. Nothing was bought.`,
		action: 'Nothing to do: the next run plans with the new figures.',
		until: new Date(at + DAY_MS).toISOString(),
	};
}

/** What "max" will cost: all the VIP that fits, counted up. Null when less than one week fits that the site sells. */
function vipCost({ vipUntil }: AccountRecord, now: Date): number | null {
	const daysLeft = Math.max(0, (Date.parse(vipUntil ?? '') || 0) - now.getTime()) / DAY_MS;
	const weeks = (MAX_VIP_DAYS - daysLeft) / WEEK_DAYS;
	return weeks < 1 ? null : Math.ceil(weeks * POINTS_PER_VIP_WEEK);
}

/** What the purchase costs with the account as it is now, or why it may not be made. */
function costNow(purchase: Purchase, account: AccountRecord, now: Date): number | FailureFacts {
	let cost = purchase.costPoints;
	if (purchase.what === 'vip') {
		const computed = vipCost(account, now);
		if (computed === null) {
			return stalePlan(
				`VIP lasts until ${account.vipUntil}; less than a week fits into the 90 days that the site allows.`,
			);
		}
		// The plan's figure may be minutes old, and by now more VIP may fit.
		if (computed > cost + POINTS_PER_VIP_WEEK) {
			return stalePlan(
				`The site sells as much VIP as fits, which costs up to ${computed} points; the plan has ${cost}.`,
			);
		}
		cost = computed;
	}
	const needed = cost + purchase.reservePoints;
	if (account.bonusPoints >= needed) return cost;
	return stalePlan(
		`The balance is ${Math.floor(account.bonusPoints)} bonus points, but the purchase needs ${needed} (${cost} plus the reserve of ${purchase.reservePoints}).`,
	);
}

/** Sends the purchase once. An outcome that is not plain is returned as unclear, never tried again. */
async function send(
	session: MamSession,
	purchase: Purchase,
): Promise<PurchaseAnswer | FailureFacts> {
	try {
		return await sendPurchase(session, purchase.query);
	} catch (error) {
		return factsOf(error);
	}
}

/**
 * Buys once, within one turn of the session: reads the account again, notes the purchase in the credential,
 * buys, notes the outcome. An outcome that stays open blocks buying for 24 h unless the account shows the purchase.
 *
 * Throws `stale_plan` when plan or balance are no longer good, `stale_account` while the account does not show the
 * last purchase, `spend_unknown` when the outcome is not clear.
 */
export async function buyOnce(session: MamSession, purchase: Purchase): Promise<Bought> {
	const { account } = await fetchAccount(session);
	const now = new Date();
	const { purchase: previous } = await session.state();
	const refusal =
		afterLastPurchase(previous, purchase, account, now) ?? planAge(purchase.plannedAt, now);
	if (refusal !== null) throw failure(session.node, refusal);
	const costPoints = costNow(purchase, account, now);
	if (typeof costPoints !== 'number') throw failure(session.node, costPoints);
	const { what, amount } = purchase;
	const { bonusPoints, uploadedBytes, vipUntil } = account;
	const note: PurchaseNote = {
		what,
		amount,
		at: now.toISOString(),
		outcome: 'open',
		bonusPoints,
		uploadedBytes,
		vipUntil,
	};
	const forget = async () =>
		await session.commit((current) => ({ ...current, purchase: previous }));
	try {
		await session.commitOrThrow((current) => ({ ...current, purchase: note }));
	} catch (error) {
		// Kept in memory, it would block buying for a day although nothing was sent.
		await forget();
		throw failure(session.node, factsOf(error));
	}
	const { sentRequests } = session;
	const answer = await send(session, purchase);
	const wasSent = session.sentRequests > sentRequests;
	const open =
		'cause' in answer
			? wasSent && !NOT_BOOKED.includes(answer.cause)
			: answer.outcome === 'unclear';
	if (open) {
		// A value that was pasted meanwhile starts a state of its own, which must know of the purchase too.
		await session.commit((current) => ({ ...current, purchase: note }));
		const because = 'cause' in answer ? answer.sentence : 'the answer is not understood';
		throw failure(session.node, unknownOutcome(note, because));
	}
	if (!('cause' in answer) && answer.outcome === 'bought') {
		await session.commit((current) => ({ ...current, purchase: { ...note, outcome: 'bought' } }));
		return accountAfter(purchase, costPoints, account, answer);
	}
	await forget();
	if ('cause' in answer) throw failure(session.node, answer);
	throw failure(session.node, notSold(answer.outcome === 'refused' ? answer.reason : ''));
}

function notSold(reason: string): FailureFacts {
	return {
		...refusalFacts('unknown'),
		sentence: `MyAnonamouse refused the purchase: "${reason}". Nothing was bought.`,
		action: "Check the amount against the site's rules; the next run plans again.",
	};
}

/** The echoed figures; what the answer leaves out is computed, because a balance read now may be stale. */
function accountAfter(
	purchase: Purchase,
	costPoints: number,
	before: AccountRecord,
	echoed: Extract<PurchaseAnswer, { outcome: 'bought' }>,
): Bought {
	const boughtBytes = purchase.what === 'upload' ? purchase.amount * BYTES_PER_GIB : 0;
	return {
		costPoints,
		bonusPoints: echoed.bonusPoints ?? before.bonusPoints - costPoints,
		uploadedBytes: echoed.uploadedBytes ?? before.uploadedBytes + boughtBytes,
		downloadedBytes: echoed.downloadedBytes ?? before.downloadedBytes,
	};
}
