const NAME = 'mam_id';

/** The bare session value out of what a user pasted: `mam_id=…;`, `Cookie: mam_id=…`, quotes and spaces are fine. */
export function pastedSession(pasted: unknown): string {
	const text = typeof pasted === 'string' ? pasted.trim() : '';
	const named = /(?:^|[\s;:])mam_id=([^;\s]*)/.exec(text);
	const value = named ? named[1] : text.split(';')[0].trim();
	return value.replace(/^["']|["']$/g, '');
}

/** Whether a value may be kept and sent: the site retires a session by setting it to `deleted` or nothing. */
export function isUsableSession(value: string): boolean {
	return (
		value !== '' &&
		value.toLowerCase() !== 'deleted' &&
		/^[\x21-\x7e]+$/.test(value) &&
		!/[;,"\\]/.test(value)
	);
}

/**
 * The new session value in an answer's `Set-Cookie` headers, verbatim (escapes like `%3D` stay as they are);
 * null when the answer brings none that may be kept.
 */
export function rotatedSession(headers: Record<string, unknown>): string | null {
	const setCookie = headers['set-cookie'];
	const lines = Array.isArray(setCookie) ? setCookie : [setCookie];
	let rotated: string | null = null;
	for (const line of lines) {
		if (typeof line !== 'string') continue;
		const [pair, ...attributes] = line.split(';');
		const separator = pair.indexOf('=');
		if (pair.slice(0, separator).trim() !== NAME) continue;
		const value = pair.slice(separator + 1).trim();
		const expired = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
		if (!expired && isUsableSession(value)) rotated = value;
	}
	return rotated;
}

/** The `Cookie` header that carries a session. */
export function cookieHeader(session: string): string {
	return `${NAME}=${session}`;
}
