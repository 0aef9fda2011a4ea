import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
	startQbittorrentStandIn,
	type QbittorrentStandIn,
} from '../../dev/sandbox/qbittorrent/standIn.mts';
import { createClientCredential } from '../../dev/stack/credentials.mts';
import { Flows } from '../../dev/stack/flows.mts';
import { PASSWORD } from '../../dev/stack/qbittorrent.mts';
import { JANITOR } from '../../dev/stack/workflowFiles.mts';
import { Home, log } from '../../dev/stack/world.mts';

const HOUR = 3600;
const MIB = 1024 ** 2;

/** Ten times what the category may hold. */
const TORRENTS = 5000;

/** What n8n itself needs to start is about half of it. */
const HEAP_MIB = 320;

let home: Home;
let client: QbittorrentStandIn;

before(async () => {
	home = await Home.open({ NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` });
	client = await startQbittorrentStandIn({ password: PASSWORD });
	const now = Math.floor(Date.now() / 1000);
	for (let at = 0; at < TORRENTS; at++) {
		const isOld = at % 2 === 0;
		client.give({
			hash: at.toString(16).padStart(40, '0'),
			name: `A book with a title of an ordinary length, volume ${at}`,
			category: 'mam-farming',
			tags: `freeleech, mam, mam-${900_000 + at}`,
			size: 300 * MIB,
			amount_left: 300 * MIB,
			added_on: now - (isOld ? 30 : 2) * HOUR,
			tracker: 'https://t.myanonamouse.net/tracker.php/passkey/announce',
			content_path: `/downloads/mam-farming/volume-${at}`,
			save_path: '/downloads/mam-farming',
		});
	}
});
after(async () => {
	await client?.stop();
	await home?.close();
});

test(`accident 7: ${TORRENTS} torrents are judged, and half of them deleted, in a heap of ${HEAP_MIB} MiB`, async () => {
	const qBittorrentWebApi = await createClientCredential(home.api, client.url);
	const flows = new Flows(home.api, { credentials: { qBittorrentWebApi }, pushgatewayUrl: '' });
	const idle = home.n8n.peakMemoryBytes();
	const [run] = await flows.runScheduled(JANITOR);
	assert.deepEqual([run.status, run.error], ['success', '']);
	assert.match(run.customData.farming_janitor_line, /deleted=2500 .*skipped_active=2500 /);
	assert.equal(client.torrents().length, TORRENTS / 2);
	const [again] = await flows.runScheduled(JANITOR);
	assert.match(again.customData.farming_janitor_line, /deleted=0 .*skipped_active=2500 /);
	const peak = home.n8n.peakMemoryBytes();
	const mib = (bytes: number | null) => (bytes === null ? '?' : Math.round(bytes / MIB));
	log(
		`n8n used ${mib(idle)} MiB before and ${mib(peak)} MiB at most; ${run.storedBytes} bytes stored`,
	);
});
