import type { FastifyInstance } from 'fastify';

import { formOf } from './form.mts';
import type { Torrents } from './torrents.mts';

/** Where to put `moved` among `others`, both in the order of the queue. */
type Move = (queue: string[], moved: string[]) => string[];

const others = (queue: string[], moved: string[]) => queue.filter((hash) => !moved.includes(hash));

/** Swaps each of `moved` with the one before it. */
const up: Move = (queue, moved) => {
	const next = [...queue];
	for (let at = 1; at < next.length; at++) {
		if (moved.includes(next[at]) && !moved.includes(next[at - 1]))
			[next[at - 1], next[at]] = [next[at], next[at - 1]];
	}
	return next;
};

const MOVES: Record<string, Move> = {
	topPrio: (queue, moved) => [...moved, ...others(queue, moved)],
	bottomPrio: (queue, moved) => [...others(queue, moved), ...moved],
	increasePrio: up,
	decreasePrio: (queue, moved) => up([...queue].reverse(), moved).reverse(),
};

/** Adds the moves in the download queue to `app`; they need queueing. */
export function serveQueue(
	app: FastifyInstance,
	torrents: Torrents,
	preferences: Record<string, unknown>,
): void {
	for (const [name, move] of Object.entries(MOVES)) {
		app.post(`/api/v2/torrents/${name}`, async (request, reply) => {
			if (preferences.queueing_enabled !== true)
				return await reply.code(409).send('Torrent queueing must be enabled');
			const named = torrents.named(formOf(request).get('hashes') ?? '').map(({ hash }) => hash);
			const queue = torrents.queue();
			torrents.reorder(
				move(
					queue,
					queue.filter((hash) => named.includes(hash)),
				),
			);
			return '';
		});
	}
}
