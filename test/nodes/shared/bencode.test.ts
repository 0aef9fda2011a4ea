import { createHash } from 'node:crypto';

import { infoHashOf } from '../../../nodes/shared/bencode';

const sha1 = (text: string) => createHash('sha1').update(text, 'latin1').digest('hex');
const bytes = (text: string) => Buffer.from(text, 'latin1');
const PIECES = `6:pieces20:${'\u00ff\u0000:e'.repeat(5)}`;
const SINGLE = `d6:lengthi1024e4:name4:book12:piece lengthi16384e${PIECES}e`;

describe('infoHashOf', () => {
	it('reads hash, name and size of a single-file torrent', () => {
		expect(infoHashOf(bytes(`d8:announce4:http4:info${SINGLE}e`))).toEqual({
			infoHash: sha1(SINGLE),
			clientHashes: [sha1(SINGLE)],
			name: 'book',
			sizeBytes: 1024,
			files: ['book'],
		});
	});

	it('adds up the files of a multi-file torrent', () => {
		const info = `d5:filesld6:lengthi7e4:pathl1:aeed6:lengthi5e4:pathl1:beee4:name3:dir${PIECES}e`;
		expect(infoHashOf(bytes(`d4:info${info}e`))?.sizeBytes).toBe(12);
	});

	it.each([
		['one in a folder', `5:filesld6:lengthi7e4:pathl1:neee4:name1:n${PIECES}`, ['n/n']],
		[
			'nested, with padding',
			`5:filesld6:lengthi7e4:pathl1:d1:aeed4:attr1:p6:lengthi5e4:pathl4:.pad1:5eee4:name1:n${PIECES}`,
			['n/d/a'],
		],
		[
			'under a second name, which counts',
			`5:filesld6:lengthi7e4:pathl1:?e10:path.utf-8l1:aeee4:name1:?10:name.utf-81:n${PIECES}`,
			['n/a'],
		],
		['one alone, v2', '9:file treed1:nd0:d6:lengthi9eeee12:meta versioni2e4:name1:n', ['n']],
	])('knows the paths of its files: %s', (_what, info, files) => {
		expect(infoHashOf(bytes(`d4:infod${info}ee`))?.files).toEqual(files);
	});

	it('leaves out padding, which nobody downloads', () => {
		const info = `d5:filesld6:lengthi7e4:pathl1:aeed4:attr1:p6:lengthi5e4:pathl1:beee4:name3:dir${PIECES}e`;
		expect(infoHashOf(bytes(`d4:info${info}e`))?.sizeBytes).toBe(7);
	});

	it('reads a torrent with a line break behind it', () => {
		expect(infoHashOf(bytes(`d4:info${SINGLE}e\r\n`))?.infoHash).toBe(sha1(SINGLE));
	});

	it('reads a file without a size or a name as empty', () => {
		const info = `d5:filesld4:pathl1:aeei7ee${PIECES}e`;
		expect(infoHashOf(bytes(`d4:info${info}e`))).toMatchObject({ name: '', sizeBytes: 0 });
	});

	it('hashes the info dictionary as it stands, not one of the same name further down', () => {
		const torrent = bytes(`d7:comment10:d4:info2:e5:extrad4:infode1:xi1ee4:info${SINGLE}e`);
		expect(infoHashOf(torrent)?.infoHash).toBe(sha1(SINGLE));
	});

	it('does not take an info inside another value, before or after it, as the info dictionary of the torrent', () => {
		const torrent = `d5:extrad4:infode1:xi1ee4:info${SINGLE}4:zzzzd4:infodeee`;
		expect(infoHashOf(bytes(torrent))?.infoHash).toBe(sha1(SINGLE));
	});

	it('knows both ids of a hybrid torrent and the shortened one of a v2 torrent', () => {
		const tree = '9:file treed3:dird1:ad0:d6:lengthi9eeeee';
		const v2 = `d${tree}12:meta versioni2e4:name1:ne`;
		const short = createHash('sha256').update(v2, 'latin1').digest('hex').slice(0, 40);
		expect(infoHashOf(bytes(`d4:info${v2}e`))).toEqual({
			infoHash: short,
			clientHashes: [short],
			name: 'n',
			sizeBytes: 9,
			files: ['n/dir/a'],
		});
		const hybrid = `d${tree}6:lengthi9e12:meta versioni2e4:name1:n${PIECES}e`;
		expect(infoHashOf(bytes(`d4:info${hybrid}e`))?.clientHashes).toHaveLength(2);
	});

	it.each([
		['an empty file', ''],
		['a web page', '<!doctype html><p>Error, you are not signed in'],
		['a number without digits', 'd1:aiee'],
		['a number with a sign only', 'd1:ai-ee'],
		['a number in words', 'd1:ai1xee'],
		['a list without an end', 'l1:a'],
		['bytes after the end', `d4:info${SINGLE}ex`],
		['a cut-off file', `d4:info${SINGLE}`],
		['no info dictionary', 'd8:announce4:httpe'],
		['an info that is not a dictionary', 'd4:info4:spame'],
		['a string longer than the file', 'd4:info99999999:xe'],
		['a number with leading zeros', 'd1:ai007ee'],
		['endless nesting', 'l'.repeat(100_000)],
		['neither pieces nor v2', 'd4:infod4:name1:xee'],
	])('returns null for %s', (_what, text) => {
		expect(infoHashOf(bytes(text))).toBeNull();
	});
});
