import type { Catalogue } from './catalogue.mts';
import { countdown } from './time.mts';

/** 72 hours, in seconds: the seed time that satisfies the site. */
const SATISFIED_SECONDS = 259_200;
/** A peer that was silent for an hour has gone. */
const SILENT_MS = 3_600_000;
const ROWS_PER_PAGE = 250;

/** A torrent that the account has downloaded, as site and tracker count it. */
export interface Snatch {
	id: number;
	/** Unix milliseconds; null while it has not happened. */
	startedAt: number;
	completedAt: number | null;
	lastAnnounceAt: number | null;
	/** Whether the last announce said that the client stopped. */
	isStopped: boolean;
	/** Bytes. */
	uploaded: number;
	downloaded: number;
	seedSeconds: number;
	leechSeconds: number;
}

/** An accepted announce of a snatched torrent; bytes since the one before. */
export interface Progress {
	id: number;
	uploaded: number;
	downloaded: number;
	/** Bytes still missing. */
	left: number;
	event: string;
	now: number;
}

/** What the account has snatched. */
export class Snatches {
	private readonly all = new Map<number, Snatch>();

	private readonly lagMs: number;

	/** `lagMs`: how long the site takes to notice. */
	constructor(lagMs: number) {
		this.lagMs = lagMs;
	}

	/** Notes that the .torrent file was downloaded. Returns whether it was for the first time. */
	start(id: number, now: number): boolean {
		if (this.all.has(id)) return false;
		this.all.set(id, {
			id,
			startedAt: now,
			completedAt: null,
			lastAnnounceAt: null,
			isStopped: false,
			uploaded: 0,
			downloaded: 0,
			seedSeconds: 0,
			leechSeconds: 0,
		});
		return true;
	}

	get(id: number): Snatch | undefined {
		return this.all.get(id);
	}

	/** Counts an accepted announce. */
	announced({ id, uploaded, downloaded, left, event, now }: Progress): void {
		const snatch = this.all.get(id);
		if (snatch === undefined) return;
		const before = event === 'started' || snatch.isStopped ? null : snatch.lastAnnounceAt;
		const seconds = before === null ? 0 : (now - before) / 1000;
		if (snatch.completedAt === null) snatch.leechSeconds += seconds;
		else snatch.seedSeconds += seconds;
		if (left === 0) snatch.completedAt ??= now;
		snatch.uploaded += uploaded;
		snatch.downloaded += downloaded;
		snatch.lastAnnounceAt = now;
		snatch.isStopped = event === 'stopped';
	}

	/** Whether a search already shows the torrent as snatched. */
	isShown(id: number, now: number): boolean {
		const snatch = this.all.get(id);
		return snatch === undefined || now - snatch.startedAt >= this.lagMs;
	}

	/** How many snatched torrents the account page misses: young ones, and those that never announced. */
	missed(now: number): number {
		return [...this.all.values()].filter(
			({ id, lastAnnounceAt }) => lastAnnounceAt === null || !this.isShown(id, now),
		).length;
	}

	/** A page of `loadUserDetailsTorrents.php`. `type` is one of the site's lists. */
	page(catalogue: Catalogue, type: string, iteration: number, now: number): unknown {
		const isActive = ({ lastAnnounceAt, isStopped }: Snatch) =>
			lastAnnounceAt !== null && !isStopped && now - lastAnnounceAt < SILENT_MS;
		const isSatisfied = ({ seedSeconds }: Snatch) => seedSeconds >= SATISFIED_SECONDS;
		const lists: Record<string, (snatch: Snatch) => boolean> = {
			unsat: (snatch) => !isSatisfied(snatch),
			inactUnsat: (snatch) => !isSatisfied(snatch) && !isActive(snatch),
			seedUnsat: (snatch) =>
				!isSatisfied(snatch) && isActive(snatch) && snatch.completedAt !== null,
			sSat: (snatch) => isSatisfied(snatch) && isActive(snatch),
			inactSat: (snatch) => isSatisfied(snatch) && !isActive(snatch),
		};
		const rows = [...this.all.values()]
			.filter(lists[type] ?? (() => false))
			.slice(iteration * ROWS_PER_PAGE, (iteration + 1) * ROWS_PER_PAGE)
			.map((snatch) => row(snatch, catalogue));
		return { rows, success: true };
	}
}

function unix(ms: number | null): number | null {
	return ms === null ? null : Math.floor(ms / 1000);
}

function row(snatch: Snatch, catalogue: Catalogue): Record<string, unknown> {
	const entry = catalogue.find(snatch.id);
	const toGo = Math.max(0, SATISFIED_SECONDS - Math.floor(snatch.seedSeconds));
	return {
		id: snatch.id,
		title: entry?.title ?? '',
		size: entry?.sizeBytes ?? 0,
		seedtime: Math.floor(snatch.seedSeconds),
		leechtime: Math.floor(snatch.leechSeconds),
		uploaded: snatch.uploaded,
		downloaded: snatch.downloaded,
		seeders: entry?.seeders ?? 0,
		leechers: entry?.leechers ?? 0,
		STG: toGo === 0 ? null : countdown(toGo * 1000),
		start_unix: unix(snatch.startedAt),
		complete_unix: unix(snatch.completedAt),
		last_action_unix: unix(snatch.lastAnnounceAt),
		finished: Number(snatch.completedAt !== null),
		to_go: toGo,
		free: Number(entry?.free ?? false),
		vip: Number(entry?.vip ?? false),
		personalFree: Number(entry?.personalFreeleech ?? false),
	};
}
