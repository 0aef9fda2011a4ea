import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { factsOf, receivedFailure } from '../../shared/failure';
import { operation } from '../../shared/operation';
import { Parameters } from '../../shared/parameters';
import { readRows } from '../report/history';
import { historyReport, unreadableRecord } from '../report/historyPage';
import type { HistoryReport } from '../report/historyPage';
import { INSTANCE } from './reportMetrics.operation';

function reportOn(context: IExecuteFunctions): HistoryReport {
	const jsons = context.getInputData().map(({ json }) => json);
	const failed = jsons.map(receivedFailure).find((failure) => failure !== null);
	if (failed) return unreadableRecord('', failed.error, failed.message);
	const instance = new Parameters(context, 0).text(INSTANCE);
	const now = new Date();
	return historyReport(readRows(jsons, instance, now), instance, now, context.getTimezone());
}

/** Never throws: a report that could not be made says so. */
async function decide(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	let report: HistoryReport;
	try {
		report = reportOn(this);
	} catch (error) {
		const { sentence, action } = factsOf(error);
		report = unreadableRecord('', sentence, action);
	}
	return [[{ json: { ...report }, pairedItem: { item: 0 } }]];
}

/** The rows of the record `mam_runs` as `{ title, message, html }`: the last day, week and month, added up. */
export const reportHistory = operation({
	value: 'reportHistory',
	name: 'Report History',
	action: 'Report run history',
	description: 'Turn the rows of the record into a message and an HTML page with charts',
	changes: false,
	fields: [
		{
			...INSTANCE,
			description:
				'Name of the account or client whose runs are reported, as set in Report Run. Leave it empty if there is only one.',
		},
	],
	outputs: ['Report'],
	run: { decide },
});
