import type { INodeProperties } from 'n8n-workflow';

import type { Field, Parameters } from '../../../shared/parameters';
import { lacksMetadata } from '../../parse/torrent';
import { comparablePath } from '../../../shared/sharedContent';
import { hasDots } from '../fields';
import { postTo, torrentAction, type Form, type TorrentAction } from './batch';

const NAME: INodeProperties = {
	displayName: 'New Name',
	name: 'newName',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. A Book',
	description: 'Name of the torrent in the list; files and folders keep theirs',
};

const OLD_PATH: INodeProperties = {
	displayName: 'Current Path',
	name: 'oldPath',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. A Book/cover.jpg',
	description: 'Path below the save path, as Get Files returns it',
};

const NEW_PATH: INodeProperties = {
	...OLD_PATH,
	displayName: 'New Path',
	name: 'newPath',
	description:
		'Path below the save path; it may be in another folder. A path that a torrent has is refused; a file of no torrent would be replaced.',
};

/** A path that stays below the save path, as qBittorrent lists it: qBittorrent itself follows `..` out of it. */
function readPath(parameters: Parameters, field: Field): string {
	const path = parameters.text(field);
	if (/^[\\/]|^[a-z]:/i.test(path) || hasDots(path))
		parameters.refuse(field, 'enter a path below the save path, without ".." in it.');
	return path.replace(/\/+/g, '/').replace(/\/$/, '');
}

/** Gives the torrents of all items another name in the list. */
export const rename = torrentAction({
	value: 'rename',
	name: 'Rename',
	action: 'Rename torrents',
	description: 'Change the name under which a torrent is listed',
	fields: [NAME],
	oneByOne: true,
	posts: postTo('torrents/rename'),
	read: (parameters) => ({ name: parameters.text(NAME) }),
});

/** The name that the file `name` gets; null if it keeps its own. */
function renamed({ oldPath, newPath }: Form, name: string, what: 'file' | 'folder'): string | null {
	const [old, own] = [comparablePath(oldPath), comparablePath(name)];
	if (what === 'file') return own === old ? newPath : null;
	return own.startsWith(`${old}/`) ? `${newPath}${name.slice(oldPath.length)}` : null;
}

/** What renaming a file and a folder have in common; on disk it takes effect after the answer. */
function renaming(
	what: 'file' | 'folder',
): Omit<TorrentAction, 'value' | 'name' | 'action' | 'description' | 'posts'> {
	return {
		fields: [OLD_PATH, NEW_PATH],
		oneByOne: true,
		read: (parameters) => ({
			oldPath: readPath(parameters, OLD_PATH),
			newPath: readPath(parameters, NEW_PATH),
		}),
		impossible: (torrent) => (lacksMetadata(torrent) ? 'no_metadata' : null),
		destination: {
			field: NEW_PATH,
			of: (form, name) => {
				const newName = renamed(form, name, what);
				return newName === null ? null : { name: newName };
			},
		},
		refusals: ({ oldPath, newPath }) => ({
			409: {
				sentence: `qBittorrent renamed nothing: the torrent has no ${what} "${oldPath}", or it cannot be called "${newPath}".`,
				action:
					'Take the current path from Get Files of this torrent, and choose a new one that is free.',
			},
		}),
	};
}

/** Renames a file of a torrent, also on disk. */
export const renameFile = torrentAction({
	value: 'renameFile',
	name: 'Rename File',
	action: 'Rename file of torrents',
	description: 'Rename a file of a torrent, also on disk',
	posts: postTo('torrents/renameFile'),
	...renaming('file'),
});

/** Renames a folder of a torrent, also on disk. */
export const renameFolder = torrentAction({
	value: 'renameFolder',
	name: 'Rename Folder',
	action: 'Rename folder of torrents',
	description: 'Rename a folder of a torrent, also on disk',
	posts: postTo('torrents/renameFolder'),
	...renaming('folder'),
});
