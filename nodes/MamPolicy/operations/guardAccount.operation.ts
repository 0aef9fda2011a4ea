import type { INodeProperties } from 'n8n-workflow';

import { warning } from '../../shared/warning';
import { guardAccount as decide } from '../decisions/guard/guardAccount';
import { DEFAULT_RATIO_FLOOR, optionsField } from './fields';
import { policy } from './policy';

const BLOCKED_CLASSES = {
	displayName: 'Blocked Classes',
	name: 'blockedClasses',
	type: 'string',
	default: 'Mouse',
	placeholder: 'e.g. Mouse, Vole',
	description: 'Comma-separated classes that grab nothing. The tracker gives a Mouse no peers.',
} satisfies INodeProperties;

const RATIO_FLOOR = {
	displayName: 'Ratio Floor',
	name: 'ratioFloor',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: DEFAULT_RATIO_FLOOR,
	description:
		'Minimum ratio (uploaded / downloaded) at which to grab. Below 1 the site makes the account a Mouse.',
} satisfies INodeProperties;

const MAX_HIT_AND_RUNS = {
	displayName: 'Max Hit and Runs',
	name: 'maxHitAndRuns',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 0,
	description: 'Maximum number of Hit & Runs not being seeded at which to grab',
} satisfies INodeProperties;

const REQUIRE_CONNECTABLE = {
	displayName: 'Require Connectable',
	name: 'requireConnectable',
	type: 'boolean',
	default: false,
	description: 'Whether to grab only while the site can reach the client',
} satisfies INodeProperties;

export const guardAccount = policy({
	value: 'guardAccount',
	name: 'Guard Account',
	action: 'Guard account',
	description: 'Let the workflow continue only while the account may grab',
	fields: [
		BLOCKED_CLASSES,
		warning(
			'mouseWarning',
			'Mouse is not blocked: the tracker gives a Mouse no peers, so what it grabs can neither be finished nor seeded back.',
			{ blockedClasses: ['Mouse', 'mouse', 'MOUSE'].map((name) => ({ _cnd: { includes: name } })) },
		),
		RATIO_FLOOR,
		warning(
			'ratioWarning',
			'Below a ratio of 1 the site makes the account a Mouse, to which the tracker gives no peers. A floor of 1 or more avoids that.',
			{ ratioFloor: [{ _cnd: { gte: 1 } }] },
		),
		MAX_HIT_AND_RUNS,
		optionsField([REQUIRE_CONNECTABLE]),
	],
	heldFields: ['className', 'ratio', 'bonusPoints', 'hitAndRuns'],
	decide: ({ read, records, evaluation }) =>
		decide(
			records,
			{
				blockedClasses: read.list(BLOCKED_CLASSES),
				ratioFloor: read.number(RATIO_FLOOR),
				maxHitAndRuns: read.number(MAX_HIT_AND_RUNS),
				requireConnectable: read.options.flag(REQUIRE_CONNECTABLE),
			},
			evaluation,
		),
});
