import fc from 'fast-check';

import { parseAccount } from '../../nodes/MyAnonamouse/parse/account';
import { parsePurchase } from '../../nodes/MyAnonamouse/parse/purchase';
import { refusalOf } from '../../nodes/MyAnonamouse/parse/refusal';
import { parseSearchPage } from '../../nodes/MyAnonamouse/parse/searchPage';
import { parseSeedboxAnswer, parseSeenAddress } from '../../nodes/MyAnonamouse/parse/seedbox';
import { parseSnatches } from '../../nodes/MyAnonamouse/parse/snatch';
import { parseTorrent } from '../../nodes/MyAnonamouse/parse/torrent';
import * as values from '../../nodes/MyAnonamouse/parse/values';
import { pastedSession, rotatedSession } from '../../nodes/MyAnonamouse/session/cookie';
import { readTokenState } from '../../nodes/MyAnonamouse/session/tokenState';
import { magnetHashes } from '../../nodes/QBittorrent/parse/magnet';
import { driftOf, unsettableKey, withoutSecrets } from '../../nodes/QBittorrent/parse/preferences';
import { isHash, readTorrent, type RawTorrent } from '../../nodes/QBittorrent/parse/torrent';
import { applyMainData, eventsBetween } from '../../nodes/QBittorrent/parse/torrentEvents';
import { infoHashOf } from '../../nodes/shared/bencode';
import { parseJson } from '../../nodes/shared/json';
import { normaliseState, stateKind } from '../../nodes/shared/torrentStates';
import { CAUSES } from '../../nodes/shared/types';
import { propertyRuns } from '../helpers/propertyRuns';

const NOW = new Date('2026-11-23T12:00:00Z');

/** Text with everything in it: quotes, control characters, right-to-left marks, halves of characters. */
const text = fc.string({ unit: 'binary', maxLength: 60 });

const value = fc.oneof(
	fc.jsonValue({ maxDepth: 2 }),
	text,
	fc.constantFrom(null, '', '0', -1, 1e300, '1,002.9 MiB'),
);

/** Objects whose fields are named as in the real answers, and hold anything. */
function shaped(...names: string[]) {
	return fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 6 });
}

const account = shaped(
	'uid',
	'classname',
	'uploaded_bytes',
	'downloaded_bytes',
	'seedbonus',
	'snatch_summary',
	'vip_until',
	'unsat',
	'wedges',
);
const torrent = shaped(
	'id',
	'title',
	'size',
	'seeders',
	'leechers',
	'added',
	'free',
	'vip_expire',
	'catname',
);
const listed = shaped(
	'hash',
	'state',
	'category',
	'tags',
	'progress',
	'downloaded',
	'tracker',
	'trackers',
	'name',
);
const answers = fc.oneof(
	value,
	account,
	torrent,
	shaped(
		'success',
		'error',
		'seedbonus',
		'uploaded',
		'data',
		'rows',
		'found',
		'ip',
		'msg',
		'Success',
	),
	fc.record({
		data: fc.array(fc.oneof(value, torrent), { maxLength: 3 }),
		rows: fc.array(value, { maxLength: 3 }),
	}),
);

/** Parsers of the site by name, each of one argument. */
const SITE: Record<string, (answer: unknown) => unknown> = {
	parseAccount: (answer) => parseAccount(answer, NOW),
	parsePurchase,
	parseSearchPage: (answer) => parseSearchPage(answer, true),
	parseSeedboxAnswer,
	parseSeenAddress,
	parseSnatches,
	parseTorrent: (answer) => parseTorrent(answer, false),
	...values,
	pastedSession,
	rotatedSession: (answer) => rotatedSession({ 'set-cookie': answer }),
	readTokenState: (answer) =>
		readTokenState({ sessionToken: answer, tokenState: JSON.stringify(answer) }),
};

test('no parser of the site throws, whatever it answers', () => {
	fc.assert(
		fc.property(answers, (answer) => {
			for (const parse of Object.values(SITE)) parse(answer);
		}),
		propertyRuns,
	);
});

test('a purchase counts as bought only on a plain yes', () => {
	fc.assert(
		fc.property(answers, (answer) => {
			const bought = parsePurchase(answer).outcome === 'bought';
			expect(bought).toBe((answer as { success?: unknown } | null)?.success === true);
		}),
		propertyRuns,
	);
});

