import type { INodeProperties } from 'n8n-workflow';

import { shownFor } from './fields';
import * as guardAccount from './guardAccount.operation';
import * as judgeTorrents from './judgeTorrents.operation';
import * as planSpend from './planSpend.operation';
import * as rankCandidates from './rankCandidates.operation';
import * as reconcilePreferences from './reconcilePreferences.operation';
import * as rememberGrabs from './rememberGrabs.operation';
import { reportMetrics } from './reportMetrics.operation';
import * as summarizeTrackers from './summarizeTrackers.operation';

/** All fields of the node. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Guard Account',
				value: 'guardAccount',
				action: 'Guard the account',
				description: 'Let the flow go on only while the account may grab',
			},
			{
				name: 'Judge Torrents',
				value: 'judgeTorrents',
				action: 'Judge torrents of the client',
				description: 'Decide which torrents of the client to delete',
			},
			{
				name: 'Plan Spend',
				value: 'planSpend',
				action: 'Plan what to buy with bonus points',
				description: 'Decide what to buy with bonus points',
			},
			{
				name: 'Rank Candidates',
				value: 'rankCandidates',
				action: 'Rank torrents of the site',
				description: 'Decide which torrents of the site to grab',
			},
			{
				name: 'Reconcile Preferences',
				value: 'reconcilePreferences',
				action: 'Reconcile preferences of the client',
				description:
					'Decide which preferences of the client to put right, so that torrents stay announced',
			},
			{
				name: 'Remember Grabs',
				value: 'rememberGrabs',
				action: 'Remember what was grabbed',
				description: 'Keep in mind what was grabbed or tried, for Rank Candidates',
			},
			{
				name: reportMetrics.name,
				value: reportMetrics.value,
				action: reportMetrics.action,
				description: reportMetrics.description,
			},
			{
				name: 'Summarize Trackers',
				value: 'summarizeTrackers',
				action: 'Summarize trackers of the client',
				description: 'Add up the torrents of each tracker, and decide which to announce again',
			},
		],
		default: 'guardAccount',
	},
	...guardAccount.description,
	...judgeTorrents.description,
	...planSpend.description,
	...rankCandidates.description,
	...reconcilePreferences.description,
	...rememberGrabs.description,
	...shownFor(reportMetrics.value, reportMetrics.fields),
	...summarizeTrackers.description,
];
