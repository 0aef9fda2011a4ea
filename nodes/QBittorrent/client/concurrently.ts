/** How many requests are sent at the same time: qBittorrent answers them one by one, so only the network time is saved. */
const AT_ONCE = 4;

/** Does `work` for each of `list`, several at a time. The first failure ends it. */
export async function concurrently<T>(list: T[], work: (one: T) => Promise<void>): Promise<void> {
	const rest = [...list];
	const worker = async () => {
		for (let one = rest.shift(); one !== undefined; one = rest.shift()) await work(one);
	};
	const workers = Array.from({ length: AT_ONCE }, worker);
	try {
		await Promise.all(workers);
	} finally {
		rest.length = 0;
		await Promise.allSettled(workers);
	}
}
