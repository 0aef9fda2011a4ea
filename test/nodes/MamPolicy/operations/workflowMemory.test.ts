import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import {
	recallMemory,
	recallWithoutTable,
	storedMemory,
} from '../../../../nodes/MamPolicy/operations/workflowMemory';

/** One workflow in an n8n: its static data and its row, and what of each a run gets and leaves. */
class Home {
	staticData: IDataObject = {};

	row: string | undefined;

	/** Each run remembers all runs before it, as far as it knows of them. */
	run({ loads = true, saves = true, table = true, writes = true, by = 0 } = {}): number[] {
		const data = loads ? (JSON.parse(JSON.stringify(this.staticData)) as IDataObject) : {};
		if (table) recallMemory(data, this.row);
		else recallWithoutTable(data);
		const known = (data.known ?? []) as number[];
		data.known = [...known, by];
		const row = storedMemory(data);
		if (table && writes) this.row = row;
		if (saves) this.staticData = JSON.parse(JSON.stringify(data)) as IDataObject;
		return known;
	}
}

describe('the memory of a workflow', () => {
	test('where n8n hands it on, the row only counts the runs, but for the first', () => {
		const home = new Home();
		for (let by = 1; by <= 4; by++) {
			expect(home.run({ by })).toEqual([1, 2, 3].slice(0, by - 1));
			if (by > 1) expect(home.row).toBe(`{"runs":${by}}`);
		}
		expect(home.staticData).toEqual({ runs: 4, known: [1, 2, 3, 4] });
	});

	test('where n8n hands nothing on, as in queue mode, each run gets it from the row', () => {
		const home = new Home();
		for (let by = 1; by <= 4; by++)
			expect(home.run({ by, loads: false })).toEqual([1, 2, 3].slice(0, by - 1));
		expect(JSON.parse(home.row!)).toEqual({
			runs: 4,
			memory: { runs: 4, known: [1, 2, 3, 4] },
		});
	});

	test('a change to queue mode and back loses nothing from the second run there on', () => {
		const home = new Home();
		home.run({ by: 1 });
		home.run({ by: 2 });
		// The row held no more than a count.
		expect(home.run({ by: 3, loads: false })).toEqual([]);
		expect(home.run({ by: 4, loads: false })).toEqual([3]);
		expect(home.run({ by: 5 })).toEqual([3, 4]);
		expect(home.run({ by: 6 })).toEqual([3, 4, 5]);
		expect(home.row).toBe('{"runs":6}');
	});

	test('a run whose static data was not saved, as when it was stopped, is made good by the row', () => {
		const home = new Home();
		home.run({ by: 1, saves: false });
		expect(home.run({ by: 2 })).toEqual([1]);
	});

	test('an older row, of a back-up or after failed writes, does not undo what n8n kept', () => {
		const home = new Home();
		home.run({ by: 1, loads: false });
		const { row } = home;
		home.run({ by: 2 });
		home.row = row;
		expect(home.run({ by: 3 })).toEqual([1, 2]);
	});

	test.each([
		[undefined],
		[''],
		['x'],
		['null'],
		['[]'],
		['{"runs":-1}'],
		['{"runs":"9","memory":{}}'],
	])('of a row that holds %j nothing is taken, and it is written whole', (row) => {
		const data: IDataObject = { runs: 3, events: {} };
		expect(recallMemory(data, row)).toBe('static data');
		expect(JSON.parse(storedMemory(data))).toEqual({ runs: 4, memory: { runs: 4, events: {} } });
	});

	test('a key __proto__ in the row changes no object', () => {
		const data: IDataObject = {};
		recallMemory(data, '{"runs":2,"memory":{"runs":2,"__proto__":{"polluted":true},"seen":{}}}');
		expect(data).toEqual({ runs: 2, seen: {}, inTable: true });
		expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
	});

	test('without a table the static data is all there is', () => {
		const home = new Home();
		for (let by = 1; by <= 3; by++)
			expect(home.run({ by, table: false })).toEqual([1, 2].slice(0, by - 1));
	});

	test('whatever was lost before: two runs in a row of one kind, and the second knows the first', () => {
		const history = fc.array(
			fc.record({
				loads: fc.boolean(),
				saves: fc.boolean(),
				table: fc.boolean(),
				writes: fc.boolean(),
			}),
			{ maxLength: 12 },
		);
		fc.assert(
			fc.property(history, fc.boolean(), (before, loads) => {
				const home = new Home();
				before.forEach((kind, index) => home.run({ ...kind, by: index }));
				home.run({ loads, by: 100 });
				home.run({ loads, by: 101 });
				expect(home.run({ loads, by: 102 }).slice(-2)).toEqual([100, 101]);
			}),
		);
	});
});
