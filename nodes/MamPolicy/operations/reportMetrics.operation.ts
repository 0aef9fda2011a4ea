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
import { EVENT_NAMES, messagesOf, readEventMemory, testMessage } from '../report/events';
import type { Message, Wishes } from '../report/events';
import { headline, lines } from '../report/lines';
import type { FoundFailure } from '../report/missingResults';
import { gatewayUrl, pushes } from '../report/pushes';
import { failedItem, outcomeName, reportItem } from '../report/reportItem';
import { runReport } from '../report/runReport';
import type { RunOutcome } from '../report/runReport';
import { readUnsent, withUnsent } from '../report/unsentMessages';
import {
	countRun,
	knownRuns,
	mayRemember,
	PUSH_FAILED,
	setOrForget,
	UNSENT,
} from './workflowMemory';

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

export const INSTANCE = {
	displayName: 'Instance',
	name: 'instance',
	type: 'string',
	default: '',
	placeholder: 'e.g. seedbox',
	description:
		'Name of this account or client, if you run these workflows for several; it becomes the label instance of the metrics. Leave it empty if there is only one.',
} satisfies INodeProperties;

const TEST_MESSAGE = 'test';

const NOTIFY_ON = {
	displayName: 'Notify On',
	name: 'notifyOn',
	type: 'multiOptions',
	options: [
		{ name: 'Grabber: Blocked for a Day', value: 'blocked' },
		{ name: 'Grabber: Client Refused by the Tracker', value: 'client_refused' },
		{ name: 'Grabber: Download Freeze', value: 'freeze' },
		{ name: 'Grabber: Hit & Run', value: 'hit_and_run' },
		{ name: 'Grabber: Mouse', value: 'mouse' },
		{ name: 'Grabber: Ratio Below the Floor', value: 'ratio_below_floor' },
		{ name: 'Grabber: Unsatisfied Torrents Not Seeding', value: 'unsatisfied_not_seeding' },
		{ name: 'Janitor: Disk Full', value: 'disk_full' },
		{ name: 'Janitor: Many Torrents Without Progress', value: 'backlog' },
		{ name: 'Janitor: Torrents Stuck for Days', value: 'stale' },
		{ name: 'Janitor: Tracker Down for a Day', value: 'tracker_down' },
		{ name: 'Keeper: Announces Refused for Hours', value: 'announces_refused' },
		{ name: 'Keeper: Torrents Not Announcing Inside the 72 Hours', value: 'not_announcing' },
		{ name: 'Run Failed', value: 'failed' },
		{ name: 'Send Test Message (Manual Runs Only)', value: TEST_MESSAGE },
		{ name: 'Spender: Bonus Points Near the Cap', value: 'points_near_cap' },
		{ name: 'Spender: Bought Something', value: 'bought' },
		{ name: 'Spender: Buy by Hand', value: 'by_hand' },
		{ name: 'Spender: VIP Ending', value: 'vip_ending' },
	],
	default: [...EVENT_NAMES],
	description:
		'What is sent to Notify, once when it begins and once when it ends. Each event comes from the named workflow only, so that no message comes twice. A dry run sends nothing but the test message.',
} satisfies INodeProperties;

const REMINDER_HOURS = {
	displayName: 'Reminder (Hours)',
	name: 'reminderHours',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 24,
	description: 'Hours after which something that still holds is reported again; 0 = never',
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

function readNotifyOn(parameters: Parameters): string[] {
	const chosen = parameters.value(NOTIFY_ON);
	const known: unknown[] = NOTIFY_ON.options.map(({ value }) => value);
	if (!Array.isArray(chosen) || !chosen.every((event) => known.includes(event)))
		parameters.refuse(NOTIFY_ON, 'choose from the list.');
	return chosen as string[];
}

/**
 * The messages of the run, after those that earlier runs could not send. What began is kept in the static data, which
 * n8n stores after scheduled runs only.
 */
function messages(context: IExecuteFunctions, outcome: RunOutcome, wishes: Wishes): Message[] {
	if (context.getMode() === 'manual')
		return wishes.events.includes(TEST_MESSAGE) ? [testMessage(outcome)] : [];
	// A retry repeats what was reported before.
	if (!mayRemember(context) || outcome.dryRun) return [];
	const staticData = context.getWorkflowStaticData('global');
	const before = readEventMemory(staticData.events, outcome.at);
	const { messages: own, memory } = messagesOf(outcome, before, wishes);
	staticData.events = memory as unknown as IDataObject;
	const { due, waiting } = withUnsent(readUnsent(staticData[UNSENT]), own, outcome.at);
	setOrForget(staticData, UNSENT, waiting.length > 0 && (waiting as unknown as IDataObject[]));
	return due;
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
	// With an unusable choice the failure must be among the messages, so it is the default that counts.
	const wishes = {
		events: safely(problems, () => readNotifyOn(parameters)) ?? NOTIFY_ON.default,
		reminderHours:
			safely(problems, () => parameters.number(REMINDER_HOURS)) ?? REMINDER_HOURS.default,
	};
	const staticData = this.getWorkflowStaticData('global');
	const outcome = runReport(
		this.getInputData().map(({ json }) => json),
		{
			job: job ?? 'freeleech-grabber',
			instance: instance ?? '',
			manual: this.getMode() === 'manual',
			at: new Date(),
			node: this.getNode().name,
			// Without an address nothing was to be pushed.
			pushFailed: url !== null && staticData[PUSH_FAILED] === true,
			unsentMessages: readUnsent(staticData[UNSENT]).length,
			remembersNothing: mayRemember(this) && knownRuns(staticData) === 0,
			badFileRuns: Number(staticData.badFileRuns) || 0,
			reportFailures: problems,
		},
	);
	if (mayRemember(this)) {
		countRun(staticData);
		if (!outcome.dryRun && outcome.flow === 'grabber')
			setOrForget(staticData, 'badFileRuns', outcome.badFileRuns > 0 && outcome.badFileRuns);
	}
	const log = lines(outcome);
	const report = { ...reportItem(outcome), ...(job === undefined && { flow: 'unknown' }) };
	const failed = outcome.failures
		.slice(0, 1)
		.map((failure) => failedItem(failure, outcome.at, log));
	noteInExecution(this, outcome);

	// A group whose name is not known may be that of another flow or instance.
	const mayPush = job !== undefined && instance !== undefined && url;
	const notify = job === undefined ? [] : messages(this, outcome, wishes);
	const push = mayPush ? pushes(outcome, url) : [];
	return [[report], push, notify, [{ messages: notify }], failed].map(items);
}

/**
 * Report: the run, as one item. Push: `{ group, url, body }`, one item for each group to PUT. Notify: what a
 * person must know now. Memory: `{ messages }`, one item for Remember Run, which comes after what was pushed and sent.
 * Failed: why the run failed, nothing when it did not.
 */
export const reportMetrics = operation({
	value: 'reportMetrics',
	name: 'Report Run',
	action: 'Report run',
	description: 'Say what a run did, as a report, as metrics and as messages',
	changes: false,
	fields: [JOB, PUSHGATEWAY_URL, INSTANCE, NOTIFY_ON, REMINDER_HOURS],
	outputs: ['Report', 'Push', 'Notify', 'Memory', 'Failed'],
	run: { decide },
});
