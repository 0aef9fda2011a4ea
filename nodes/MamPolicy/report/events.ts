import { isRecord } from '../../shared/json';
import { MIN_UPLOAD_GIB, POINTS_CAP } from '../../shared/site';
import { SESSION_CAUSES } from '../../shared/types';
import type { Cause } from '../../shared/types';
import { ratioText } from '../decisions/format';
import type { HoldReason } from '../types';
import type { FlowName } from './definitions';
import { blockedOf, numbersOf, silentByState, summaryOf, sumOf } from './items';
import type { RunFailure } from './items';
import { oneLine } from './lines';
import { heldReasons } from './runReport';
import type { RunOutcome } from './runReport';
import {
	counted,
	failureSentence,
	isOrAre,
	purchaseSentence,
	reasonList,
	sentences,
	silentSentence,
	thousands,
} from './sentences';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A freeze lasts about a day; taken when the site did not say until when. */
const FREEZE_MS = 26 * HOUR_MS;

/** A check, a move or a restart of the client may take this long. */
const SILENT_MS = 2 * HOUR_MS;

/** The limits of the alerts MAMJanitorStuckBacklog and QBittorrentAnnouncesRefused. */
const BACKLOG_MS = 6 * HOUR_MS;
const REFUSED_MS = 2 * HOUR_MS;
const MOST_IN_PROGRESS = 100;
const MOST_HELD = 400;

/** What the janitor holds in any number when all is well. */
const USUAL_HOLDS: readonly string[] = [
	'active',
	'hnr_window',
	'in_progress',
	'protected',
	'not_ours',
	'run_capped',
	'tracker_down',
] satisfies HoldReason[];

/** Less than this below the cap, a good farm loses points within a few hours. */
const CAP_HEADROOM_POINTS = 10_000;

/** The spender extends VIP long before; then something keeps it from it. */
const VIP_ENDING_MS = 7 * DAY_MS;

export type Severity = 'critical' | 'warning' | 'info';

