import assert from 'node:assert/strict';
import { test } from 'node:test';

import { live, readShipped, untoldDays } from '../../dev/life/life.mts';
import { SCENARIOS } from '../../dev/life/scenarios.mts';

/** Past the outages of the scenarios, and past what the client's clock then makes of them. */
const DAYS = 24;

/** What the rules of today do not hold yet: seed time is not proven, and a full limit is not reported. */
const NOT_YET = [
	'incident, household seeds',
	'new member',
	'new member, 0.7 GiB paid',
	'tracker away for 3 days',
	'address unknown for 4 days',
	'owner away for 3 weeks',
];

const shipped = await readShipped();

for (const scenario of SCENARIOS.filter(({ isForComparison }) => !isForComparison)) {
	const todo = NOT_YET.includes(scenario.name);
	test(
		`${scenario.name}: the shipped flows cause no Hit & Run and no freeze, and hold nothing untold`,
		{ todo },
		() => {
			const life = live(scenario, 1, DAYS, shipped);
			assert.deepEqual(
				{
					hitAndRuns: life.hitAndRunsByFlows,
					freezes: life.freezes,
					untold: untoldDays(life).map(({ heldBy }) => heldBy),
				},
				{ hitAndRuns: 0, freezes: 0, untold: [] },
			);
		},
	);
}

test('the same seed gives the same life, another seed another', () => {
	const lived = (seed: number) => live(SCENARIOS[0], seed, 5, shipped);
	assert.deepEqual(lived(1), lived(1));
	assert.notDeepEqual(lived(1), lived(2));
});

test("without the keeper, qBittorrent's queue ends in Hit & Runs: the model shows what a flow is for", () => {
	const scenario = SCENARIOS.find(({ hasKeeper }) => !hasKeeper)!;
	assert.ok(live(scenario, 1, 45, shipped).otherHitAndRuns > 20);
});
