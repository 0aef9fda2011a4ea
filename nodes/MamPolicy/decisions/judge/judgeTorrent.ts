import type { ClientTorrent } from '../../../shared/records';
import { DOWNLOADING_STATES, QUEUED_STATES, STOPPED_STATES } from '../../../shared/torrentStates';
import type { Decision, DeleteReason, StaleReason } from '../../types';
import { days, hours, mib } from '../format';
import { tagsOf } from '../records';
import { keep } from '../result';
import type { TrackerEvidence } from '../trackers/trackerEvidence';
import { seenSeconds, type Seen } from './memory';
import { windowSeconds, type JudgeParameters } from './parameters';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** A just added torrent may not have reached the tracker's own tables yet. */
const UNREGISTERED_MIN_AGE = HOUR;

/** How long every run must have seen a complete torrent unregistered. */
const UNREGISTERED_SECONDS = DAY;

/** By how much a clock may be off before a seeding time is impossible. */
const CLOCK_SLACK = HOUR;

/** The tag of torrents that repair a Hit & Run: protected for a while only. */
const RECOVERY_TAG = 'recovery';

/** States in which progress and content are settled; in every other one a torrent is not judged. */
const SETTLED_STATES: readonly string[] = [
	...DOWNLOADING_STATES,
	...STOPPED_STATES,
	'uploading',
	'queuedUP',
	'stalledUP',
	'forcedUP',
];

/** A torrent of the category with what is known of it before any is judged. */
export interface Known {
	/** Index of the input item. */
	index: number;
	torrent: ClientTorrent;
	tracker: TrackerEvidence;
	/** When a run last wanted to delete it, in Unix seconds; null when none did. */
	triedAt: number | null;
}

/** A judged torrent. */
export interface Judged extends Known {
	/** What the janitor has seen of it. */
	seen: Seen;
	/** Whether it was ever complete. */
	wasComplete: boolean;
	decision: Decision;
}

/** What is known of one torrent beside its record. */
export interface Case {
	torrent: ClientTorrent;
	/** Seconds since it was added, at the time of the evaluation and at that of the list. */
	age: number;
	listedAge: number;
	tracker: TrackerEvidence;
	/** What the janitor has seen of it. */
	seen: Seen;
	/** Whether it was ever complete. */
	wasComplete: boolean;
	isShared: boolean;
	/** Whether a tracker of it was contacted since the client started. */
	isContacted: boolean;
	/** Hours since the last outage; null when that is long enough ago. */
	hoursAfterOutage: number | null;
	parameters: JudgeParameters;
}

type Rule = (c: Case) => Decision | null;

function remove(reason: DeleteReason, detail: string): Decision {
	return { verdict: 'delete', reason, detail };
}

/** The tracker's own count, where a record carries it. */
function trackerSeedSeconds(torrent: ClientTorrent): number | null {
	const { seedTimeSeconds } = torrent as { seedTimeSeconds?: unknown };
	return typeof seedTimeSeconds === 'number' ? seedTimeSeconds : null;
}

/** Whether a torrent was ever complete: a lost disk, or a recheck of it, leaves its clock, or the janitor saw it. */
export function wasEverComplete(torrent: ClientTorrent, seen: Seen): boolean {
	const { progress, seeding_time, completion_on = 0 } = torrent;
	// completion_on of what never was: 0 on 4.5, -1 on 5.x.
	return (
		progress >= 1 || seeding_time > 0 || completion_on > 0 || seen.proven || seen.first !== null
	);
}

/** Whether the window has passed by the client's clock, or by the tracker's where a record carries it. */
function hasClockPassed({ torrent, parameters }: Case): boolean {
	const counted = trackerSeedSeconds(torrent);
	return counted === null
		? torrent.seeding_time >= windowSeconds(parameters)
		: counted >= parameters.hnrHours * HOUR;
}

/** Whether the torrent has seeded for its Hit & Run window, by the clock that counts. */
function isProven(c: Case): boolean {
	const byClock = c.parameters.seedClock === 'client' || trackerSeedSeconds(c.torrent) !== null;
	return byClock ? hasClockPassed(c) : c.seen.proven;
}

function hasImpossibleClock({ torrent, listedAge }: Case): boolean {
	return torrent.seeding_time > Math.max(0, listedAge) + CLOCK_SLACK;
}

const isProtected: Rule = ({ torrent, parameters }) => {
	const { protectedTags, recoveryHoldDays } = parameters;
	const tag = tagsOf(torrent).find(
		(name) =>
			protectedTags.includes(name) &&
			(name !== RECOVERY_TAG || torrent.seeding_time < recoveryHoldDays * DAY),
	);
	return tag === undefined ? null : keep('protected', `It has the tag "${tag}".`);
};

const isBusy: Rule = ({ torrent: { state } }) =>
	SETTLED_STATES.includes(state)
		? null
		: keep('busy', `Its state is ${state}, in which its progress is not meaningful.`);

