import { concurrently } from '../../../../nodes/QBittorrent/client/concurrently';

const turn = async () => await Promise.resolve();

it('does the work for all, four at a time', async () => {
	const done: number[] = [];
	let underWay = 0;
	let most = 0;
	const list = Array.from({ length: 30 }, (_, at) => at);
	await concurrently(list, async (one) => {
		most = Math.max(most, ++underWay);
		await turn();
		underWay--;
		done.push(one);
	});
	expect(done).toEqual(list);
	expect(most).toBe(4);
});

it('fails with the first failure, once nothing is under way any more', async () => {
	const started: number[] = [];
	let underWay = 0;
	const work = concurrently([1, 2, 3, 4, 5, 6, 7, 8, 9], async (one) => {
		started.push(one);
		underWay++;
		await turn();
		// The others take longer than the one that fails.
		for (let more = 0; one !== 2 && more < 20; more++) await turn();
		underWay--;
		if (one === 2) throw new Error('no');
	});
	await expect(work).rejects.toThrow('no');
	expect(underWay).toBe(0);
	expect(started.length).toBeLessThan(9);
});
