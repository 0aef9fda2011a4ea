import { asRecord, asText } from './values';

/** The address that `jsonIp.php` saw; null when it named none. */
export function parseSeenAddress(answer: unknown): string | null {
	return asText(asRecord(answer)?.ip);
}

/** What `dynamicSeedbox.php` did; null when the answer is not understood. */
export function parseSeedboxAnswer(answer: unknown): { changed: boolean; message: string } | null {
	const top = asRecord(answer);
	const message = asText(top?.msg);
	if (top?.Success !== true || message === null) return null;
	return { changed: message === 'Completed', message };
}
