/** Splits a comma-separated list; trims, drops empty parts. */
export function splitList(text: unknown): string[] {
	return String(text ?? '')
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');
}

/** {@link splitList} in lower case, for lists that are compared without case. */
export function splitListLower(text: unknown): string[] {
	return splitList(text).map((part) => part.toLowerCase());
}
