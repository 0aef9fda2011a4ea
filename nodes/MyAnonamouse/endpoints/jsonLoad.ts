import { failure } from '../../shared/failure';
import type { AccountRecord } from '../../shared/records';
import { makesVipFree, parseAccount } from '../parse/account';
import { isShown } from '../parse/lastPurchase';
import { refusalFacts } from '../parse/refusal';
import type { MamSession } from '../session/mamSession';

/** How long a search relies on what was read of the account; downloads read it again. */
const VIP_IS_FREE_LASTS_MS = 3_600_000;

/**
 * The account, and the site's own page of it. Stores whether VIP torrents are free for it.
 * Throws when a figure is missing that money or guards depend on.
 */
export async function fetchAccount(
	session: MamSession,
): Promise<{ account: AccountRecord; raw: unknown }> {
	const answer = await session.json({ path: '/jsonLoad.php', qs: { snatch_summary: '' } });
	const now = new Date();
	const parsed = parseAccount(answer, now);
	if ('unreadable' in parsed) {
		throw failure(session.node, { ...refusalFacts('unknown'), sentence: parsed.unreadable });
	}
	const vipIsFree = { value: makesVipFree(parsed.record, now), at: now.toISOString() };
	await session.commit((current) => {
		const { value, at } = current.vipIsFree ?? {};
		const age = now.getTime() - Date.parse(at ?? '');
		const isNoted = value === vipIsFree.value && age >= 0 && age < VIP_IS_FREE_LASTS_MS / 2;
		return isNoted ? current : { ...current, vipIsFree };
	});
	const { purchase } = await session.state();
	const lastPurchase = purchase && {
		what: purchase.what,
		amount: purchase.amount,
		at: purchase.at,
		shown: isShown(purchase, parsed.record, now),
	};
	return { account: { ...parsed.record, lastPurchase }, raw: answer };
}

/** Whether VIP torrents are free for the account, as it was read within the last hour; null when it was not. */
export async function rememberedVipIsFree(session: MamSession): Promise<boolean | null> {
	const { vipIsFree } = await session.state();
	const age = Date.now() - Date.parse(vipIsFree?.at ?? '');
	return vipIsFree !== null && age >= 0 && age < VIP_IS_FREE_LASTS_MS ? vipIsFree.value : null;
}
