import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { live, readShipped, untoldDays } from '../../dev/life/life.mts';
import { SCENARIOS, type Scenario } from '../../dev/life/scenarios.mts';

/** Longer than the outages of the scenarios and the 30 days after which the site flags what was not seeded. */
const DAYS = 36;

const shipped = await readShipped();

for (const scenario of SCENARIOS.filter(({ isForComparison }) => !isForComparison)) {
	describe(scenario.name, () => {
		const life = live(scenario, 1, DAYS, shipped);

		test('the shipped flows cause no Hit & Run and no freeze', () => {
			const { hitAndRunsByFlows, freezes } = life;
			assert.deepEqual({ hitAndRunsByFlows, freezes }, { hitAndRunsByFlows: 0, freezes: 0 });
		});

		test('what holds a torrent worth grabbing is reported that day', () => {
			assert.deepEqual(
				untoldDays(life).map(({ heldBy }) => heldBy),
				[],
			);
		});

		test('no points are lost above the cap before a message says so', () => {
			assert.equal(life.pointsLostUntold, 0);
		});
	});
}

describe('a balance that comes near the cap', () => {
	const [healthy] = SCENARIOS;
	const rich: Scenario = {
		...healthy,
		begin: (account, client) => {
			healthy.begin(account, client);
			account.points = 85_000;
		},
	};

	test('is told before points are lost', () => {
		const { pointsLost, pointsLostUntold } = live(rich, 1, DAYS, shipped);
		assert.ok(pointsLost > 1000, String(pointsLost));
		assert.equal(pointsLostUntold, 0);
	});

	test('loses nothing with Spend Above Cap', () => {
		const planSpend = { ...shipped.thresholds.planSpend, spendAboveCap: true };
		const thresholds = { ...shipped.thresholds, planSpend };
		assert.equal(live(rich, 1, DAYS, { ...shipped, thresholds }).pointsLost, 0);
	});
});

test('the same seed gives the same life, another seed another', () => {
	const lived = (seed: number) => live(SCENARIOS[0], seed, 5, shipped);
	assert.deepEqual(lived(1), lived(1));
	assert.notDeepEqual(lived(1), lived(2));
});

test("without the keeper, qBittorrent's queue ends in Hit & Runs: the model shows what a flow is for", () => {
	const scenario = SCENARIOS.find(({ hasKeeper }) => !hasKeeper)!;
	assert.ok(live(scenario, 1, 45, shipped).otherHitAndRuns > 20);
});
