import { magnetHashes } from '../../../../nodes/QBittorrent/parse/magnet';

const V1 = '00112233445566778899aabbccddeeff00112233';
const V2 = 'ab'.repeat(32);

describe('magnetHashes', () => {
	it.each([
		['hex', `magnet:?dn=x&xt=urn:btih:${V1.toUpperCase()}&tr=y`, [V1]],
		['base32', 'magnet:?xt=urn:btih:AAISEM2EKVTHPCEZVK54ZXPO74ABCIRT', [V1]],
		['percent-encoded', `magnet:?xt=urn%3Abtih%3A${V1}`, [V1]],
		['numbered', `magnet:?xt.1=urn:btih:${V1}`, [V1]],
		['v2, shortened as clients list it', `magnet:?xt=urn:btmh:1220${V2}`, [V2.slice(0, 40)]],
		['hybrid', `MAGNET:?xt=urn:btih:${V1}&xt=urn:btmh:1220${V2}`, [V1, V2.slice(0, 40)]],
	])('reads %s', (_kind, url, hashes) => {
		expect(magnetHashes(url)).toEqual(hashes);
	});

	it('is empty without a hash', () => {
		expect(magnetHashes('magnet:?xt=urn:btmh:1220abcd&dn=x')).toEqual([]);
		expect(magnetHashes(`http://host/x.torrent?xt=urn:btih:${V1}`)).toEqual([]);
	});
});
