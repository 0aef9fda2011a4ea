import { createRequire } from 'node:module';
import { join } from 'node:path';

import { builtNodes, operationsOf } from '../scripts/nodeFields.mts';
import { REPOSITORY } from '../stack/packPackage.mts';
import type { WorkflowFile } from '../stack/workflowFiles.mts';
import type { Book } from './site.mts';
import type { ClientRecord } from './client.mts';

type Json = Record<string, unknown>;

/** Thresholds of one policy, by the name of their field. */
export type Thresholds = Json;

/** What a policy decided, as far as a life reads it. */
export interface Result {
	act: Array<{
		index: number;
		decision: { reason: string; detail: string };
		extraFields?: Json;
	}>;
	summary: {
		counts: Record<string, number>;
		line: string;
		blocked?: { reason: string; detail: string };
		failure?: { sentence: string };
		byHand?: { amountGiB: number; costPoints: number; enough: boolean; missingPoints: number };
		stale?: Record<string, number>;
	};
}

interface Evaluation {
	dryRun: boolean;
	now: Date;
}

/** What a workflow remembers of the messages that it has sent, by event. */
type EventMemory = Record<string, { since: string; sent: string | null }>;

const require = createRequire(import.meta.url);

function built<T>(...path: string[]): T {
	return require(join(REPOSITORY, 'dist', 'nodes', 'MamPolicy', ...path)) as T;
}

const { guardAccount } = built<{
	guardAccount(records: unknown[], thresholds: Json, evaluation: Evaluation): Result;
}>('decisions', 'guard', 'guardAccount.js');
const { rankCandidates } = built<{
	rankCandidates(
		records: unknown[],
		context: Json,
		thresholds: Json,
		evaluation: Evaluation,
	): Result;
}>('decisions', 'rank', 'rankCandidates.js');
const { judgeTorrents } = built<{
	judgeTorrents(
		records: unknown[],
		thresholds: Json,
		evaluation: Evaluation,
		context?: { memory: unknown; listedAt: Date },
	): Result & { memory: unknown };
}>('decisions', 'judge', 'judgeTorrents.js');
const { planSpend } = built<{
	planSpend(records: unknown[], thresholds: Json, evaluation: Evaluation): Result;
}>('decisions', 'spend', 'planSpend.js');
const { messagesOf, readEventMemory, EVENT_NAMES } = built<{
	messagesOf(outcome: Json, before: EventMemory, wishes: Json): { memory: EventMemory };
	readEventMemory(value: unknown, at: Date): EventMemory;
	EVENT_NAMES: string[];
}>('report', 'events.js');

/** Texts that the operations split at their commas, and those whose parts are numbers. */
const LISTS = [
	'blockedClasses',
	'tags',
	'protectedTags',
	'unregisteredMessages',
	'trackerHosts',
	'refusedMessages',
	'includeWords',
	'excludeWords',
	'categories',
	'languages',
];
const NUMBERS = ['tiersGiB'];

const SETTING = /^=\{\{ \$\('Settings'\)\.first\(\)\.json\.(\w+) \}\}$/;

/** What the nodes of the editor set in Settings. */
function settingsOf({ nodes }: WorkflowFile): Json {
	const settings = nodes.find(({ name }) => name === 'Settings');
	const { assignments } = (settings?.parameters.assignments ?? { assignments: [] }) as {
		assignments: Array<{ name: string; value: unknown }>;
	};
	return Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
}

/**
 * The thresholds of a policy as a shipped workflow sets them, or else the defaults of its fields. Expressions
 * other than those of Settings stay out: the life knows the account, the torrents and the free space itself.
 */
