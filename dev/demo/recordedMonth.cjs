/** A month of recorded runs, as n8n's Data Table node returns them. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DOWNLOADED_GIB = 120;

/** One row of the record. */
function row(flow, at, more = {}) {
	return {
		flow,
		instance: '',
		outcome: 'nothing_to_do',
		cause: null,
		at: new Date(at).toISOString(),
		...{ acted: 0, held: 40, points: null, spent: 0, seeding: null, ratio: null },
		...{ uploadedGiB: null, downloadedGiB: null, deleted: '' },
		...more,
	};
}

/** Values between 0 and 1, the same in every run. */
function chance(seed) {
	const value = Math.sin(seed * 12.9898) * 43_758.5453;
	return value - Math.floor(value);
}

/** The runs of the four flows in the `days` before `now`; n8n was down for 9 hours, 5 days ago. */
function monthOfRuns(now, days = 31) {
	const start = now.getTime() - days * DAY;
	const rows = [];
	let points = 24_000;
	let uploaded = 150;
	for (let step = 0; step * 15 * MINUTE < days * DAY; step += 1) {
		const at = start + step * 15 * MINUTE;
		const daysAgo = (now.getTime() - at) / DAY;
		if (daysAgo < 5.4 && daysAgo > 5) continue;
		const luck = chance(step);
		points += 14 + (days - daysAgo) * 2;
		uploaded += 0.02 * luck;
		const seeding = Math.round(60 + (days - daysAgo) * 9);
		const account = {
			uploadedGiB: uploaded,
			downloadedGiB: DOWNLOADED_GIB,
			ratio: uploaded / DOWNLOADED_GIB,
			points,
		};
		const [old, dead] = [luck > 0.985 ? 2 : 0, luck > 0.97 ? 1 : 0];
		const deleted = [`satisfied_redundant=${old}`, `never_started=${dead}`]
			.filter((text) => !text.endsWith('=0'))
			.join(', ');
		rows.push(
			row('janitor', at + 7 * MINUTE, {
				deleted,
				...(deleted !== '' && { outcome: 'acted', acted: old + dead }),
			}),
		);
		if (step % 2 === 0) {
			const grabbed = luck < 0.02 ? 3 : luck < 0.1 ? 1 : 0;
			const failed = daysAgo > 20 && daysAgo < 20.2;
			rows.push(
				row('grabber', at + 2 * MINUTE, {
					...account,
					seeding: seeding + 5,
					...(grabbed > 0 && { outcome: 'acted', acted: grabbed }),
					...(failed && { outcome: 'failed', cause: 'timeout', acted: 0 }),
				}),
				row('keeper', at + 12 * MINUTE, { seeding }),
			);
		}
		if (step % 24 === 0) {
			const buys = points > 60_000;
			if (buys) [points, uploaded] = [points - 50_000, uploaded + 100];
			rows.push(
				row('spender', at + 17 * MINUTE, {
					...account,
					...{ points, uploadedGiB: uploaded, ratio: uploaded / DOWNLOADED_GIB },
					...(buys && { outcome: 'acted', acted: 1, spent: 50_000 }),
				}),
			);
		}
	}
	return rows.filter(({ at }) => Date.parse(String(at)) < now.getTime());
}

module.exports = { monthOfRuns, row };
