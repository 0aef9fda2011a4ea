import { GIB, type AccountState } from '../sandbox/mam/account.mts';
import type { MamStandIn } from '../sandbox/mam/standIn.mts';
import type { SeedTorrent } from '../stack/seedTorrents.mts';

const HOUR = 3600;

/** What the demo begins with. */
export interface DemoScenario {
	story: string;
	account: Partial<AccountState>;
	torrents(mam: MamStandIn): SeedTorrent[];
	/** What the account earns by seeding between the first and the second round for real. */
	earnedPoints: number;
}

function seeds(
	mam: MamStandIn,
	count: number,
	name: string,
	change: Partial<SeedTorrent>,
): SeedTorrent[] {
	return Array.from({ length: count }, (_, at) => ({
		name: `${name} ${at + 1}`,
		sizeBytes: 160_000,
		announce: mam.tracker.url,
		category: 'mam-farming',
		tags: ['mam', 'freeleech'],
		progress: 0,
		addedSecondsAgo: 30 * HOUR,
		...change,
	}));
}

function complete(hours: number): Partial<SeedTorrent> {
	return {
		progress: 1,
		addedSecondsAgo: (hours + 1) * HOUR,
		seedingSeconds: hours * HOUR,
		uploadedBytes: 90_000,
	};
}

export const SCENARIOS: Record<string, DemoScenario> = {
	healthy: {
		story:
			'A healthy account with a ratio a little below its target, and a client with some torrents of every kind.',
		account: { uploadedBytes: 36 * GIB, downloadedBytes: 20 * GIB, bonusPoints: 30_000 },
		torrents: (mam) => [
			...seeds(mam, 4, 'Never started', {}),
			...seeds(mam, 3, 'Downloading', { progress: 0.5 }),
			...seeds(mam, 2, 'Still in its 72 hours', complete(40)),
			...seeds(mam, 2, 'Seeded for two weeks', complete(15 * 24)),
			...seeds(mam, 1, 'Tagged keep', { ...complete(20 * 24), tags: ['keep'] }),
			...seeds(mam, 1, 'Somebody else', { ...complete(20 * 24), category: 'books' }),
		],
		earnedPoints: 0,
	},
	incident: {
		story:
			'The death spiral: class Mouse, ratio 0.0, 501 torrents of which 466 never started, and 24,551 bonus points. The tracker gives no peers, so the ratio cannot recover by itself.',
		account: {
			uploadedBytes: 0,
			downloadedBytes: Math.round(715.55 * 1024 ** 2),
			bonusPoints: 24_551,
		},
		torrents: (mam) => [
			...seeds(mam, 466, 'Never started', {}),
			...seeds(mam, 35, 'In progress', { progress: 0.5 }),
		],
		earnedPoints: 1000,
	},
};
