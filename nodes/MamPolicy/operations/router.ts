import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { runPlainOperation } from '../../shared/operation';
import * as guardAccount from './guardAccount.operation';
import * as judgeTorrents from './judgeTorrents.operation';
import * as planSpend from './planSpend.operation';
import * as rankCandidates from './rankCandidates.operation';
import * as reconcilePreferences from './reconcilePreferences.operation';
import * as rememberGrabs from './rememberGrabs.operation';
import { reportMetrics } from './reportMetrics.operation';
import * as summarizeTrackers from './summarizeTrackers.operation';

/** Runs the chosen operation. */
export async function router(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const operation = this.getNodeParameter('operation', 0);
	switch (operation) {
		case 'guardAccount':
			return await guardAccount.execute.call(this);
		case 'judgeTorrents':
			return await judgeTorrents.execute.call(this);
		case 'planSpend':
			return await planSpend.execute.call(this);
		case 'rankCandidates':
			return await rankCandidates.execute.call(this);
		case 'reconcilePreferences':
			return await reconcilePreferences.execute.call(this);
		case 'summarizeTrackers':
			return await summarizeTrackers.execute.call(this);
		case 'rememberGrabs':
			return [await rememberGrabs.execute.call(this)];
		case 'reportMetrics':
			return await runPlainOperation(this, [reportMetrics]);
		default:
			throw new NodeOperationError(this.getNode(), `The operation "${operation}" is not known.`, {
				description: 'Choose the operation again in the node.',
			});
	}
}
