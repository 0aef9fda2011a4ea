import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { converse, type Conversation } from '../../dev/sandbox/qbittorrent/conversation.mts';
import { startQbittorrentStandIn } from '../../dev/sandbox/qbittorrent/standIn.mts';
import { TRAITS, type Version } from '../../dev/sandbox/qbittorrent/versions.mts';

/** Answers of which the stand-in knows only some fields. */
const PARTIAL = ['preferences', 'properties', 'changes since nothing'];

const RECORDINGS = join(
	import.meta.dirname,
	'..',
	'..',
	'dev',
	'sandbox',
	'qbittorrent',
	'recordings',
);

/** Of `real` what `ours` has as well: equal to `ours` unless it has something that the real one has not. */
function shared(real: unknown, ours: unknown): unknown {
	if (!isObject(real) || !isObject(ours)) return real;
	return Object.fromEntries(Object.keys(ours).map((key) => [key, shared(real[key], ours[key])]));
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

for (const version of Object.keys(TRAITS) as Version[]) {
	test(`the stand-in of ${version} answers as the real one did`, async () => {
		const real = JSON.parse(
			await readFile(join(RECORDINGS, `${version}.json`), 'utf8'),
		) as Conversation;
		const standIn = await startQbittorrentStandIn({ version, password: 'secret' });
		try {
			const ours = await converse({ url: standIn.url, username: 'admin', password: 'secret' });
			assert.deepEqual(Object.keys(ours), Object.keys(real));
			for (const [name, said] of Object.entries(ours)) {
				const { body, ...others } = real[name];
				const expected = PARTIAL.includes(name) ? shared(body, said.body) : body;
				assert.deepEqual(said, { ...others, body: expected }, name);
			}
		} finally {
			await standIn.stop();
		}
	});
}