export function thresholdsOf(workflow: WorkflowFile, policy: string): Thresholds {
	const node = workflow.nodes.find(({ parameters }) => parameters.operation === policy)!;
	const { fields } = operationsOf(builtNodes().find(({ name }) => name === 'mamPolicy')!).find(
		({ value }) => value === policy,
	)!;
	const settings = settingsOf(workflow);
	const options = (node.parameters.options ?? {}) as Json;
	const thresholds: Json = {};
	for (const { name, isOption, property } of fields) {
		const set = isOption ? options[name] : node.parameters[name];
		const setting = SETTING.exec(String(set))?.[1];
		const value = setting === undefined ? (set ?? property.default) : settings[setting];
		if (property.type === 'collection' || String(value).startsWith('={{')) continue;
		const parts = () =>
			String(value)
				.split(',')
				.map((part) => part.trim())
				.filter((part) => part !== '');
		if (LISTS.includes(name)) thresholds[name] = parts();
		else if (NUMBERS.includes(name)) thresholds[name] = parts().map(Number);
		else thresholds[name] = value;
	}
	return thresholds;
}

/** The policies of one life: its thresholds and what its workflows remember. */
export class Policies {
	/** The grabber's memory: MAM id -> Unix seconds. */
	private readonly grabs = { added: {} as Record<string, number>, tried: {} };
	/** The janitor's memory; undefined before its first run. */
	private sights: unknown;
	private readonly thresholds: Record<string, Thresholds>;

	constructor(thresholds: Record<string, Thresholds>) {
		this.thresholds = thresholds;
	}

	/** Of what the grabber adds. */
	get category(): string {
		return this.thresholds.rankCandidates.category as string;
	}

	guard(account: unknown, now: number): Result {
		return guardAccount([account], this.thresholds.guardAccount, evaluation(now));
	}

	rank(
		candidates: unknown[],
		account: unknown,
		clientTorrents: ClientRecord[],
		freeSpaceBytes: number,
		now: number,
	): Result {
		const context = { account, clientTorrents: listed(clientTorrents), memory: this.grabs };
		const thresholds = { ...this.thresholds.rankCandidates, freeSpaceBytes };
		return rankCandidates(candidates, context, thresholds, evaluation(now));
	}

	judge(torrents: ClientRecord[], freeSpaceBytes: number, now: number): Result {
		const thresholds = { ...this.thresholds.judgeTorrents, freeSpaceBytes };
		const own = evaluation(now);
		const context =
			this.sights === undefined ? undefined : { memory: this.sights, listedAt: own.now };
		const result = judgeTorrents(listed(torrents), thresholds, own, context);
		this.sights = result.memory;
		return result;
	}

	spend(account: unknown, now: number): Result {
		return planSpend([account], this.thresholds.planSpend, evaluation(now));
	}

	/** What Remember Grabs keeps of an added torrent. */
	remember({ id }: Book, now: number): void {
		this.grabs.added[String(id)] = now;
	}
}

/** The messages that Report Run of one flow sends to the owner. */
export class Messages {
	private memory: EventMemory = {};
	private readonly flow: string;

	constructor(flow: 'grabber' | 'spender') {
		this.flow = flow;
	}

	/** Reports a run with the summaries of its policies. */
	report(results: Result[], account: unknown, grabbed: number, now: number): void {
		const at = new Date(now * 1000);
		const outcome = {
			...{ flow: this.flow, instance: '', at, account, grabbed },
			...{ summaries: results.map(({ summary }) => summary), purchases: [], failures: [] },
		};
		const wishes = { events: EVENT_NAMES, reminderHours: 0 };
		this.memory = messagesOf(outcome, readEventMemory(this.memory, at), wishes).memory;
	}

	/** Whether the owner was told of an event that holds, or will be once it has lasted long enough. */
	isKnown(event: string): boolean {
		return event in this.memory;
	}

	isSent(event: string): boolean {
		return (this.memory[event]?.sent ?? null) !== null;
	}
}

/** A client without torrents answers with the marker that the nodes send for a proven empty list. */
function listed(torrents: ClientRecord[]): unknown[] {
	return torrents.length > 0 ? torrents : [{ empty: true }];
}

function evaluation(now: number): Evaluation {
	return { dryRun: false, now: new Date(now * 1000) };
}
