const tails = new Map<string, Promise<unknown>>();

/**
 * Runs `work` after everything that was queued for `key` before it. The session rotates on nearly every
 * answer, so two calls of one process must never be under way with the same credential.
 */
export async function runExclusive<T>(key: string, work: () => Promise<T>): Promise<T> {
	const before = tails.get(key) ?? Promise.resolve();
	const mine = before.then(work, work);
	tails.set(key, mine);
	try {
		return await mine;
	} finally {
		if (tails.get(key) === mine) tails.delete(key);
	}
}
