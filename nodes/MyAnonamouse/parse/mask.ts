import { isRecord } from '../../shared/json';
import { asText } from './values';

const HIDDEN = '(hidden)';

/** Keys under which the site hands out what signs in: links with a pass key, cookies. */
const SECRET_KEY = /mam_?id|session|cookie|passkey|^dl$|token/i;

/** A secret as it may be echoed: verbatim, decoded, encoded once more. */
function formsOf(secret: string): string[] {
	const forms = [secret, encodeURIComponent(secret)];
	try {
		forms.push(decodeURIComponent(secret));
	} catch {
		// Not an encoded value.
	}
	return forms.filter((form) => form.length >= 8);
}

/** `text` without the secrets, in whatever form they stand there, and without addresses. */
function maskText(text: string, secrets: readonly string[]): string {
	let masked = text;
	for (const form of secrets.flatMap(formsOf)) masked = masked.replaceAll(form, HIDDEN);
	return (
		masked
			.replace(/(mam_?id|passkey)(\W{1,6})[^\s"'<>&;,}]+/gi, `$1$2${HIDDEN}`)
			// No word of a sentence is that long: what is may be a part of a secret, or one in another form.
			.replace(/\S{32,}/g, HIDDEN)
			.replace(/\b\d{1,3}(\.\d{1,3}){3}\b/g, '(address)')
	);
}

/** The words of a page that a person would read. */
export function visibleText(page: string): string {
	const text = page
		.replace(/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi, ' ')
		.replace(/<!--[\s\S]*?(-->|$)/g, ' ')
		.replace(/<[^>]*>/g, ' ');
	return (asText(text) ?? '').replace(/\s+/g, ' ').trim();
}

/** The readable start of an answer that should have been something else. */
export function quoteOf(page: string, secrets: readonly string[]): string {
	return maskText(visibleText(page), secrets)
		.replace(/[^\x20-\x7e]+/g, ' ')
		.replace(/["\\]/g, "'")
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, 120);
}

/** A JSON value of the site without the keys that hand out a secret, and with the secrets in its texts masked. */
export function withoutSecrets(value: unknown, secrets: readonly string[]): unknown {
	return withoutForms(value, [...new Set(secrets.flatMap(formsOf))]);
}

function withoutForms(value: unknown, forms: readonly string[]): unknown {
	if (typeof value === 'string') {
		return forms.reduce((text, form) => text.replaceAll(form, HIDDEN), value);
	}
	if (Array.isArray(value)) return value.map((one) => withoutForms(one, forms));
	if (!isRecord(value)) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key]) => !SECRET_KEY.test(key))
			.map(([key, one]) => [key, withoutForms(one, forms)]),
	);
}
