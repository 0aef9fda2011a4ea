/** Where to push: nowhere (`null`), or below `url`, or the fix of an unusable address. */
export type GatewayUrl = { url: string | null } | { fix: string };

/** The Pushgateway's address without trailing slashes. It is never quoted: it may hold a password. */
export function gatewayUrl(value: unknown): GatewayUrl {
	const text = typeof value === 'string' ? value.trim() : null;
	if (text === '') return { url: null };
	if (text === null || !URL.canParse(text)) {
		return {
			fix: 'Enter an address such as http://pushgateway:9091, or leave it empty to push nothing.',
		};
	}
	const { protocol, username, password, search, hash } = new URL(text);
	if (protocol !== 'http:' && protocol !== 'https:') {
		return { fix: 'Enter an address that starts with http:// or https://.' };
	}
	if (username !== '' || password !== '') {
		return { fix: 'Leave user and password out of the address; set them on the step that pushes.' };
	}
	if (search !== '' || hash !== '') {
		return { fix: 'Leave out everything from the ? or # on.' };
	}
	return { url: text.replace(/[/?#]+$/, '') };
}
