import { isDeepStrictEqual } from 'node:util';

import type { FastifyInstance, FastifyReply } from 'fastify';

import { formOf, missingFields } from './form.mts';
import { tagsOf, type StandInCategory, type Torrents } from './torrents.mts';
import type { Traits } from './versions.mts';

/** The categories of the client as `torrents/categories` lists them. */
export function categoriesOf({ categories }: Torrents, { categoryFields }: Traits): object {
	return Object.fromEntries(
		[...categories].map(([name, { savePath, downloadPath }]) => [
			name,
			{
				...categoryFields,
				name,
				savePath,
				...(downloadPath === undefined ? {} : { download_path: downloadPath }),
			},
		]),
	);
}

/** Adds categories and tags to `app`. */
export function serveOrganisation(app: FastifyInstance, torrents: Torrents, traits: Traits): void {
	serveCategories(app, torrents, traits);
	serveTags(app, torrents, traits);
}

const path = (name: string) => `/api/v2/torrents/${name}`;

function serveCategories(app: FastifyInstance, torrents: Torrents, traits: Traits): void {
	const { categories } = torrents;
	const refuse = async (reply: FastifyReply, status: number, text: string) =>
		await reply.code(status).send(text);

	app.get(path('categories'), async () => categoriesOf(torrents, traits));
	app.post(path('createCategory'), async (request, reply) => {
		const form = formOf(request);
		const name = form.get('category') ?? '';
		if (name === '') return await refuse(reply, 400, 'Category cannot be empty');
		if (categories.has(name)) return await refuse(reply, 409, 'Unable to create category');
		categories.set(name, optionsOf(form));
		return '';
	});
	app.post(path('editCategory'), async (request, reply) => {
		const form = formOf(request);
		const name = form.get('category') ?? '';
		const before = categories.get(name);
		const isKnown = before !== undefined;
		const after = optionsOf(form);
		if (traits.editsToTheSame && !isKnown) {
			return await refuse(reply, 404, 'Category does not exist');
		}
		if (!traits.editsToTheSame && (!isKnown || isDeepStrictEqual(before, after))) {
			return await refuse(reply, 409, 'Unable to edit category');
		}
		// Since 5.2 what is not sent stays as it is.
		categories.set(name, traits.editsToTheSame ? { ...before, ...after } : after);
		return '';
	});
	app.post(path('removeCategories'), async (request) => {
		for (const name of (formOf(request).get('categories') ?? '').split('\n')) {
			categories.delete(name);
			if (traits.removesSubcategories) {
				for (const other of categories.keys())
					if (other.startsWith(`${name}/`)) categories.delete(other);
			}
			for (const torrent of torrents.named('all')) {
				if (torrent.category === name) torrent.category = '';
			}
		}
		return '';
	});
	app.post(path('setCategory'), async (request, reply) => {
		const form = formOf(request);
		const category = form.get('category') ?? '';
		if (category !== '' && !categories.has(category)) {
			return await refuse(reply, 409, 'Incorrect category name');
		}
		for (const torrent of torrents.named(form.get('hashes') ?? '')) torrent.category = category;
		return '';
	});
}

/** The folders that a form gives a category, without the slash at their ends. */
function optionsOf(form: URLSearchParams): StandInCategory {
	const savePath = (form.get('savePath') ?? '').replace(/(?<=.)\/$/, '');
	const isEnabled = form.get('downloadPathEnabled');
	if (isEnabled === null) return { savePath };
	return { savePath, downloadPath: isEnabled === 'true' && (form.get('downloadPath') ?? '') };
}

function serveTags(app: FastifyInstance, torrents: Torrents, traits: Traits): void {
	const without = (tags: string, unwanted: string[]) =>
		tagsOf(tags).filter((tag) => !unwanted.includes(tag));

	app.get(path('tags'), async () => [...torrents.tags].sort());
	app.post(path('createTags'), async (request) => {
		for (const tag of tagsOf(formOf(request).get('tags') ?? '')) torrents.tags.add(tag);
		return '';
	});
	app.post(path('deleteTags'), async (request) => {
		const unwanted = tagsOf(formOf(request).get('tags') ?? '');
		for (const tag of unwanted) torrents.tags.delete(tag);
		for (const torrent of torrents.named('all')) {
			torrent.tags = without(torrent.tags, unwanted).join(', ');
		}
		return '';
	});
	app.post(path('addTags'), async (request) => {
		const form = formOf(request);
		const given = tagsOf(form.get('tags') ?? '');
		for (const tag of given) torrents.tags.add(tag);
		for (const torrent of torrents.named(form.get('hashes') ?? '')) {
			torrent.tags = [...new Set([...tagsOf(torrent.tags), ...given])].join(', ');
		}
		return '';
	});
	if (traits.setsTags) {
		app.post(path('setTags'), async (request, reply) => {
			const form = formOf(request);
			const missing = missingFields(form, ['hashes', 'tags'], traits);
			if (missing !== null) return await reply.code(400).send(missing);
			const given = tagsOf(form.get('tags') ?? '');
			for (const tag of given) torrents.tags.add(tag);
			for (const torrent of torrents.named(form.get('hashes') ?? ''))
				torrent.tags = given.join(', ');
			return await reply.code(traits.answersNoContent ? 204 : 200).send('');
		});
	}
	app.post(path('removeTags'), async (request) => {
		const form = formOf(request);
		const given = tagsOf(form.get('tags') ?? '');
		for (const torrent of torrents.named(form.get('hashes') ?? '')) {
			torrent.tags = given.length === 0 ? '' : without(torrent.tags, given).join(', ');
		}
		return '';
	});
}