/** What a message can be about. Each belongs to one flow, or to the run of each, so that no message comes twice. */
export const EVENT_NAMES = [
	'failed',
	'mouse',
	'ratio_below_floor',
	'hit_and_run',
	'unsatisfied_not_seeding',
	'freeze',
	'client_refused',
	'blocked',
	'bought',
	'by_hand',
	'points_near_cap',
	'vip_ending',
	'stale',
	'disk_full',
	'tracker_down',
	'backlog',
	'not_announcing',
	'announces_refused',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** One message to the owner. */
export interface Message {
	/** What began, or what it is called when it is over. */
	event: string;
	severity: Severity;
	title: string;
	message: string;
	flow: FlowName;
	instance: string;
	/** ISO time of the run. */
	at: string;
}

/** What is remembered of something that holds. All times ISO. */
interface Ongoing {
	since: string;
	/** When the last message was sent; null while it has not lasted long enough. */
	sent: string | null;
	/** When it ends by itself. */
	until?: string;
}

/** What holds, by event; failures by `failed:<cause>`. Kept in the workflow's static data. */
export type EventMemory = Record<string, Ongoing>;

/** What a run saw of an event: what to say while it holds, null when it does not, undefined when it cannot say. */
type Sight = { title: string; message: string; until?: string } | null | undefined;

interface Condition {
	flow: FlowName;
	severity: Severity;
	/** How long it must hold before a message is sent. */
	afterMs?: number;
	look(outcome: RunOutcome): Sight;
	/** The message when it is over. */
	over: { event: string; title: string; message: string };
}

function isMouse({ account }: RunOutcome): boolean {
	return account?.className.toLowerCase() === 'mouse';
}

/** How many torrents are kept because deleting others freed no space; undefined when nothing could be judged. */
function heldForSpace({ summaries }: RunOutcome): number | undefined {
	const summary = summaryOf(summaries, 'judgeTorrents');
	if (summary === undefined || summary.failure !== undefined) return undefined;
	return summary.counts.freed_nothing ?? 0;
}

/** What the janitor holds in an unusual number, by reason; undefined when that cannot be said. */
function backlogOf({ summaries }: RunOutcome): Array<[string, number]> | undefined {
	const judge = summaryOf(summaries, 'judgeTorrents');
	if (judge === undefined || judge.failure !== undefined) return undefined;
	// A tracker that is down holds them, and has a message of its own.
	if (numbersOf(summaries, 'judgeTorrents').tracker_down) return undefined;
	const held = [...heldReasons([judge])];
	const unusual = held.filter(([reason]) => !USUAL_HOLDS.includes(reason));
	return [
		...(sumOf(unusual) > MOST_HELD ? unusual : []),
		...held.filter(([reason, count]) => reason === 'in_progress' && count > MOST_IN_PROGRESS),
	];
}

/** `count` as a sight: undefined stays, 0 holds no longer. */
function whenSome(
	count: number | null | undefined,
	say: (count: number) => NonNullable<Sight>,
): Sight {
	if (count === undefined || count === null) return undefined;
	return count > 0 ? say(count) : null;
}

function freezeUntil(outcome: RunOutcome, { until }: RunFailure): string {
	return until ?? new Date(outcome.at.getTime() + FREEZE_MS).toISOString();
}

/** What lasts, by event. `failed` and `bought` are not here: they are about one run. */
const CONDITIONS: Record<Exclude<EventName, 'failed' | 'bought'>, Condition> = {
	mouse: {
		flow: 'grabber',
		severity: 'critical',
		look: (outcome) =>
			outcome.account === null
				? undefined
				: isMouse(outcome)
					? {
							title: 'the account is a Mouse',
							message: `The ratio is ${ratioText(outcome.account.ratio)} and the tracker gives a Mouse no peers. Buy upload credit; nothing is grabbed until then.`,
						}
					: null,
		over: {
			event: 'out_of_mouse',
			title: 'no longer a Mouse',
			message: 'The account is no longer a Mouse, so the tracker gives it peers again.',
		},
	},
	ratio_below_floor: {
		flow: 'grabber',
		severity: 'warning',
		look: (outcome) => {
			const { ratioFloor } = numbersOf(outcome.summaries, 'guardAccount');
			// A Mouse has a message of its own.
			if (outcome.account === null || ratioFloor === undefined || isMouse(outcome))
				return undefined;
			const { ratio } = outcome.account;
			if (ratio === null || ratio >= ratioFloor) return null;
			return {
				title: 'the ratio is below the floor',
				message: `The ratio of ${ratioText(ratio)} is below the floor of ${ratioText(ratioFloor)}, so nothing is grabbed. Buy upload credit, or let the torrents that you have upload more.`,
			};
		},
		over: {
			event: 'ratio_above_floor',
			title: 'the ratio is above the floor again',
			message: 'The ratio is above the floor again, so grabbing continues.',
		},
	},
	hit_and_run: {
		flow: 'grabber',
		severity: 'critical',
		look: ({ account }) =>
			whenSome(account?.hitAndRuns?.notSeeding, (count) => ({
				title: 'Hit & Run',
				message: `${counted(count, 'Hit & Run')} ${isOrAre(count)} not being seeded. Add the torrents again with the tag recovery and seed them, or buy a seed time fix in the site's store.`,
			})),
		over: {
			event: 'hit_and_run_over',
			title: 'no Hit & Run left unseeded',
			message: 'No Hit & Run is left unseeded.',
		},
	},
	unsatisfied_not_seeding: {
		flow: 'grabber',
		severity: 'critical',
		// A client that is off at night is not a danger yet.
		afterMs: 12 * HOUR_MS,
		look: ({ account }) =>
			whenSome(account?.inactiveUnsatisfied, (count) => ({
				title: 'unsatisfied torrents are not seeding',
				message: `The site does not see ${counted(count, 'unsatisfied torrent')} seeding: each becomes a Hit & Run. Start them in qBittorrent, and check that the tracker accepts their announces.`,
			})),
		over: {
			event: 'unsatisfied_seeding',
			title: 'all unsatisfied torrents are seeding',
			message: 'The site sees all unsatisfied torrents seeding again.',
		},
	},
	freeze: {
		flow: 'grabber',
		severity: 'warning',
		look: (outcome) => {
			const freeze = outcome.failures.find(({ cause }) => cause === 'download_freeze');
			if (freeze === undefined) return outcome.grabbed > 0 ? null : undefined;
			const until = freezeUntil(outcome, freeze);
			return {
				title: 'downloads are frozen',
				message: `The site froze all downloads until ${until}, because the limit on unsatisfied torrents was exceeded. Grab nothing by hand until then, and keep everything seeding.`,
				until,
			};
		},
		over: {
			event: 'freeze_over',
			title: 'downloads are possible again',
			message: 'The freeze of downloads is over.',
		},
	},
	client_refused: {
		flow: 'grabber',
		severity: 'critical',
		look: (outcome) =>
			whenSome(numbersOf(outcome.summaries, 'rankCandidates').clientRefused, () => ({
				title: 'the tracker refuses the client',
				message:
					"The tracker refuses the announces of most MAM torrents, so the site does not count their seeding, and nothing is grabbed. Register the client's public address on the site (Preferences > Security).",
			})),
		over: {
			event: 'client_accepted',
			title: 'the tracker accepts the client again',
			message: 'The tracker accepts announces again, so grabbing continues.',
		},
	},
	blocked: {
		flow: 'grabber',
		severity: 'warning',
		afterMs: DAY_MS,
		look: ({ summaries }) => {
			const blocked = blockedOf(summaries);
			// A run without anything to grab says nothing about the limit.
			if (blocked === undefined)
				return (numbersOf(summaries, 'rankCandidates').selected ?? 0) > 0 ? null : undefined;
			// The refused client has a message of its own.
			if (blocked.reason === 'client_refused') return undefined;
			return {
				title: 'nothing grabbed for a day',
				message: `A limit has stopped all grabs for a day. ${blocked.detail}`,
			};
		},
		over: {
			event: 'unblocked',
			title: 'grabbing continues',
			message: 'The limit that stopped all grabs no longer applies.',
		},
	},
	by_hand: {
		flow: 'spender',
		severity: 'warning',
		look: ({ summaries }) => {
			const plan = summaryOf(summaries, 'planSpend');
			if (plan === undefined || plan.failure !== undefined) return undefined;
			if (plan.byHand === undefined) return null;
			return {
				title: 'buy upload credit by hand',
				// The first line holds the figures, the next the decision with its advice.
				message: `The site's API sells no less than ${MIN_UPLOAD_GIB} GiB at a time. ${plan.lines.slice(1).join(' ')}`,
			};
		},
		over: {
			event: 'by_hand_over',
			title: 'nothing to buy by hand',
			message: 'Upload credit no longer has to be bought by hand.',
		},
	},
	points_near_cap: {
		flow: 'spender',
		severity: 'warning',
		look: ({ account }) => {
			if (account === null) return undefined;
			if (account.bonusPoints < POINTS_CAP - CAP_HEADROOM_POINTS) return null;
			return {
				title: 'bonus points near the cap',
				message: `The balance is ${thousands(account.bonusPoints)} points; what is earned above ${thousands(POINTS_CAP)} is lost. Spend some, or set the option Spend Above Cap.`,
			};
		},
		over: {
			event: 'points_below_cap',
			title: 'bonus points below the cap again',
			message: 'The balance is well below the cap again.',
		},
	},
	vip_ending: {
		flow: 'spender',
		severity: 'warning',
		look: ({ account, at }) => {
			if (account === null) return undefined;
			const left = account.vipUntil === null ? -1 : Date.parse(account.vipUntil) - at.getTime();
			if (!(left >= 0 && left < VIP_ENDING_MS)) return null;
			return {
				title: 'VIP ends soon',
				message: `VIP ends on ${account.vipUntil}. Extend it with bonus points, or set the option VIP of the spender.`,
			};
		},
		over: {
			event: 'vip_ending_over',
			title: 'VIP no longer ends soon',
			message: 'VIP was extended, or has ended.',
		},
	},
	stale: {
		flow: 'janitor',
		severity: 'warning',
		look: ({ summaries }) => {
			const judge = summaryOf(summaries, 'judgeTorrents');
			if (judge === undefined || judge.failure !== undefined) return undefined;
			const stale = Object.entries(judge.stale ?? {});
			return whenSome(sumOf(stale), (count) => ({
				title: 'torrents need your attention',
				message: `Look in qBittorrent at ${counted(count, 'torrent')} stuck for days, which the janitor keeps: ${reasonList(stale)}.`,
			}));
		},
		over: {
			event: 'stale_over',
			title: 'no torrent is stuck any more',
			message: 'No torrent needs your attention any more.',
		},
	},
	disk_full: {
		flow: 'janitor',
		severity: 'critical',
		look: (outcome) =>
			whenSome(heldForSpace(outcome), () => ({
				title: 'deleting frees no space',
				message:
					'Torrents were deleted, but the free space has not risen: a trash folder, hard links or another program may hold the space. Until that is fixed, the janitor deletes nothing more to make room.',
			})),
		over: {
			event: 'disk_full_over',
			title: 'deleting frees space again',
			message: 'The disk has room again.',
		},
	},
	tracker_down: {
		flow: 'janitor',
		severity: 'warning',
		afterMs: DAY_MS,
		look: (outcome) =>
			whenSome(numbersOf(outcome.summaries, 'judgeTorrents').tracker_down, () => ({
				title: 'the tracker has been down for a day',
				message:
					'At least half of the torrents have had no answer from their tracker for a day. If the site works in a browser, check the network of qBittorrent.',
			})),
		over: {
			event: 'tracker_up',
			title: 'the tracker answers again',
			message: 'The tracker answers again.',
		},
	},
	backlog: {
		flow: 'janitor',
		severity: 'warning',
		afterMs: BACKLOG_MS,
		look: (outcome) => {
			const backlog = backlogOf(outcome);
			if (backlog === undefined) return undefined;
			return whenSome(sumOf(backlog), (count) => ({
				title: 'many torrents make no progress',
				message: `${counted(count, 'torrent')} without progress for hours: ${reasonList(backlog)}. Look at the queue of qBittorrent and at what the tracker answers.`,
			}));
		},
		over: {
			event: 'backlog_over',
			title: 'torrents make progress again',
			message: 'Most torrents make progress again.',
		},
	},
	announces_refused: {
		flow: 'keeper',
		severity: 'critical',
		afterMs: REFUSED_MS,
		look: (outcome) =>
			whenSome(numbersOf(outcome.summaries, 'summarizeTrackers').tracker_refused, (count) => ({
				title: 'the tracker refuses announces',
				message: `The tracker has refused the announces of ${counted(count, 'torrent')} for hours, so their seeding does not count. Look in qBittorrent at what it says, and register the client's public address on the site (Preferences > Security).`,
			})),
		over: {
			event: 'announces_accepted',
			title: 'the tracker accepts all announces again',
			message: 'The tracker no longer refuses the announces of any torrent.',
		},
	},
	not_announcing: {
		flow: 'keeper',
		severity: 'critical',
		afterMs: SILENT_MS,
		look: ({ summaries }) => {
			const summary = summaryOf(summaries, 'summarizeTrackers');
			if (summary === undefined || summary.failure !== undefined) return undefined;
			const message = silentSentence(silentByState(summary.numbers));
			return message === null ? null : { title: 'torrents do not announce', message };
		},
		over: {
			event: 'announcing',
			title: 'all torrents announce again',
			message: 'All complete torrents inside the 72 hours announce again.',
		},
	},
};

const LASTING = Object.entries(CONDITIONS) as Array<[EventName, Condition]>;

/** Which messages the owner wants. */
export interface Wishes {
	events: readonly string[];
	/** Hours after which something that still holds is reported again; 0 = never. */
	reminderHours: number;
}

const FAILED = 'failed:';

/** Causes that no next run ends by itself. */
const CRITICAL_CAUSES: readonly Cause[] = [
	...SESSION_CAUSES,
	'session_in_two_credentials',
	'spend_unknown',
];

/** The messages of one run, and what is remembered for the next. */
class Notifier {
	readonly messages: Message[] = [];

	readonly memory: EventMemory = {};

	constructor(
		private readonly outcome: RunOutcome,
		private readonly before: EventMemory,
		private readonly wishes: Wishes,
	) {}

	wants(event: EventName): boolean {
		return this.wishes.events.includes(event);
	}

	say(event: string, severity: Severity, title: string, message: string): void {
		const { flow, instance, at } = this.outcome;
		const whose = instance === '' ? 'MAM' : `MAM (${instance})`;
		this.messages.push({
			event,
			severity,
			title: oneLine(`${whose}: ${title}`),
			message: oneLine(message),
			...{ flow, instance, at: at.toISOString() },
		});
	}

	lasting(event: EventName, condition: Condition): void {
		const { severity, afterMs = 0, over } = condition;
		const known = this.before[event];
		const sight = condition.look(this.outcome);
		if (sight) {
			this.holds(event, known, afterMs, sight.until, (again) =>
				this.say(event, severity, again + sight.title, sight.message),
			);
		} else if (known !== undefined) {
			const isOver = sight === null || this.age(known.until) >= 0;
			if (!isOver) this.memory[event] = known;
			else if (known.sent !== null) this.say(over.event, 'info', over.title, over.message);
		}
	}

	/** A failure is reported once per cause; the first run that does not fail ends them all. */
	failed(): void {
		const { flow, failures } = this.outcome;
		// The freeze has a message of its own, with its end.
		const [failure] = failures.filter(
			({ cause }) => cause !== 'download_freeze' || !this.wants('freeze') || flow !== 'grabber',
		);
		const earlier = Object.entries(this.before).filter(([key]) => key.startsWith(FAILED));
		if (failures.length > 0) for (const [key, known] of earlier) this.memory[key] = known;
		else if (earlier.length > 0) {
			const causes = earlier.map(([key]) => key.slice(FAILED.length)).join(', ');
			this.say(
				'recovered',
				'info',
				`the ${flow} works again`,
				`The ${flow} works again. It had been failing since ${earlier[0][1].since}: ${causes}.`,
			);
		}
		if (failure === undefined) return;
		const { cause, until } = failure;
		const key = FAILED + cause;
		const severity = CRITICAL_CAUSES.includes(cause) ? 'critical' : 'warning';
		const end = until === null ? '' : ` It holds until ${until}.`;
		this.holds(key, this.before[key], 0, undefined, (again) =>
			this.say(
				'failed',
				severity,
				`${again}the ${flow} fails (${cause})`,
				`${failureSentence(failure)}${end}`,
			),
		);
	}

	bought(): void {
		const { purchases, account } = this.outcome;
		for (const purchase of purchases) {
			const balance = account ? ` ${thousands(account.bonusPoints)} points are left.` : '';
			this.say('bought', 'info', 'bought', `${purchaseSentence(purchase)}${balance}`);
		}
	}

	/** Remembers that `key` holds, and sends its message when that is due. */
	private holds(
		key: string,
		known: Ongoing | undefined,
		afterMs: number,
		until: string | undefined,
		send: (again: string) => void,
	): void {
		const now = this.outcome.at.toISOString();
		const { since, sent } = known ?? { since: now, sent: null };
		const { reminderHours } = this.wishes;
		const isDue =
			sent === null
				? this.age(since) >= afterMs
				: reminderHours > 0 && this.age(sent) >= reminderHours * HOUR_MS;
		if (isDue) send(sent === null ? '' : 'still: ');
		this.memory[key] = {
			since,
			sent: isDue ? now : sent,
			...(until !== undefined && { until }),
		};
	}

	/** Milliseconds from `iso` to the run; -Infinity without a time. */
	private age(iso: string | undefined): number {
		return iso === undefined ? -Infinity : this.outcome.at.getTime() - Date.parse(iso);
	}
}

/** What `value` of the static data says; whatever does not is forgotten, and so is what would lie in the future. */
export function readEventMemory(value: unknown, at: Date): EventMemory {
	const isPast = (iso: unknown) =>
		typeof iso === 'string' && Date.parse(iso) <= at.getTime() + HOUR_MS;
	const entries = Object.entries(isRecord(value) ? value : {});
	return Object.fromEntries(
		entries.filter(
			(entry): entry is [string, Ongoing & Record<string, unknown>] =>
				isRecord(entry[1]) &&
				isPast(entry[1].since) &&
				(entry[1].sent === null || isPast(entry[1].sent)),
		),
	);
}

/** The messages of an enforcing run on schedule: what began, still holds after a while, or ended. */
export function messagesOf(
	outcome: RunOutcome,
	before: EventMemory,
	wishes: Wishes,
): { messages: Message[]; memory: EventMemory } {
	const notifier = new Notifier(outcome, before, wishes);
	if (notifier.wants('failed')) notifier.failed();
	if (notifier.wants('bought')) notifier.bought();
	for (const [event, condition] of LASTING)
		if (condition.flow === outcome.flow && notifier.wants(event))
			notifier.lasting(event, condition);
	return { messages: notifier.messages, memory: notifier.memory };
}

/** The message with which a person tries whether messages arrive. */
export function testMessage(outcome: RunOutcome): Message {
	const notifier = new Notifier(outcome, {}, { events: [], reminderHours: 0 });
	const said = sentences(outcome).join(' ');
	notifier.say('test', 'info', 'test message', `Messages from the ${outcome.flow} arrive. ${said}`);
	return notifier.messages[0];
}
