import type { Decision, DeleteReason } from '../../types';
import { days, hours, mib } from '../format';
import { tagsOf } from '../records';
import { keep } from '../result';
import { trackerEvidence, type TrackerEvidence } from '../trackers/trackerEvidence';
import type { ClientTorrent } from '../../../shared/records';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** A just added torrent may not have reached the tracker's own tables yet. */
const UNREGISTERED_MIN_AGE = HOUR;

/** States in which a torrent is to be downloaded and nobody has stopped it. */
const DOWNLOADING_STATES = [
	'downloading',
	'metaDL',
	'forcedMetaDL',
	'queuedDL',
	'stalledDL',
	'forcedDL',
];

/** The tag of torrents that repair a Hit & Run: protected for a while only. */
const RECOVERY_TAG = 'recovery';

/** States in which progress and content are settled; in every other one a torrent is not judged. */
const SETTLED_STATES = [
	...DOWNLOADING_STATES,
	'stoppedDL',
	'uploading',
	'stoppedUP',
	'queuedUP',
	'stalledUP',
	'forcedUP',
];

/** When a torrent is deleted. */
export interface JudgeParameters {
	category: string;
	hnrHours: number;
	neverStartedHours: number;
	stalledDays: number;
	gracefulRetireDays: number;
	zeroDemandDays: number;
	satisfiedDays: number;
	satisfiedSeederFloor: number;
	/** Lower case. */
	protectedTags: string[];
	recoveryHoldDays: number;
	unregisteredMessages: string[];
	maxUnregisteredPerRun: number;
	trackerClockMarginHours: number;
	stalledMaxProgressPercent: number;
	/** 0: the retire rules always apply. */
	retireOnlyAbove: number;
	/** 0: no cap. */
	maxCompletedPerRun: number;
	/** Minimum number of torrents of a list that is trusted. */
	expectedMinTorrents: number;
}

/** A judged torrent. */
export interface Judged {
	/** Index of the input item. */
	index: number;
	torrent: ClientTorrent;
	tracker: TrackerEvidence;
	decision: Decision;
}

interface Case {
	torrent: ClientTorrent;
	/** Seconds since it was added. */
	age: number;
	tracker: TrackerEvidence;
	isShared: boolean;
	parameters: JudgeParameters;
}

type Rule = (c: Case) => Decision | null;

function remove(reason: DeleteReason, detail: string): Decision {
	return { verdict: 'delete', reason, detail };
}

function hnrSeconds({ hnrHours, trackerClockMarginHours }: JudgeParameters): number {
	return (hnrHours + trackerClockMarginHours) * HOUR;
}

/** The tracker's own count, where a record carries it. */
function trackerSeedSeconds(torrent: ClientTorrent): number | null {
	const { seedTimeSeconds } = torrent as { seedTimeSeconds?: unknown };
	return typeof seedTimeSeconds === 'number' ? seedTimeSeconds : null;
}

function inHnrWindow({ torrent, parameters }: Case): boolean {
	const counted = trackerSeedSeconds(torrent);
	return (
		torrent.seeding_time < hnrSeconds(parameters) ||
		(counted !== null && counted < parameters.hnrHours * HOUR)
	);
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
				'Another torrent of the client has the same content path, or one inside the other: deleting would take its files.',
			)
		: null;

const isUnregistered: Rule = (c) => {
	const { torrent, age, tracker } = c;
	if (tracker.unregistered === null || tracker.working || tracker.mouse) return null;
	if (age <= UNREGISTERED_MIN_AGE) return null;
	if (torrent.progress >= 1 && inHnrWindow(c)) return null;
	return remove('unregistered', `The tracker says "${tracker.unregistered.slice(0, 100)}".`);
};

const isUnproven: Rule = ({ tracker }) =>
	tracker.error === null
		? null
		: keep(
				'tracker_unproven',
				`The tracker answers with an error ("${tracker.error.slice(0, 100)}"), so nothing is proven about this torrent.`,
			);

