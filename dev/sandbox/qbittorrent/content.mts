import type { FastifyInstance } from 'fastify';

import { formOf, missingFields } from './form.mts';
import type { StandInFile, StoredTorrent, Torrents } from './torrents.mts';
import type { Traits } from './versions.mts';

/** A refusal, as status and text; null when it is done. */
type Refusal = [status: number, text: string] | null;

const PRIORITIES = ['0', '1', '6', '7'];

/** What the real client makes of the new address of a tracker: letters, digits and spaces are decoded. */
function prettyUrl(url: string): string {
	return url.replace(/%(20|3\d|[46][1-9a-f]|[57][0-9a])/gi, decodeURIComponent);
}

/** Adds what changes one torrent's trackers, files and name to `app`. */
export function serveContent(app: FastifyInstance, torrents: Torrents, traits: Traits): void {
	/** A POST about one torrent, with all `fields` required. */
	const serve = (
		name: string,
		fields: string[],
		act: (torrent: StoredTorrent, form: URLSearchParams) => Refusal,
		isNew = false,
	) =>
		app.post(`/api/v2/torrents/${name}`, async (request, reply) => {
			const form = formOf(request);
			const missing = missingFields(form, ['hash', ...fields], traits);
			if (missing !== null) return await reply.code(400).send(missing);
			const stored = torrents.all.get(form.get('hash') ?? '');
			const ignores = traits.ignoresUnknownForTrackers && /^(add|remove)Trackers$/.test(name);
			if (stored === undefined && !ignores) return await reply.code(404).send('Not Found');
			const refusal = stored === undefined ? null : act(stored, form);
			if (refusal !== null) return await reply.code(refusal[0]).send(refusal[1]);
			return await reply.code(isNew && traits.answersNoContent ? 204 : 200).send('');
		});

	/** Replaces the announce addresses of the torrent. */
	const announceTo = (stored: StoredTorrent, urls: string[]): void => {
		const { hash } = stored.listed;
		const before = torrents.trackers(hash) as Array<{ url: string; tier: number }>;
		const pseudo = before.filter(({ url }) => url.startsWith('**'));
		stored.trackers = [
			...pseudo,
			...urls.map(
				(url) =>
					before.find((one) => one.url === url) ?? {
						...pseudo[0],
						url,
						status: 1,
						tier: 0,
						msg: '',
					},
			),
		];
		stored.listed.tracker = urls[0] ?? '';
	};
	const urlsOf = (stored: StoredTorrent): string[] =>
		(torrents.trackers(stored.listed.hash) as Array<{ url: string }>)
			.map(({ url }) => url)
			.filter((url) => !url.startsWith('**'));

	serve(
		'addTrackers',
		['urls'],
		(stored, form) => {
			const given = (form.get('urls') ?? '').split('\n').filter((url) => URL.canParse(url));
			announceTo(stored, [...new Set([...urlsOf(stored), ...given])]);
			return null;
		},
		true,
	);
	serve(
		'removeTrackers',
		['urls'],
		(stored, form) => {
			const given = (form.get('urls') ?? '').split('|');
			const unwanted = traits.decodesTrackers ? given.map(decodeURIComponent) : given;
			announceTo(
				stored,
				urlsOf(stored).filter((url) => !unwanted.includes(url)),
			);
			return null;
		},
		true,
	);
	serve(
		'editTracker',
		[traits.currentTracker, 'newUrl'],
		(stored, form) => {
			const current = form.get(traits.currentTracker) ?? '';
			const wanted = prettyUrl(form.get('newUrl') ?? '');
			const urls = urlsOf(stored);
			if (current === wanted) return null;
			if (urls.includes(wanted)) return [409, 'New tracker URL already exists'];
			if (!urls.includes(current)) return [409, 'Tracker not found'];
			announceTo(
				stored,
				urls.map((url) => (url === current ? wanted : url)),
			);
			return null;
		},
		true,
	);

	serve('rename', ['name'], ({ listed }, form) => {
		const name = (form.get('name') ?? '').trim();
		if (name === '') return [409, 'Incorrect torrent name'];
		listed.name = name;
		return null;
	});

	const filesOf = (stored: StoredTorrent): StandInFile[] => {
		const { name, size } = stored.listed;
		stored.files ??= [{ name, size }];
		return stored.files;
	};
	serve('filePrio', ['id', 'priority'], (stored, form) => {
		const ids = (form.get('id') ?? '').split('|');
		if (!ids.every((id) => /^\d+$/.test(id))) return [400, 'File IDs must be integers'];
		const priority = form.get('priority') ?? '';
		if (!PRIORITIES.includes(priority)) return [400, 'Priority is not valid'];
		if (stored.listed.total_size === -1) return [409, "Torrent's metadata has not yet downloaded"];
		const files = filesOf(stored);
		if (ids.some((id) => files[Number(id)] === undefined)) return [409, 'File ID is not valid'];
		for (const id of ids) files[Number(id)].priority = Number(priority);
		return null;
	});
	const paths = (form: URLSearchParams) => [form.get('oldPath') ?? '', form.get('newPath') ?? ''];
	serve('renameFile', ['oldPath', 'newPath'], (stored, form) => {
		const [from, to] = paths(form);
		const files = filesOf(stored);
		const file = files.find(({ name }) => name === from);
		if (file === undefined) return [409, `No such file: '${from}'.`];
		if (from === to) return null;
		if (to.startsWith('/')) return [409, `Absolute path isn't allowed: '${to}'.`];
		if (files.some(({ name }) => name === to)) return [409, `The file already exists: '${to}'.`];
		file.name = to;
		return null;
	});
	serve('renameFolder', ['oldPath', 'newPath'], (stored, form) => {
		const [from, to] = paths(form);
		if (filesOf(stored).some(({ name }) => name.startsWith(`${to}/`)))
			return [409, `The folder already exists: '${to}'.`];
		const inside = filesOf(stored).filter(({ name }) => name.startsWith(`${from}/`));
		if (inside.length === 0) return [409, `No such folder: '${from}'.`];
		for (const file of inside) file.name = `${to}${file.name.slice(from.length)}`;
		return null;
	});
}
