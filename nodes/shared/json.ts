/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** Whether `value` is a JSON object: neither null nor a list. */
export function isRecord(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; undefined when it is not one. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/**
 * Makes equal values one and the same: n8n stores a value that many items share once, and a workflow that lists
 * every torrent is stored up to 96 times a day.
 */
export function sharing<T extends object>(): (value: T) => T {
	const known = new Map<string, T>();
	return (value) => {
		const key = JSON.stringify(value);
		const first = known.get(key) ?? value;
		known.set(key, first);
		return first;
	};
}