const neverStarted: Rule = ({ torrent, age, parameters }) => {
	const { progress, completed, downloaded, state } = torrent;
	const started = progress > 0 || completed > 0 || downloaded > 0;
	if (started || !DOWNLOADING_STATES.includes(state)) return null;
	if (age <= parameters.neverStartedHours * HOUR) return null;
	return remove(
		'never_started',
		`Nothing was downloaded in ${hours(age)}; the limit is ${parameters.neverStartedHours} h.`,
	);
};

function mouse(decision: Decision): Decision {
	return keep(
		'tracker_unproven',
		`The tracker refuses peers to a Mouse, so this says nothing about the torrent (otherwise: ${decision.reason}).`,
	);
}

const stalledOld: Rule = ({ torrent, age, tracker, parameters }) => {
	const { stalledDays, stalledMaxProgressPercent } = parameters;
	const { state, progress } = torrent;
	if (state !== 'stalledDL' || age <= stalledDays * DAY) return null;
	if (progress > stalledMaxProgressPercent / 100) return null;
	const decision = remove(
		'stalled_old',
		`Stalled at ${(progress * 100).toFixed(1)} % after ${days(age)}; the limits are ${stalledDays} d and ${stalledMaxProgressPercent} %.`,
	);
	return tracker.mouse ? mouse(decision) : decision;
};

const incomplete: Rule = ({ torrent, age, parameters }) => {
	const { state, progress } = torrent;
	const percent = `${(progress * 100).toFixed(1)} %`;
	if (state === 'stoppedDL' || state === 'stoppedUP')
		return keep(
			'stopped',
			`Stopped at ${percent}; it was stopped on purpose, so it is left alone.`,
		);
	if (state === 'stalledDL' && age > parameters.stalledDays * DAY) {
		return keep('partial_download', `Stalled for a long time, but ${percent} is downloaded.`);
	}
	return keep('in_progress', `Downloading: ${percent} after ${hours(age)}.`);
};

const hnrWindow: Rule = (c) => {
	if (!inHnrWindow(c)) return null;
	const { torrent, parameters } = c;
	const counted = trackerSeedSeconds(torrent);
	const byTracker = counted === null ? '' : ` (${hours(counted)} by the tracker's count)`;
	return keep(
		'hnr_window',
		`Seeded for ${hours(torrent.seeding_time)}${byTracker}; kept until ${parameters.hnrHours} h and a margin of ${parameters.trackerClockMarginHours} h.`,
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

/** The local seed clock also runs while every announce is refused: only a working tracker proves it. */
const retire: Rule = (c) => {
	const decision = retirement(c);
	if (decision === null) return null;
	if (c.tracker.mouse) return mouse(decision);
	if (c.tracker.working) return decision;
	return keep(
		'tracker_unproven',
		`No tracker was seen working, so its seed time is not proven (otherwise: ${decision.reason}).`,
	);
};

function active({ seeding_time: seeded, uploaded }: ClientTorrent): Decision {
	return keep('active', `Seeded for ${days(seeded)}, ${mib(uploaded)} uploaded.`);
}

const BEFORE_PROGRESS: Rule[] = [isProtected, isBusy, sharesContent, isUnregistered, isUnproven];
const WHILE_INCOMPLETE: Rule[] = [neverStarted, stalledOld, incomplete];
const WHEN_COMPLETE: Rule[] = [hnrWindow, retire];

/** Judges one torrent of the category: the first rule that says something decides. */
export function judgeTorrent(
	torrent: ClientTorrent,
	isShared: boolean,
	parameters: JudgeParameters,
	now: Date,
): Pick<Judged, 'tracker' | 'decision'> {
	const tracker = trackerEvidence(torrent.trackers, parameters.unregisteredMessages);
	const age = now.getTime() / 1000 - torrent.added_on;
	const c: Case = { torrent, age, tracker, isShared, parameters };
	const rules = [...BEFORE_PROGRESS, ...(torrent.progress < 1 ? WHILE_INCOMPLETE : WHEN_COMPLETE)];
	for (const rule of rules) {
		const decision = rule(c);
		if (decision !== null) return { tracker, decision };
	}
	return { tracker, decision: active(torrent) };
}
