import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import FormData from 'form-data';

import { http } from '../http.mts';
import { PROGRAMS } from './debian.mts';
import { freePort, Service, waitForHttp } from './process.mts';
import type { Command } from './qbittorrentVersions.mts';
import { writeSeedTorrent, type SeedTorrent } from './seedTorrents.mts';

export const USERNAME = 'admin';
export const PASSWORD = 'sandbox-password';

/** How the client is started. */
export interface QbittorrentOptions {
	/** Profile, downloads and log. */
	folder: string;
	/** How it is started: see `qbittorrentCommand`; the installed one by default. */
	command?: Command;
	/** Torrents that it already has, with their past. */
	torrents?: SeedTorrent[];
}

/** A torrent as `torrents/info` lists it. */
export type ListedTorrent = Record<string, unknown> & {
	hash: string;
	name: string;
	state: string;
	category: string;
	tags: string;
	save_path: string;
	progress: number;
};

/** A tracker as `torrents/trackers` lists it. */
export interface ListedTracker {
	url: string;
	tier: number;
	status: number;
	msg: string;
}

/** A real qbittorrent-nox on loopback. */
export interface Qbittorrent {
	url: string;
	downloads: string;
	torrents(): Promise<ListedTorrent[]>;
	/** The trackers of a torrent, without DHT, PeX and LSD, which are listed as such too. */
	trackers(hash: string): Promise<ListedTracker[]>;
	/** Any call of its WebAPI, e.g. `app/preferences`. */
	get(path: string): Promise<unknown>;
	/** Returns what is answered, as text. */
	post(path: string, form: Record<string, string>): Promise<string>;
	/** Adds a .torrent file and starts it. */
	addFile(torrent: Buffer): Promise<void>;
	/** Makes the API key that is used instead of a session (5.2 and newer). */
	newApiKey(): Promise<string>;
	logText(): string;
	stop(): Promise<void>;
	/** Starts again after {@link stop}, at the same address and with what it had. */
	start(): Promise<void>;
}

function passwordHash(): string {
	const salt = randomBytes(16);
	const key = pbkdf2Sync(PASSWORD, salt, 100_000, 64, 'sha512');
	return `@ByteArray(${salt.toString('base64')}:${key.toString('base64')})`;
}

function config(port: number, listenPort: number, downloads: string): string {
	return [
		'[LegalNotice]',
		'Accepted=true',
		'[BitTorrent]',
		'Session\\DHTEnabled=false',
		'Session\\LSDEnabled=false',
		'Session\\PeXEnabled=false',
		'Session\\Interface=lo',
		'Session\\InterfaceAddress=127.0.0.1',
		'Session\\MultiConnectionsPerIp=true',
		'Session\\SSRFMitigation=false',
		'Session\\QueueingSystemEnabled=false',
		'Session\\GlobalMaxRatio=-1',
		`Session\\Port=${listenPort}`,
		`Session\\DefaultSavePath=${downloads}`,
		'[Network]',
		'PortForwardingEnabled=false',
		'[Preferences]',
		'Connection\\ResolvePeerCountries=false',
		'WebUI\\Address=127.0.0.1',
		`WebUI\\Port=${port}`,
		`WebUI\\Username=${USERNAME}`,
		`WebUI\\Password_PBKDF2="${passwordHash()}"`,
		'WebUI\\LocalHostAuth=true',
		'',
	].join('\n');
}

/** Starts qbittorrent-nox with a fresh profile. */
export async function startQbittorrent({
	folder,
	command: [command, ...args] = [PROGRAMS['qbittorrent-nox']],
	torrents = [],
}: QbittorrentOptions): Promise<Qbittorrent> {
	const port = await freePort();
	const downloads = join(folder, 'downloads');
	const data = join(folder, 'qBittorrent');
	await mkdir(join(data, 'config'), { recursive: true });
	await mkdir(join(data, 'data', 'BT_backup'), { recursive: true });
	await mkdir(downloads, { recursive: true });
	await writeFile(
		join(data, 'config', 'qBittorrent.conf'),
		config(port, await freePort(), downloads),
	);
	for (const torrent of torrents)
		await writeSeedTorrent(join(data, 'data', 'BT_backup'), downloads, torrent);

	const url = `http://127.0.0.1:${port}`;
	let service: Service;
	let cookie = '';
	const start = async () => {
		service = new Service({
			command,
			args: [...args, `--profile=${folder}`],
			logFile: join(folder, 'qbittorrent.log'),
		});
		await waitForHttp(service, url);
		const login = await http.post(
			`${url}/api/v2/auth/login`,
			new URLSearchParams({ username: USERNAME, password: PASSWORD }),
		);
		cookie = login.headers['set-cookie']?.[0].split(';')[0] ?? '';
	};
	await start();
	const call = async (path: string, body?: URLSearchParams | FormData) => {
		const { status, data } = await http.request<string>({
			url: `${url}/api/v2/${path}`,
			method: body === undefined ? 'GET' : 'POST',
			data: body,
			headers: { cookie },
		});
		if (status >= 300) throw new Error(`qBittorrent answered ${path} with ${status}`);
		return data;
	};
	const get = async (path: string) => {
		const text = await call(path);
		return text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as unknown) : text;
	};
	const post = async (path: string, form: Record<string, string>) =>
		await call(path, new URLSearchParams(form));
	return {
		url,
		downloads,
		get,
		post,
		addFile: async (torrent) => {
			const form = new FormData();
			form.append('torrents', Buffer.from(torrent), 'upload.torrent');
			await call('torrents/add', form);
		},
		torrents: async () => (await get('torrents/info')) as ListedTorrent[],
		trackers: async (hash) =>
			((await get(`torrents/trackers?hash=${hash}`)) as ListedTracker[]).filter(
				({ url: announce }) => !announce.startsWith('**'),
			),
		newApiKey: async () =>
			(JSON.parse(await post('app/rotateAPIKey', {})) as { apiKey: string }).apiKey,
		logText: () => service.logText(),
		stop: async () => await service.stop(),
		start,
	};
}
