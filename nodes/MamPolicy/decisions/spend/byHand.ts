import type { AccountRecord } from '../../../shared/records';
import type { ByHand } from '../../types';
import { decimal, GIB } from '../format';
import type { SpendParameters } from './parameters';

/** What the site's store sells to a person, in GiB; its API sells no less than 50. */
const STORE_GIB = [1, 2.5, 5, 20];

/**
 * What a person can buy while the API cannot help and the ratio is below the floor: the smallest amount that reaches
 * it, otherwise the largest that can be paid. Undefined at or above the floor.
 */
export function byHand(account: AccountRecord, parameters: SpendParameters): ByHand | undefined {
	const { uploadedBytes, downloadedBytes, bonusPoints } = account;
	const { floorRatio, reservePoints, pointsPerGiB } = parameters;
	const after = (amountGiB: number) => (uploadedBytes + amountGiB * GIB) / downloadedBytes;
	if (after(0) >= floorRatio) return undefined;

	const spendable = bonusPoints - reservePoints;
	const affordable = STORE_GIB.filter((amountGiB) => amountGiB * pointsPerGiB <= spendable);
	const amountGiB =
		affordable.find((amount) => after(amount) >= floorRatio) ?? affordable.at(-1) ?? 0;
	const ratioAfter = after(amountGiB);
	return {
		amountGiB,
		costPoints: amountGiB * pointsPerGiB,
		ratioAfter,
		enough: ratioAfter >= floorRatio,
		missingPoints:
			amountGiB > 0 ? 0 : Math.ceil(STORE_GIB[0] * pointsPerGiB - Math.floor(spendable)),
	};
}

/** {@link byHand} as advice. */
export function byHandSentence(advice: ByHand, { floorRatio }: SpendParameters): string {
	const { amountGiB, costPoints, ratioAfter, enough, missingPoints } = advice;
	if (amountGiB === 0) return `${missingPoints} more points buy 1 GiB in the site's store.`;
	const short = enough ? '' : `, still below the floor of ${decimal(floorRatio)}`;
	return `Or buy ${amountGiB} GiB in the site's store for ${costPoints} points: the ratio is then ${decimal(ratioAfter ?? 0)}${short}.`;
}
