import { factsOf, failure, type FailureFacts } from '../../../shared/failure';
import type { AccountRecord } from '../../../shared/records';
import { sendPurchase } from '../../endpoints/bonusBuy';
import { fetchAccount } from '../../endpoints/jsonLoad';
import type { PurchaseAnswer } from '../../parse/purchase';
import { NOT_BOOKED, refusalFacts } from '../../parse/refusal';
import type { MamSession } from '../../session/mamSession';
import type { Spending } from '../../session/tokenState';

const DAY_MS = 24 * 3_600_000;
const BYTES_PER_GIB = 1024 ** 3;

/** A purchase to make. */
export interface Purchase {
	what: Spending['what'];
	/** GiB of upload; 0 for VIP, of which the site sells "max" only. */
	amount: number;
	/** Bonus points that it costs. */
	costPoints: number;
	/** Bonus points that must be left afterwards. */
	reservePoints: number;
	/** The site's own parameters. */
	query: Record<string, string | number>;
}

/** The account after a purchase. */
export interface Bought {
	bonusPoints: number;
	uploadedBytes: number;
	downloadedBytes: number;
}

function unknownOutcome(spending: Spending, because: string): FailureFacts {
	const until = new Date(Date.parse(spending.at) + DAY_MS).toISOString();
	return {
		cause: 'spend_unknown',
		sentence: `It is not known whether the purchase of ${spending.at} went through (${because}); it is not repeated.`,
		action: `Look at the bonus points on the site. Buying resumes once the account shows the purchase, or after ${until}.`,
		until,
	};
}

/** Whether the account proves that `spending` was booked. An unchanged balance proves nothing: the site updates it late. */
function isBooked(spending: Spending, account: AccountRecord): boolean {
	if (spending.what === 'upload') {
		return account.uploadedBytes >= spending.uploadedBytes + spending.amount * BYTES_PER_GIB;
	}
	return Date.parse(account.vipUntil ?? '') > (Date.parse(spending.vipUntil ?? '') || 0);
}

/** Throws while an earlier purchase may still be under way or its outcome is unknown. */
async function settleEarlier(session: MamSession, account: AccountRecord): Promise<void> {
	const { spending } = await session.state();
	if (spending === null) return;
	const open = Date.now() - Date.parse(spending.at) < DAY_MS;
	if (open && !isBooked(spending, account)) {
		throw failure(session.node, unknownOutcome(spending, 'no clear answer came'));
	}
	await session.commit((current) => ({ ...current, spending: null }));
}

function requireBalance(session: MamSession, purchase: Purchase, account: AccountRecord): void {
	const needed = purchase.costPoints + purchase.reservePoints;
	if (account.bonusPoints >= needed) return;
	throw failure(session.node, {
		cause: 'stale_plan',
		sentence: `The balance is ${Math.floor(account.bonusPoints)} bonus points, but the plan needs ${needed} (${purchase.costPoints} plus the reserve of ${purchase.reservePoints}); nothing was bought.`,
		action: 'Nothing to do: the next run plans with the new balance.',
	});
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
 * buys, notes the outcome. A note that was never finished blocks buying for 24 h unless the account proves
 * that the purchase was booked.
 *
 * Throws `stale_plan` when the balance no longer covers it, `spend_unknown` when the outcome is not clear.
 */
export async function buyOnce(session: MamSession, purchase: Purchase): Promise<Bought> {
	const { account } = await fetchAccount(session);
	await settleEarlier(session, account);
	requireBalance(session, purchase, account);
	const spending: Spending = {
		what: purchase.what,
		amount: purchase.amount,
		at: new Date().toISOString(),
		uploadedBytes: account.uploadedBytes,
		vipUntil: account.vipUntil,
	};
	await session.commit((current) => ({ ...current, spending }));
	const answer = await send(session, purchase);
	const open =
		'cause' in answer ? !NOT_BOOKED.includes(answer.cause) : answer.outcome === 'unclear';
	if (open) {
		const because = 'cause' in answer ? answer.sentence : 'the answer is not understood';
		throw failure(session.node, unknownOutcome(spending, because));
	}
	await session.commit((current) => ({ ...current, spending: null }));
	if ('cause' in answer) throw failure(session.node, answer);
	if (answer.outcome === 'bought') return accountAfter(purchase, account, answer);
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
	before: AccountRecord,
	echoed: Extract<PurchaseAnswer, { outcome: 'bought' }>,
): Bought {
	const boughtBytes = purchase.what === 'upload' ? purchase.amount * BYTES_PER_GIB : 0;
	return {
		bonusPoints: echoed.bonusPoints ?? before.bonusPoints - purchase.costPoints,
		uploadedBytes: echoed.uploadedBytes ?? before.uploadedBytes + boughtBytes,
		downloadedBytes: echoed.downloadedBytes ?? before.downloadedBytes,
	};
}
