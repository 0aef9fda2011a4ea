import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { failureRecord } from '../../shared/failure';
import type { Decided, PolicyResult } from '../types';

/** The three outputs of a deciding operation: Act, Hold, Summary. */
export function toOutputs(
	context: IExecuteFunctions,
	{ act, hold, summary }: PolicyResult,
): INodeExecutionData[][] {
	const input = context.getInputData();
	const toItem = ({ index, decision, extraFields }: Decided): INodeExecutionData => {
		// First, so that the editor's table shows it without scrolling.
		const json = { ...{ decision }, ...input[index].json, ...extraFields, decision };
		return {
			json: (summary.dryRun ? { ...json, dryRun: true } : json) as INodeExecutionData['json'],
			pairedItem: { item: index },
		};
	};
	const { failure } = summary;
	const summaryJson = {
		...summary,
		...(failure && { failure: failureRecord(context.getNode(), summary.summary, failure) }),
	} as unknown as INodeExecutionData['json'];
	return [
		act.map(toItem),
		hold.map(toItem),
		[{ json: summaryJson, pairedItem: input.map((_, item) => ({ item })) }],
	];
}

/** The json of all input items. */
export function inputRecords(context: IExecuteFunctions): unknown[] {
	return context.getInputData().map(({ json }) => json);
}
