import type { Traits } from './versions.mts';

/** Everything that `sync/maindata` tells. */
export interface MainData extends Record<string, unknown> {
	torrents: Record<string, Record<string, unknown>>;
}

/** What one session was answered last. */
interface Answered {
	rid: number;
	torrents: MainData['torrents'];
}

function changesOf(
	before: Record<string, unknown>,
	now: Record<string, unknown>,
): Record<string, unknown> {
	const changed = Object.entries(now).filter(([key, value]) => before[key] !== value);
	return Object.fromEntries(changed);
}

/** Answers each session with what changed since its last answer, or everything where that is not the one asked for. */
export class MainDataSync {
	private readonly traits: Traits;

	/** By session cookie. */
	private readonly answered = new Map<string, Answered>();

	constructor(traits: Traits) {
		this.traits = traits;
	}

	forgetAll(): void {
		this.answered.clear();
	}

	answer(session: string, rid: number, data: MainData): object {
		const answered = this.answered.get(session);
		const isKnown = answered !== undefined && rid > 0 && rid === answered.rid;
		const last = isKnown || !this.traits.restartsNumbering ? (answered?.rid ?? 0) : 0;
		this.answered.set(session, { rid: last + 1, torrents: structuredClone(data.torrents) });
		if (!isKnown) return { rid: last + 1, full_update: true, ...data };
		const torrents = Object.entries(data.torrents)
			.map(([hash, now]): [string, object] => [hash, changesOf(answered.torrents[hash] ?? {}, now)])
			.filter(([, changes]) => Object.keys(changes).length > 0);
		const removed = Object.keys(answered.torrents).filter((hash) => !(hash in data.torrents));
		return {
			rid: last + 1,
			server_state: data.server_state,
			...(torrents.length > 0 ? { torrents: Object.fromEntries(torrents) } : {}),
			...(removed.length > 0 ? { torrents_removed: removed } : {}),
		};
	}
}
