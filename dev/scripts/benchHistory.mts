import { GRABBER, JANITOR, KEEPER, SPENDER } from '../stack/workflowFiles.mts';
import { registered, seed } from '../stack/seeds.mts';
import { Home, Scenario } from '../stack/world.mts';

/** Torrents in the client: a new account, and one that has run for a while. */
const SIZES = [13, 490];

const DAY = 24 * 3600;
const FILES = [GRABBER, JANITOR, SPENDER, KEEPER];

/** Complete ones past their window that somebody asks for, so that every flow lists all of them and none goes. */
const WANTED = {
	progress: 1,
	addedSecondsAgo: 10 * DAY,
	seedingSeconds: 9 * DAY,
	uploadedBytes: 150_000,
	sizeBytes: 160_000,
};

// What one scheduled run of each shipped workflow leaves in n8n's history.
const home = await Home.open();
try {
	for (const count of SIZES) {
		const scenario = await Scenario.open(home, {
			torrents: (mam) => {
				const names = Array.from({ length: count }, (_, at) => `An Audiobook, Volume ${at}.m4b`);
				return registered(mam, ...names.map((name) => seed(mam, name, WANTED)));
			},
		});
		// The grabber adds torrents, so the others run after it: they list those as well.
		for (const file of FILES) {
			const [run] = await scenario.flows.runScheduled(file);
			const stored = `${(run.storedBytes / 1000).toFixed(0)} KB`;
			process.stdout.write(`${count} torrents, ${file}: ${run.status}, ${stored} stored\n`);
		}
		await scenario.close();
	}
} finally {
	await home.close();
}
