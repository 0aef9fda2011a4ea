import { magnetHash } from '../../../../nodes/QBittorrent/parse/magnet';

describe('magnetHash', () => {
	it('reads hex and base32 hashes', () => {
		const hex = '00112233445566778899aabbccddeeff00112233';
		expect(magnetHash(`magnet:?dn=x&xt=urn:btih:${hex.toUpperCase()}&tr=y`)).toBe(hex);
		expect(magnetHash('magnet:?xt=urn:btih:AAISEM2EKVTHPCEZVK54ZXPO74ABCIRT')).toBe(hex);
	});

	it('is null without a v1 hash', () => {
		expect(magnetHash('magnet:?xt=urn:btmh:1220abcd')).toBeNull();
		expect(magnetHash('http://host/x.torrent')).toBeNull();
	});
});
