import { nextTurns, noteTurn } from '../../../../nodes/QBittorrent/client/trackerTurns';
import type { RawTorrent } from '../../../../nodes/QBittorrent/parse/torrent';

const NOW = Date.parse('2026-11-23T12:30:00Z');
const DAY = 86_400;
const QUARTER_MS = 900_000;

let readers = 0;
const newReader = () => `reader ${++readers}`;

function torrents(name: string, count: number, fields: object = {}): RawTorrent[] {
	return Array.from({ length: count }, (_, at) => ({
		hash: `${name} ${at}`,
		state: 'stalledUP',
		progress: 1,
		downloaded: 100,
		uploaded: 100,
		num_complete: 3,
		seeding_time: 9 * DAY,
		added_on: NOW / 1000 - 10 * DAY,
		...fields,
	}));
}

/** A run in which the client answers about all that are asked for. */
function takeTurns(list: RawTorrent[], reader: string | null, now: number): RawTorrent[] {
	const chosen = nextTurns(list, reader, now);
	for (const { hash } of chosen) noteTurn(reader, hash, now);
	return chosen;
}

const namesOf = (chosen: RawTorrent[]) => chosen.map(({ hash }) => hash.split(' ')[0]);

const seeding = torrents('seeding', 400);
const window = torrents('window', 20, { seeding_time: 3 * DAY });
const downloading = torrents('downloading', 20, {
	progress: 0.5,
	seeding_time: 0,
	state: 'downloading',
});
const judged = [
	...torrents('started', 1, { progress: 0, downloaded: 0, state: 'stalledDL' }),
	...torrents('stalled', 1, { progress: 0.5, state: 'stalledDL' }),
	...torrents('old', 1, { seeding_time: 15 * DAY }),
	...torrents('redundant', 1, { num_complete: 6 }),
	...torrents('unwanted', 1, { uploaded: 0 }),
];

it('asks first for the completed ones inside the window, then for those that would be deleted', () => {
	const chosen = namesOf(takeTurns([...downloading, ...judged, ...window], newReader(), NOW));
	expect(chosen.slice(0, 20)).toEqual(Array(20).fill('window'));
	expect(chosen.slice(20, 25).sort()).toEqual([
		'old',
		'redundant',
		'stalled',
		'started',
		'unwanted',
	]);
	expect(chosen.slice(25)).toEqual(Array(5).fill('downloading'));
});

it('does not ask for what does not announce', () => {
	const silent = ['queuedUP', 'pausedUP', 'stoppedUP', 'checkingUP', 'error', 'missingFiles'];
	const list = silent.flatMap((state) => torrents(state, 1, { state }));
	expect(takeTurns(list, newReader(), NOW)).toEqual([]);
});

it.each([
	[20, 20],
	[400, 30],
	[800, 50],
	[1600, 100],
	[5000, 100],
])('of %i torrents asks for %i per run', (count, asked) => {
	expect(takeTurns(torrents('any', count), newReader(), NOW)).toHaveLength(asked);
});

it.each([
	[20, 0],
	[500, 60],
	[1600, 400],
	[1600, 1600],
])('of %i torrents, %i of them in the window, none waits for 6 hours', (count, inside) => {
	const reader = newReader();
	const all = [
		...torrents('in', inside, { seeding_time: DAY }),
		...torrents('after', count - inside),
	];
	const last = new Map<string, number>();
	for (let run = 0; run < 200; run++) {
		const now = NOW + run * QUARTER_MS;
		for (const { hash } of takeTurns(all, reader, now)) last.set(hash, now);
		if (run < 17) continue;
		expect(last.size).toBe(count);
		expect(Math.max(...[...last.values()].map((at) => now - at))).toBeLessThan(6 * 4 * QUARTER_MS);
	}
});

it('gives every reader turns of its own, and without one asks for the same again', () => {
	const [one, other] = [newReader(), newReader()];
	const first = takeTurns(seeding, one, NOW);
	expect(takeTurns(seeding, other, NOW)).toEqual(first);
	expect(takeTurns(seeding, null, NOW)).toEqual(first);
	const second = takeTurns(seeding, one, NOW + 1);
	expect(second.filter((torrent) => first.includes(torrent))).toEqual([]);
});

it('continues when the clock is set back', () => {
	const reader = newReader();
	takeTurns(window, reader, NOW + 30 * DAY * 1000);
	const chosen = takeTurns([...seeding, ...window], reader, NOW);
	expect(namesOf(chosen).slice(0, 20)).toEqual(Array(20).fill('window'));
});

it('counts only what was answered as a turn', () => {
	const reader = newReader();
	const first = nextTurns(seeding, reader, NOW);
	for (const { hash } of first.slice(0, 10)) noteTurn(reader, hash, NOW);
	const second = nextTurns(seeding, reader, NOW);
	expect(second.filter((torrent) => first.includes(torrent))).toEqual(first.slice(10));
});
