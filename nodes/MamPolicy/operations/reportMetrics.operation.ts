import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { factsOf } from '../../shared/failure';
import { operation } from '../../shared/operation';
import type { FailureFacts } from '../../shared/failure';
import { JOBS } from '../report/flows';
import type { Job } from '../report/flows';
import { gatewayUrl } from '../report/gatewayUrl';
import { groups } from '../report/groups';
import type { RunFailure } from '../report/items';
import { headline, lines } from '../report/lines';
import { runReport } from '../report/runReport';

/**
 * n8n takes 512 characters, but from 256 on it also writes an error into its log at every run.
 */
const CUSTOM_DATA_LIMIT = 255;

export const description: INodeProperties[] = [
	{
		displayName: 'Job',
		name: 'job',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Bonus Point Spender', value: 'bp-spender' },
			{ name: 'Client Keeper', value: 'client-keeper' },
			{ name: 'Farming Janitor', value: 'farming-janitor' },
			{ name: 'Freeleech Grabber', value: 'freeleech-grabber' },
		],
		default: 'freeleech-grabber',
		description: 'Which of the workflows this is; its metrics carry the name',
	},
	{
		displayName: 'Pushgateway URL',
		name: 'pushgatewayUrl',
		type: 'string',
		default: 'http://pushgateway:9091',
		description:
			'Address of the Prometheus Pushgateway, without /metrics. Leave it empty to push nothing; a failed run is still marked failed.',
	},
];

/** `read`, with what it throws noted in `problems`: the report is a run's last word and may not be lost. */
function safely<T>(problems: FailureFacts[], read: () => T): T | undefined {
	try {
		return read();
	} catch (error) {
		problems.push(factsOf(error));
		return undefined;
	}
}

function failureFrom({ cause, sentence, action, until }: FailureFacts): RunFailure {
	return { cause, message: sentence, action, until: until ?? null };
}

function badParameter(field: string, fix: string): FailureFacts {
	const sentence = `The parameter ${field} of the report cannot be used, so no metrics were pushed.`;
	return { cause: 'bad_parameter', sentence, action: fix };
}

function readJob(context: IExecuteFunctions, problems: FailureFacts[]): Job | undefined {
	const chosen = safely(problems, () => context.getNodeParameter('job', 0));
	const job = JOBS.find((known) => known === chosen);
	if (job === undefined)
		problems.push(badParameter('job', `Job: choose one of ${JOBS.join(', ')}.`));
	return job;
}

/** The address to push to; null when there is none, or none that can be used. */
function readGatewayUrl(context: IExecuteFunctions, problems: FailureFacts[]): string | null {
	const before = problems.length;
	const address = safely(problems, () => context.getNodeParameter('pushgatewayUrl', 0));
	if (problems.length > before) return null;
	const gateway = gatewayUrl(address);
	if ('url' in gateway) return gateway.url;
	problems.push(badParameter('pushgatewayUrl', `Pushgateway URL: ${gateway.fix}`));
	return null;
}

/** The item that Stop And Error quotes. It has no field `error`: n8n reads that as a failure of this node. */
function failedItem({ cause, message, action, until }: RunFailure, at: Date, log: string[]) {
	return {
		json: { failed: true, cause, message, action, until, at: at.toISOString(), lines: log },
		pairedItem: { item: 0 },
	};
}

/**
 * Two outputs. Push: `{ url, body, group, lines }`, one item for each group to PUT. Failed: nothing, or
 * `{ failed, cause, message, action, until, at, lines }` when the run failed. Never throws.
 */
export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const at = new Date();
	const problems: FailureFacts[] = [];
	const job = readJob(this, problems);
	const url = readGatewayUrl(this, problems);
	const reportFailures = problems.map(failureFrom);
	if (job === undefined) return [[], [failedItem(reportFailures[0], at, [])]];

	const outcome = runReport(
		this.getInputData().map(({ json }) => json),
		{ job, manual: this.getMode() === 'manual', at, reportFailures },
	);
	const log = lines(outcome);
	safely([], () => {
		const key = `${job.replace(/-/g, '_')}_line`;
		this.customData.set(key, headline(outcome).slice(0, CUSTOM_DATA_LIMIT));
	});

	const push = (url === null ? [] : groups(outcome, url)).map((group) => ({
		// First, so that the editor's table shows them without scrolling.
		json: { lines: log, ...group },
		pairedItem: { item: 0 },
	}));
	return [push, outcome.failures.slice(0, 1).map((failure) => failedItem(failure, at, log))];
}

export const reportMetrics = operation({
	value: 'reportMetrics',
	name: 'Report Run',
	action: 'Report a run',
	description: 'Say what a run did, as metrics',
	changes: false,
	fields: description,
	outputs: ['Push', 'Failed'],
	run: { decide: execute },
});
