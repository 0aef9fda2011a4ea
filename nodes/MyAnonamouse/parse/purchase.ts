import { asCount, asNumber, asRecord, asText } from './values';

/** How the site answered a purchase. */
export type PurchaseAnswer =
	| {
			outcome: 'bought';
			/** Balance after the purchase, as echoed; null when the answer does not say. */
			bonusPoints: number | null;
			uploadedBytes: number | null;
			downloadedBytes: number | null;
	  }
	| { outcome: 'refused'; reason: string }
	| { outcome: 'unclear' };

/** Reads a `bonusBuy.php` answer: only a plain `success` decides, anything else is unclear. */
export function parsePurchase(answer: unknown): PurchaseAnswer {
	const top = asRecord(answer);
	if (top?.success === true) {
		return {
			outcome: 'bought',
			bonusPoints: asNumber(top.seedbonus),
			uploadedBytes: asCount(top.uploaded),
			downloadedBytes: asCount(top.downloaded),
		};
	}
	if (top?.success === false) {
		return { outcome: 'refused', reason: (asText(top.error) ?? '').slice(0, 200) };
	}
	return { outcome: 'unclear' };
}