const sharesContent: Rule = ({ isShared }) =>
	isShared
		? keep(
				'shared_content',
				'Another torrent of the client has the same content path, or one is inside the other: deleting this one would delete its files too.',
			)
		: null;

const impossibleClock: Rule = (c) =>
	hasImpossibleClock(c)
		? keep(
				'impossible_clock',
				`The client says that it has seeded for ${hours(c.torrent.seeding_time)}, but it was added ${hours(Math.max(0, c.listedAge))} ago: its clock is not believed.`,
			)
		: null;

/** The client shows it as complete but announces that a part is missing, so the site counts no seed time. */
const partialSelection: Rule = ({ seen: { selection } }) => {
	if (selection === null) {
		return keep(
			'partial_selection',
			'Whether some of its files are deselected is not known yet; the list asks for the files of at most 20 torrents per run.',
		);
	}
	return selection.isPartial
		? keep(
				'partial_selection',
				'Some of its files are deselected. MAM forbids partial downloads and counts no seed time for them: select all files again.',
			)
		: null;
};

/**
 * What has data goes only after a day of the same answer; what was complete also by the client's clock, because sights
 * can never prove it.
 */
const isUnregistered: Rule = (c) => {
	const { age, tracker, seen, parameters } = c;
	if (tracker.unregistered === null || tracker.working || tracker.mouse) return null;
	if (age <= UNREGISTERED_MIN_AGE) return null;
	const words = `The tracker says "${tracker.unregistered.slice(0, 100)}".`;
	if (c.wasComplete && !hasClockPassed(c)) return null;
	const hasData = c.wasComplete || c.torrent.downloaded > 0;
	if (hasData && parameters.seedClock === 'observed' && seen.goneCredit < UNREGISTERED_SECONDS) {
		return keep(
			'tracker_unproven',
			`${words} The janitor has seen that for ${hours(seen.goneCredit)} of ${UNREGISTERED_SECONDS / HOUR} h.`,
		);
	}
	return remove('unregistered', words);
};

const hasFailingTracker: Rule = ({ tracker }) => {
	if (tracker.error === null) return null;
	const words = `"${tracker.error.slice(0, 100)}"`;
	return tracker.unreachable
		? keep(
				'tracker_unproven',
				`The tracker does not answer (${words}), so nothing is proven about this torrent.`,
			)
		: keep(
				'tracker_refused',
				`The tracker refuses this torrent (${words}), so nothing is proven about it.`,
			);
};

const dataMissing: Rule = ({ torrent, wasComplete }) =>
	wasComplete
		? keep(
				'data_missing',
				`It was complete once and seeded for ${hours(torrent.seeding_time)}, but ${percent(torrent)} of its data is there: check the disk, then recheck it.`,
			)
		: null;

function percent({ progress }: ClientTorrent): string {
	return `${(progress * 100).toFixed(1)} %`;
}

/** Why a torrent that did not download proves nothing yet; null when it does. */
function unprovenDownload(c: Case): Decision | null {
	if (c.wasComplete && !isProven(c)) return dataMissing(c);
	const isQueued = QUEUED_STATES.includes(c.torrent.state);
	if (!isQueued && !c.isContacted) {
		return keep(
			'not_contacted',
			'None of its trackers has been contacted since the client started, so it had no chance to download.',
		);
	}
	if (c.hoursAfterOutage === null) return null;
	return keep(
		'after_outage',
		`The tracker was away or refused many torrents ${hours(c.hoursAfterOutage * HOUR)} ago; this torrent gets another ${c.parameters.neverStartedHours} h.`,
	);
}

const neverStarted: Rule = (c) => {
	const { torrent, age, parameters } = c;
	const { progress, completed, downloaded, state } = torrent;
	const started = progress > 0 || completed > 0 || downloaded > 0;
	if (started || !DOWNLOADING_STATES.includes(state)) return null;
	if (age <= parameters.neverStartedHours * HOUR) return null;
	return (
		unprovenDownload(c) ??
		remove(
			'never_started',
			`Nothing was downloaded in ${hours(age)}; the limit is ${parameters.neverStartedHours} h.`,
		)
	);
};

function mouse(decision: Decision): Decision {
	return keep(
		'tracker_unproven',
		`The tracker gives a Mouse no peers, so this says nothing about the torrent (otherwise: ${decision.reason}).`,
	);
}

const stalledOld: Rule = (c) => {
	const { torrent, age, tracker, parameters } = c;
	const { stalledDays, stalledMaxProgressPercent } = parameters;
	if (torrent.state !== 'stalledDL' || age <= stalledDays * DAY) return null;
	// The site remembers what was downloaded, also where a lost disk has taken it.
	const share = Math.max(
		torrent.progress,
		torrent.size > 0 ? torrent.downloaded / torrent.size : 0,
	);
	if (share > stalledMaxProgressPercent / 100) return null;
	const decision = remove(
		'stalled_old',
		`Stalled at ${percent(torrent)} after ${days(age)}; the limits are ${stalledDays} d and ${stalledMaxProgressPercent} %.`,
	);
	return unprovenDownload(c) ?? (tracker.mouse ? mouse(decision) : decision);
};

