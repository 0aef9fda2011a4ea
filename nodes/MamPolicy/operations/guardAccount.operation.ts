import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { warning } from '../../shared/warning';
import { guardAccount } from '../decisions/guard/guardAccount';
import { badParameterResult } from '../decisions/result';
import { numberProperty, optionsProperty, shownFor, type NumberField } from './fields';
import { inputRecords, toOutputs } from './outputs';
import { ParameterReader } from './parameterReader';

const RATIO_FLOOR: NumberField = {
	displayName: 'Ratio Floor',
	name: 'ratioFloor',
	default: 1.2,
	description:
		'Least ratio (uploaded divided by downloaded) with which to grab. Below 1 the site makes the account a Mouse.',
};

const MAX_HIT_AND_RUNS: NumberField = {
	displayName: 'Max Hit and Runs',
	name: 'maxHitAndRuns',
	default: 0,
	description: 'Most Hit & Runs that are not seeding with which to grab',
	limits: { integer: true },
};

export const description: INodeProperties[] = shownFor('guardAccount', [
	{
		displayName: 'Blocked Classes',
		name: 'blockedClasses',
		type: 'string',
		default: 'Mouse',
		description: 'Comma-separated classes that grab nothing. The tracker refuses peers to a Mouse.',
	},
	warning(
		'mouseWarning',
		'Mouse is not blocked: the tracker refuses peers to a Mouse, so what it grabs can neither be finished nor seeded back.',
		{ blockedClasses: [{ _cnd: { regex: '[Mm][Oo][Uu][Ss][Ee]' } }] },
	),
	numberProperty(RATIO_FLOOR),
	warning(
		'ratioWarning',
		'Below a ratio of 1 the site makes the account a Mouse, to which the tracker refuses peers. A floor of 1 or more keeps away from there.',
		{ ratioFloor: [{ _cnd: { gte: 1 } }] },
	),
	optionsProperty([
		numberProperty(MAX_HIT_AND_RUNS),
		{
			displayName: 'Require Connectable',
			name: 'requireConnectable',
			type: 'boolean',
			default: false,
			description: 'Whether to grab only while the site can reach the client',
		},
	]),
]);

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const read = new ParameterReader(this);
	const parameters = {
		blockedClasses: read.list('blockedClasses'),
		ratioFloor: read.number(RATIO_FLOOR),
		maxHitAndRuns: read.number(MAX_HIT_AND_RUNS, true),
		requireConnectable: read.option('requireConnectable', false),
	};
	const evaluation = { dryRun: false, now: new Date() };
	const records = inputRecords(this);
	return toOutputs(
		this,
		read.bad === null
			? guardAccount(records, parameters, evaluation)
			: badParameterResult('guardAccount', records, read.bad, evaluation),
	);
}
