import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { checkNumber } from '../../shared/checks';
import { failure, failureItem } from '../../shared/failure';
import { grabEnding, readGrabMemory, rememberEndings } from '../decisions/rank/grabMemory';
import type { GrabEnding } from '../decisions/rank/grabMemory';

const OPERATION = 'rememberGrabs';
/** Also taken when the parameter is unusable: what was grabbed must be remembered all the same. */
const DEFAULT_REGRAB_DAYS = 14;

export const description: INodeProperties[] = [
	{
		displayName: 'Regrab After (Days)',
		name: 'regrabAfterDays',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: DEFAULT_REGRAB_DAYS,
		description:
			'Days for which a torrent that was added is remembered, so that it is not grabbed again. Use the same number in Rank Candidates.',
		displayOptions: { show: { operation: [OPERATION] } },
	},
];

/** The parameter in days, and the failure item of an unusable one: this node may not stop the flow's report. */
function readRegrabDays(context: IExecuteFunctions): {
	days: number;
	failed: INodeExecutionData[];
} {
	let problem: unknown;
	try {
		const value = context.getNodeParameter('regrabAfterDays', 0);
		const bad = checkNumber('regrabAfterDays', value, { label: 'Regrab After (Days)', min: 1 });
		if (bad === null) return { days: value as number, failed: [] };
		problem = failure(context.getNode(), {
			cause: 'bad_parameter',
			sentence: `The parameter ${bad.field} cannot be used; ${DEFAULT_REGRAB_DAYS} days were taken instead.`,
			action: bad.fix,
		});
	} catch (error) {
		problem = error;
	}
	const item = failureItem(context.getNode(), OPERATION, problem, 0);
	return { days: DEFAULT_REGRAB_DAYS, failed: [item] };
}

/** Notes in the workflow's static data how each grab ended, and passes all items on. */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const items = this.getInputData();
	const { days, failed } = readRegrabDays(this);
	const staticData = this.getWorkflowStaticData('global');
	const endings = items
		.map((item) => grabEnding(item.json))
		.filter((ending): ending is GrabEnding => ending !== null);
	const now = Math.floor(Date.now() / 1000);
	staticData.grabs = { ...rememberEndings(readGrabMemory(staticData.grabs), endings, now, days) };

	const passedOn = items.map((item, index) => ({ ...item, pairedItem: { item: index } }));
	return [...passedOn, ...failed];
}
