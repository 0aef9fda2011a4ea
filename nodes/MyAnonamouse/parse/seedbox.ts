import { asRecord, asText } from './values';

/** The address that `jsonIp.php` saw; null when it named none. */
export function parseSeenAddress(answer: unknown): string | null {
	return asText(asRecord(answer)?.ip);
}

/** What `dynamicSeedbox.php` did. */
export interface SeedboxAnswer {
	/** Whether another address was registered before. */
	changed: boolean;
	/** The site's own words. */
	message: string;
}

/** What `dynamicSeedbox.php` did; null when the answer is not understood. */
export function parseSeedboxAnswer(answer: unknown): SeedboxAnswer | null {
	const top = asRecord(answer);
	const message = asText(top?.msg);
	if (message === null) return null;
	// "Last change too recent" comes as a failure, but the address is registered already.
	if (top?.Success !== true && !/^last change too recent/i.test(message)) return null;
	return { changed: message === 'Completed', message };
}
