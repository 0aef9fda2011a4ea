import { Agent } from 'node:http';

import { http } from '../http.mts';
import { PASSWORD, USERNAME } from '../stack/qbittorrent.mts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const CATEGORY = 'mam-farming';

interface Listed {
	hash: string;
	state: string;
	progress: number;
	downloaded: number;
	uploaded: number;
	added_on: number;
	seeding_time: number;
	num_complete: number;
}

/** What a run of the reference did. */
export interface ReferenceRun {
	ms: number;
	requests: number;
	deleted: number;
}

/** The rules of the original janitor, in order; whether the torrent is deleted. */
function isDeleted(torrent: Listed, messages: string[], now: number): boolean {
	const age = now - torrent.added_on;
	if (messages.some((message) => /unregistered|not registered/i.test(message))) return true;
	if (torrent.progress < 1) {
		if (age > DAY && torrent.downloaded === 0) return true;
		return torrent.state === 'stalledDL' && age > 3 * DAY;
	}
	if (torrent.seeding_time < 72 * HOUR) return false;
	if (torrent.seeding_time > 14 * DAY) return true;
	if (torrent.uploaded === 0 && age > 7 * DAY) return true;
	return torrent.seeding_time > 3 * DAY && torrent.num_complete > 5;
}

/**
 * The original's janitor, which this project replaces: one sign-in and one list, then a request per torrent for its
 * trackers and another one for each delete, over one connection.
 */
export async function runReference(url: string): Promise<ReferenceRun> {
	const started = performance.now();
	const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
	let requests = 0;
	let cookie = '';
	const call = async (path: string, form?: Record<string, string>) => {
		requests++;
		const answer = await http.request<string>({
			url: `${url}/api/v2/${path}`,
			method: form === undefined ? 'GET' : 'POST',
			data: form && new URLSearchParams(form),
			headers: { cookie },
			httpAgent,
		});
		if (answer.status >= 300) throw new Error(`${path} was answered with ${answer.status}`);
		return answer;
	};
	const login = await call('auth/login', { username: USERNAME, password: PASSWORD });
	cookie = login.headers['set-cookie']?.[0].split(';')[0] ?? '';
	const { data } = await call(`torrents/info?category=${CATEGORY}`);
	const torrents = JSON.parse(data) as Listed[];
	const deleted: Listed[] = [];
	for (const torrent of torrents) {
		const trackers = await call(`torrents/trackers?hash=${torrent.hash}`);
		const messages = (JSON.parse(trackers.data) as Array<{ msg: string }>).map(({ msg }) => msg);
		if (isDeleted(torrent, messages, Date.now() / 1000)) deleted.push(torrent);
	}
	for (const { hash } of deleted)
		await call('torrents/delete', { hashes: hash, deleteFiles: 'true' });
	httpAgent.destroy();
	return { ms: performance.now() - started, requests, deleted: deleted.length };
}
