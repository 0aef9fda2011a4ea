import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { failureItem } from '../../shared/failure';
import { operation } from '../../shared/operation';
import { Parameters } from '../../shared/parameters';
import { REGRAB_DAYS } from '../../shared/site';
import {
	grabOutcome,
	readGrabMemory,
	rememberOutcomes,
	type GrabOutcome,
} from '../decisions/rank/grabMemory';
import { mayRemember } from './workflowMemory';

const OPERATION = 'rememberGrabs';

const REGRAB_AFTER_DAYS = {
	displayName: 'Regrab After (Days)',
	name: 'regrabAfterDays',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: REGRAB_DAYS,
	description:
		'Days for which a torrent that was added is remembered, so that it is not grabbed again. Use the same number in Rank Candidates.',
} satisfies INodeProperties;

/**
 * The parameter in days, and the failure item of an unusable one: what was grabbed must be remembered all the
 * same, and this node may not stop the flow's report.
 */
function readRegrabDays(context: IExecuteFunctions): {
	days: number;
	failed: INodeExecutionData[];
} {
	try {
		return { days: new Parameters(context, 0).number(REGRAB_AFTER_DAYS), failed: [] };
	} catch (error) {
		return { days: REGRAB_DAYS, failed: [failureItem(context.getNode(), OPERATION, error, 0)] };
	}
}

/** Notes in the workflow's static data how each grab of a scheduled run ended, and passes all items on. */
async function decide(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = this.getInputData();
	const { days, failed } = readRegrabDays(this);
	const staticData = this.getWorkflowStaticData('global');
	const outcomes = items
		.map(({ json }) => grabOutcome(json))
		.filter((outcome): outcome is GrabOutcome => outcome !== null);
	const now = Math.floor(Date.now() / 1000);
	if (mayRemember(this))
		staticData.grabs = {
			...rememberOutcomes(readGrabMemory(staticData.grabs), outcomes, now, days),
		};

	const passedOn = items.map((item, index) => ({ ...item, pairedItem: { item: index } }));
	return [[...passedOn, ...failed]];
}

export const rememberGrabs = operation({
	value: OPERATION,
	name: 'Remember Grabs',
	action: 'Remember grabbed torrents',
	description: 'Record what was grabbed or tried, for use by Rank Candidates',
	changes: false,
	fields: [REGRAB_AFTER_DAYS],
	outputs: ['Items'],
	run: { decide },
});
