const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

function base32ToHex(text: string): string {
	const bits = [...text.toLowerCase()]
		.map((character) => BASE32.indexOf(character).toString(2).padStart(5, '0'))
		.join('');
	return (bits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16)).join('');
}

/** The v1 info hash (40 hex digits, lower case) that a magnet link names; null without one. */
export function magnetHash(url: string): string | null {
	const hash = /[?&]xt=urn:btih:([0-9a-f]{40}|[a-z2-7]{32})(?=&|$)/i.exec(url)?.[1];
	if (hash === undefined) return null;
	return hash.length === 40 ? hash.toLowerCase() : base32ToHex(hash);
}
