import fc from 'fast-check';

import {
	planSpend,
	type SpendParameters,
} from '../../../../../nodes/MamPolicy/decisions/spend/planSpend';
import { propertyRuns } from '../../../../helpers/propertyRuns';
import { accounts } from '../arbitraries';
import { ENFORCED, GIB, SPEND } from '../builders';

const parameters: fc.Arbitrary<SpendParameters> = fc
	.record({
		targetRatio: fc.constantFrom(0, 1, 2, 3.5),
		reservePoints: fc.integer({ min: 0, max: 30_000 }),
		pointsPerGiB: fc.integer({ min: 1, max: 1000 }),
		tiersGiB: fc
			.uniqueArray(fc.integer({ min: 50, max: 600 }), { minLength: 1, maxLength: 5 })
			.map((tiers) => tiers.sort((a, b) => a - b)),
		spendAboveCap: fc.boolean(),
		vip: fc.boolean(),
	})
	.map((change) => ({ ...SPEND, ...change }));

interface Plan {
	purchase: 'upload' | 'vip';
	amountGiB?: number;
	costPoints: number;
	reservePoints: number;
}

test('a plan never touches the reserve, and upload is bought in tiers only', () => {
	fc.assert(
		fc.property(accounts, parameters, (account, tuned) => {
			const { act } = planSpend([account], tuned, ENFORCED);
			expect(act.length).toBeLessThanOrEqual(1);
			for (const { extraFields } of act) {
				const plan = extraFields as unknown as Plan;
				expect(account.bonusPoints - plan.costPoints).toBeGreaterThanOrEqual(tuned.reservePoints);
				expect(plan.reservePoints).toBe(tuned.reservePoints);
				if (plan.purchase === 'vip') continue;
				expect(tuned.tiersGiB).toContain(plan.amountGiB);
				expect(plan.costPoints).toBe(plan.amountGiB! * tuned.pointsPerGiB);
			}
		}),
		propertyRuns,
	);
});

test('a deficit gets the smallest tier that closes it, otherwise the largest that can be paid', () => {
	fc.assert(
		fc.property(accounts, parameters, (account, tuned) => {
			const deficit = account.downloadedBytes * tuned.targetRatio - account.uploadedBytes;
			fc.pre(deficit > 0);
			const payable = tuned.tiersGiB.filter(
				(tier) => tier * tuned.pointsPerGiB + tuned.reservePoints <= account.bonusPoints,
			);
			const sufficient = payable.filter((tier) => tier >= Math.ceil(deficit / GIB) + 1);
			const expected = sufficient.length > 0 ? Math.min(...sufficient) : Math.max(...payable);
			const { act, hold } = planSpend([account], tuned, ENFORCED);
			if (payable.length > 0) {
				expect(act[0].extraFields).toMatchObject({ purchase: 'upload', amountGiB: expected });
			} else {
				const missing =
					tuned.tiersGiB[0] * tuned.pointsPerGiB + tuned.reservePoints - account.bonusPoints;
				expect(hold[0].decision.reason).toBe('cannot_afford');
				expect(hold[0].decision.detail).toContain(`${missing} more points are needed`);
			}
		}),
		propertyRuns,
	);
});

test('without a deficit nothing is bought unless it is asked for', () => {
	fc.assert(
		fc.property(accounts, parameters, (account, tuned) => {
			fc.pre(account.downloadedBytes * tuned.targetRatio <= account.uploadedBytes);
			const plain = { ...tuned, spendAboveCap: false, vip: false };
			const { act, hold } = planSpend([account], plain, ENFORCED);
			expect(act).toEqual([]);
			expect(hold[0].decision.reason).toBe('no_deficit');
		}),
		propertyRuns,
	);
});

test('VIP is bought for VIP and Power User with at most 83 days left', () => {
	fc.assert(
		fc.property(accounts, parameters, (account, tuned) => {
			const [plan] = planSpend([account], { ...tuned, vip: true }, ENFORCED).act;
			fc.pre(plan?.decision.reason === 'vip');
			expect(['VIP', 'Power User']).toContain(account.className);
			const left = Date.parse(account.vipUntil ?? '1970-01-01') - ENFORCED.now.getTime();
			expect(left).toBeLessThanOrEqual(83 * 86_400_000);
			// A VIP without an end may have it forever.
			if (account.className === 'VIP') expect(account.vipUntil).not.toBeNull();
		}),
		propertyRuns,
	);
});
