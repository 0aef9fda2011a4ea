const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

function base32ToHex(text: string): string {
	const bits = [...text.toLowerCase()]
		.map((character) => BASE32.indexOf(character).toString(2).padStart(5, '0'))
		.join('');
	return (bits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16)).join('');
}

/** The id under which a client lists the torrent of one `xt`; null when it names none. */
function hashOfTopic(topic: string): string | null {
	const v1 = /^urn:btih:([0-9a-f]{40}|[a-z2-7]{32})$/i.exec(topic)?.[1];
	if (v1 !== undefined) return v1.length === 40 ? v1.toLowerCase() : base32ToHex(v1);
	// A SHA-256 as multihash (its code 12, its length 20), shortened as clients do.
	const v2 = /^urn:btmh:1220([0-9a-f]{64})$/i.exec(topic)?.[1];
	return v2 === undefined ? null : v2.slice(0, 40).toLowerCase();
}

/** Every id (40 hex digits, lower case) under which a client may list the torrent of a magnet link. */
export function magnetHashes(url: string): string[] {
	if (!/^magnet:\?/i.test(url)) return [];
	const parameters = [...new URLSearchParams(url.slice('magnet:?'.length))];
	return parameters
		.filter(([name]) => /^xt(\.\d+)?$/.test(name))
		.map(([, topic]) => hashOfTopic(topic))
		.filter((hash) => hash !== null);
}