const incomplete: Rule = ({ torrent, age, parameters }) => {
	const { state } = torrent;
	if (STOPPED_STATES.includes(state))
		return keep(
			'stopped',
			`Stopped at ${percent(torrent)}; it was stopped on purpose, so it is left alone.`,
		);
	if (state === 'stalledDL' && age > parameters.stalledDays * DAY) {
		return keep(
			'partial_download',
			`Stalled for a long time, but ${percent(torrent)} is downloaded.`,
		);
	}
	return keep('in_progress', `Downloading: ${percent(torrent)} after ${hours(age)}.`);
};

/** The client's clock also runs while nobody hears of the torrent, so it proves nothing about the site's. */
const hnrWindow: Rule = (c) => {
	if (isProven(c)) return null;
	const { torrent, seen, parameters } = c;
	const { hnrHours, trackerClockMarginHours } = parameters;
	const counted = trackerSeedSeconds(torrent);
	if (counted !== null) {
		return keep(
			'hnr_window',
			`Seeded for ${hours(torrent.seeding_time)} (${hours(counted)} by the tracker's count); kept until ${hnrHours} h by that count.`,
		);
	}
	if (parameters.seedClock === 'client') {
		return keep(
			'hnr_window',
			`Seeded for ${hours(torrent.seeding_time)}; kept until ${hnrHours} h and a margin of ${trackerClockMarginHours} h.`,
		);
	}
	return keep(
		'hnr_window',
		`The client says ${hours(torrent.seeding_time)}; the janitor has seen it seed for ${hours(seenSeconds(seen))} of ${hnrHours + trackerClockMarginHours} h.`,
	);
};

function retirement({ torrent, age, parameters }: Case): Decision | null {
	const { gracefulRetireDays, zeroDemandDays, satisfiedDays, satisfiedSeederFloor } = parameters;
	const { seeding_time: seeded, uploaded, num_complete: seeders } = torrent;
	if (seeded > gracefulRetireDays * DAY) {
		return remove(
			'graceful_retire',
			`Seeded for ${days(seeded)}; the limit is ${gracefulRetireDays} d.`,
		);
	}
	if (uploaded === 0 && age > zeroDemandDays * DAY) {
		return remove(
			'zero_demand',
			`Nothing was uploaded in ${days(age)}; the limit is ${zeroDemandDays} d.`,
		);
	}
	if (seeded > satisfiedDays * DAY && seeders > satisfiedSeederFloor) {
		return remove(
			'satisfied_redundant',
			`Seeded for ${days(seeded)} (limit ${satisfiedDays} d) and ${seeders} seeders have it (floor ${satisfiedSeederFloor}).`,
		);
	}
	return null;
}

/** Only a working tracker hears of the torrent, now as well. */
const retire: Rule = (c) => {
	const decision = retirement(c);
	if (decision === null) return null;
	if (c.tracker.mouse) return mouse(decision);
	if (c.tracker.working) return decision;
	const otherwise = `(otherwise: ${decision.reason})`;
	if (!c.isContacted) {
		return keep(
			'not_contacted',
			`None of its trackers has been contacted since the client started, so its seed time is not proven ${otherwise}.`,
		);
	}
	return keep(
		'tracker_unproven',
		`No tracker was seen working, so its seed time is not proven ${otherwise}.`,
	);
};

const active: Rule = ({ torrent: { seeding_time: seeded, uploaded } }) =>
	keep('active', `Seeded for ${days(seeded)}, ${mib(uploaded)} uploaded.`);

const BEFORE_PROGRESS: readonly Rule[] = [
	isProtected,
	isBusy,
	sharesContent,
	impossibleClock,
	partialSelection,
	isUnregistered,
	hasFailingTracker,
];
const WHILE_INCOMPLETE: readonly Rule[] = [
	...BEFORE_PROGRESS,
	neverStarted,
	stalledOld,
	dataMissing,
	incomplete,
];
const WHEN_COMPLETE: readonly Rule[] = [...BEFORE_PROGRESS, hnrWindow, retire, active];

/** Judges one torrent of the category: the first rule that says something decides. */
export function judgeTorrent(c: Case): Decision {
	for (const rule of c.torrent.progress < 1 ? WHILE_INCOMPLETE : WHEN_COMPLETE) {
		const decision = rule(c);
		if (decision !== null) return decision;
	}
	return active(c)!;
}

/** Why a kept torrent does not get better by itself; null when it may. */
export function staleReason({ torrent: { state }, triedAt, decision }: Judged): StaleReason | null {
	if (decision.verdict === 'delete') return triedAt === null ? null : 'not_deleted';
	switch (decision.reason) {
		case 'busy':
			return state === 'error' || state === 'missingFiles' ? state : null;
		case 'partial_download':
			return 'partial';
		case 'data_missing':
		case 'tracker_refused':
		case 'partial_selection':
		case 'not_deleted':
			return decision.reason;
		default:
			return STOPPED_STATES.includes(state) ? 'stopped' : null;
	}
}
