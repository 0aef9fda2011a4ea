import { quoteOf } from '../parse/mask';
import { parsePurchase, type PurchaseAnswer } from '../parse/purchase';
import type { MamSession } from '../session/mamSession';

/**
 * Sends one purchase, once. `query` holds the site's own parameters. This GET spends money: it is never
 * repeated, and what it throws may have come after the booking.
 */
export async function sendPurchase(
	session: MamSession,
	query: Record<string, string | number>,
): Promise<PurchaseAnswer> {
	const answer = await session.json({
		path: '/json/bonusBuy.php/',
		qs: { ...query, _: Date.now() },
		spends: true,
	});
	const read = parsePurchase(answer);
	return read.outcome === 'refused' ? { ...read, reason: quoteOf(read.reason, []) } : read;
}
