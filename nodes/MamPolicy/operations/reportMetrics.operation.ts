import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { factsOf } from '../../shared/failure';
import { operation } from '../../shared/operation';
import { Parameters } from '../../shared/parameters';
import type { Job } from '../report/definitions';
import { headline, lines } from '../report/lines';
import type { FoundFailure } from '../report/missingResults';
import { gatewayUrl, pushes } from '../report/pushes';
import { failedItem, outcomeName, reportItem } from '../report/reportItem';
import { runReport } from '../report/runReport';
import type { RunOutcome } from '../report/runReport';

/** n8n takes 512 characters, but from 256 on it also writes an error into its log at every run. */
const CUSTOM_DATA_LIMIT = 255;

const JOB = {
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
} satisfies INodeProperties;

const PUSHGATEWAY_URL = {
	displayName: 'Pushgateway URL',
	name: 'pushgatewayUrl',
	type: 'string',
	default: 'http://pushgateway:9091',
	placeholder: 'e.g. http://pushgateway:9091',
	description:
		'Address of the Prometheus Pushgateway, without /metrics. Leave it empty to push nothing: the run is reported all the same.',
} satisfies INodeProperties;

const INSTANCE = {
	displayName: 'Instance',
	name: 'instance',
	type: 'string',
	default: '',
	placeholder: 'e.g. seedbox',
	description:
		'Name of this account or client, if you run these workflows for several; it becomes the label instance of the metrics. Leave it empty if there is only one.',
} satisfies INodeProperties;

/** What the address of a Pushgateway group takes without encoding. */
const INSTANCE_NAME = /^[\w.-]{0,64}$/;

/** `read`, with what it throws noted in `problems`: the report is the end of a run and may not be lost. */
function safely<T>(problems: FoundFailure[], read: () => T): T | undefined {
	try {
		return read();
	} catch (error) {
		const { cause, sentence, action, until = null } = factsOf(error);
		problems.push({ cause, message: sentence, action, until });
		return undefined;
	}
}

function readInstance(parameters: Parameters): string {
	const name = parameters.text(INSTANCE);
	if (!INSTANCE_NAME.test(name))
		parameters.refuse(
			INSTANCE,
			'enter a short name of letters, digits, dots, dashes and underscores.',
		);
	return name;
}

/** The address to push to; null when there is none. */
function readGatewayUrl(parameters: Parameters): string | null {
	const gateway = gatewayUrl(parameters.text(PUSHGATEWAY_URL));
	if ('url' in gateway) return gateway.url;
	parameters.refuse(PUSHGATEWAY_URL, gateway.fix);
}

function noteInExecution(context: IExecuteFunctions, outcome: RunOutcome): void {
	const key = `${outcome.job.replace(/-/g, '_')}_line`;
	safely([], () => {
		context.customData.set('outcome', outcomeName(outcome));
		context.customData.set(key, headline(outcome).slice(0, CUSTOM_DATA_LIMIT));
	});
}

function items(jsons: object[]): INodeExecutionData[] {
	return jsons.map((json) => ({ json: json as IDataObject, pairedItem: { item: 0 } }));
}

/** Never throws, and always returns exactly one item on Report. */
async function decide(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const parameters = new Parameters(this, 0);
	const problems: FoundFailure[] = [];
	const job = safely(problems, () => parameters.choice<Job>(JOB));
	const instance = safely(problems, () => readInstance(parameters));
	const url = safely(problems, () => readGatewayUrl(parameters));
	const outcome = runReport(
		this.getInputData().map(({ json }) => json),
		{
			job: job ?? 'freeleech-grabber',
			instance: instance ?? '',
			manual: this.getMode() === 'manual',
			at: new Date(),
			node: this.getNode().name,
			reportFailures: problems,
		},
	);
	const log = lines(outcome);
	const report = { ...reportItem(outcome), ...(job === undefined && { flow: 'unknown' }) };
	const failed = outcome.failures
		.slice(0, 1)
		.map((failure) => failedItem(failure, outcome.at, log));
	noteInExecution(this, outcome);

	// A group whose name is not known may be that of another flow or instance.
	const mayPush = job !== undefined && instance !== undefined && url;
	return [[report], mayPush ? pushes(outcome, url) : [], [], failed].map(items);
}

/**
 * Report: the run, as one item. Push: `{ group, url, body }`, one item for each group to PUT. Notify: what a
 * person must know now. Failed: why the run failed, nothing when it did not.
 */
export const reportMetrics = operation({
	value: 'reportMetrics',
	name: 'Report Run',
	action: 'Report a run',
	description: 'Say what a run did, as a report, as metrics and as messages',
	changes: false,
	fields: [JOB, PUSHGATEWAY_URL, INSTANCE],
	outputs: ['Report', 'Push', 'Notify', 'Failed'],
	run: { decide },
});