test('any answer of the site is proper or a refusal with cause, sentence and action, whatever its body', () => {
	const bodies = fc.oneof(
		text.map((body) => Buffer.from(body)),
		fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
		answers.map((answer) => Buffer.from(JSON.stringify(answer) ?? '')),
	);
	const statuses = fc.oneof(fc.constant(200), fc.integer({ min: 100, max: 599 }));
	fc.assert(
		fc.property(
			bodies,
			statuses,
			fc.constantFrom('json', 'torrent'),
			(body, statusCode, expected) => {
				const facts = refusalOf({ statusCode, headers: {}, body }, { expected }, NOW);
				if (facts === null) {
					if (expected === 'json' && statusCode === 200)
						expect(parseJson(body.toString('latin1'))).toBeDefined();
					return;
				}
				expect(CAUSES).toContain(facts.cause);
				expect(facts.sentence).toMatch(/^[\x20-\x7e]+\.$/);
				expect(facts.action).toMatch(/\.$/);
			},
		),
		propertyRuns,
	);
});

test('a .torrent is read or refused, never thrown at: any bytes, and a good file with a byte changed', () => {
	const good = Buffer.from(
		`d8:announce4:http4:infod6:lengthi1024e4:name4:book12:piece lengthi16384e6:pieces20:${'x'.repeat(20)}ee`,
		'latin1',
	);
	const changed = fc
		.tuple(fc.nat(good.length - 1), fc.nat(255))
		.map(([at, byte]) =>
			Buffer.concat([good.subarray(0, at), Buffer.of(byte), good.subarray(at + 1)]),
		);
	fc.assert(
		fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), changed), (bytes) => {
			const read = infoHashOf(bytes);
			if (read !== null) expect(read.infoHash).toMatch(/^[\da-f]{40}$/);
		}),
		propertyRuns,
	);
});

test('records of the client are read without throwing, whatever their fields hold', () => {
	fc.assert(
		fc.property(listed, fc.array(value, { maxLength: 3 }), (fields, trackers) => {
			const raw = { ...fields, trackers, hash: 'a'.repeat(40) } as RawTorrent;
			expect(readTorrent(raw, 'essential').hash).toBe(raw.hash);
			expect(readTorrent(raw, 'all').hash).toBe(raw.hash);
			expect(typeof stateKind(fields.state)).toBe('string');
			expect(typeof normaliseState(fields.state)).toBe('string');
			expect(isHash(fields.hash)).toBe(
				/^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(
					String(typeof fields.hash === 'string' ? fields.hash : ''),
				),
			);
		}),
		propertyRuns,
	);
});

test('a magnet gives a hash or none, and preferences are compared, whatever they hold', () => {
	const preferences = fc.dictionary(
		fc.oneof(text, fc.constantFrom('web_ui_password', 'dht')),
		fc.jsonValue({ maxDepth: 1 }),
		{ maxKeys: 4 },
	);
	fc.assert(
		fc.property(text, preferences, preferences, (link, current, wanted) => {
			for (const hash of magnetHashes(`magnet:?xt=urn:btih:${link}`))
				expect(hash).toMatch(/^[\da-f]{40}$/);
			expect(withoutSecrets(current as never)).not.toHaveProperty('web_ui_password');
			for (const { key } of driftOf(current as never, wanted as never))
				expect(wanted).toHaveProperty([key]);
			unsettableKey(current as never, wanted as never);
		}),
		propertyRuns,
	);
});

test('changes of the client become events without throwing, whatever they hold', () => {
	const main = fc.record({
		full_update: fc.boolean(),
		torrents: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(value, listed)),
		torrents_removed: value,
	});
	const odd = { full_update: false, torrents: {}, torrents_removed: [{ toString: false }] };
	fc.assert(
		fc.property(main, main, (first, second) => {
			const before = applyMainData({}, first as never);
			for (const { hash } of eventsBetween(before, applyMainData(before, second as never)))
				expect(['a', 'b', 'c']).toContain(hash);
		}),
		{ ...propertyRuns, examples: [[odd, odd]] },
	);
});
