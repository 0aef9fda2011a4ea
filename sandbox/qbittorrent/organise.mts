import type { FastifyInstance } from 'fastify';

import { formOf } from './form.mts';
import { tagsOf, type Torrents } from './torrents.mts';

/** Adds categories and tags to `app`. */
export function serveOrganisation(app: FastifyInstance, torrents: Torrents): void {
	const categories = new Map<string, { name: string; savePath: string }>();
	const tags = new Set<string>();
	const known = () =>
		new Set([...tags, ...torrents.named('all').flatMap((one) => tagsOf(one.tags))]);
	const path = (name: string) => `/api/v2/torrents/${name}`;
	const changeTags = (name: string, change: (before: string[], given: string[]) => string[]) =>
		app.post(path(name), async (request) => {
			const form = formOf(request);
			const given = tagsOf(form.get('tags') ?? '');
			for (const torrent of torrents.named(form.get('hashes') ?? '')) {
				torrent.tags = [...new Set(change(tagsOf(torrent.tags), given))].join(', ');
			}
			return '';
		});

	app.get(path('categories'), async () => {
		for (const { category } of torrents.named('all')) {
			if (category !== '' && !categories.has(category)) {
				categories.set(category, { name: category, savePath: '' });
			}
		}
		return Object.fromEntries(categories);
	});
	app.post(path('createCategory'), async (request, reply) => {
		const form = formOf(request);
		const name = form.get('category') ?? '';
		if (name === '') return await reply.code(400).send('');
		if (categories.has(name)) return await reply.code(409).send('');
		categories.set(name, { name, savePath: form.get('savePath') ?? '' });
		return '';
	});
	app.post(path('setCategory'), async (request, reply) => {
		const form = formOf(request);
		const category = form.get('category') ?? '';
		const isUsed = torrents.named('all').some((torrent) => torrent.category === category);
		if (category !== '' && !categories.has(category) && !isUsed) {
			return await reply.code(409).send('');
		}
		for (const torrent of torrents.named(form.get('hashes') ?? '')) torrent.category = category;
		return '';
	});
	app.get(path('tags'), async () => [...known()].sort());
	app.post(path('createTags'), async (request) => {
		for (const tag of tagsOf(formOf(request).get('tags') ?? '')) tags.add(tag);
		return '';
	});
	changeTags('addTags', (before, given) => [...before, ...given]);
	changeTags('removeTags', (before, given) =>
		given.length === 0 ? [] : before.filter((tag) => !given.includes(tag)),
	);
}
