import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import {
	countRun,
	restoreMemory,
	storedMemory,
} from '../../../../nodes/MamPolicy/operations/workflowMemory';

/** What a run is given, and what becomes of what it leaves. */
interface Kind {
	/** Whether n8n hands it the static data. */
	loads: boolean;
	/** Whether n8n saves the static data afterwards; it does not when the run is stopped. */
	saves: boolean;
	/** Whether the row can be read; if not, none is written. */
	reads: boolean;
	writes: boolean;
}

const REGULAR: Kind = { loads: true, saves: true, reads: true, writes: true };
const QUEUE: Kind = { ...REGULAR, loads: false };

/** As many runs that keep the static data as it takes until the row holds no memory. */
const MANY = 12;

/** One workflow in an n8n: its static data and its row. */
class Home {
	staticData: IDataObject = {};

	row: string | undefined;

	/** Each run remembers all runs before it, as far as it knows of them. Returns those. */
	run(by: number, { loads, saves, reads, writes }: Kind): number[] {
		const data = loads ? (JSON.parse(JSON.stringify(this.staticData)) as IDataObject) : {};
		const recalled = reads ? restoreMemory(data, this.row) : null;
		const known = (data.known ?? []) as number[];
		data.known = [...known, by];
		countRun(data);
		if (recalled !== null && writes) this.row = storedMemory(data, recalled.kept);
		if (saves) this.staticData = JSON.parse(JSON.stringify(data)) as IDataObject;
		return known;
	}

	/** Runs of one kind, numbered on from `from`. */
	runs(from: number, count: number, kind: Kind): void {
		for (let by = from; by < from + count; by++) this.run(by, kind);
	}
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the memory of a workflow', () => {
	test('where n8n keeps it, the row comes to hold no more than a count', () => {
		const home = new Home();
		for (let by = 0; by < MANY; by++) expect(home.run(by, REGULAR)).toEqual(upTo(by));
		expect(home.row).toBe('{"runs":12,"kept":11}');
		expect(home.staticData).toEqual({ runs: MANY, known: upTo(MANY) });
	});

	test('the row holds it until n8n has kept it for ten runs in a row', () => {
		const home = new Home();
		const held = upTo(11).map((by) => {
			home.run(by, REGULAR);
			return home.row!.includes('"memory"');
		});
		// The first run has no row to compare with.
		expect(held).toEqual(upTo(11).map((by) => by < 10));
	});

	test('where n8n hands nothing on, as in queue mode, each run gets it from the row', () => {
		const home = new Home();
		for (let by = 0; by < MANY; by++) expect(home.run(by, QUEUE)).toEqual(upTo(by));
		const memory = { runs: MANY, known: upTo(MANY) };
		expect(JSON.parse(home.row!)).toEqual({ runs: MANY, kept: 0, memory });
	});

	test('one run that gets it in queue mode, as by "n8n execute", empties no row', () => {
		const home = new Home();
		for (let by = 0; by < MANY; by++)
			expect(home.run(by, by % 3 === 0 ? REGULAR : QUEUE)).toEqual(upTo(by));
	});

	test('a change to queue mode loses it once, after a long time without; a change back does not', () => {
		const home = new Home();
		home.runs(0, MANY, REGULAR);
		const data = {};
		// So the report says that nothing is known.
		expect(restoreMemory(data, home.row)).toMatchObject({ source: 'nowhere', runs: 0 });
		expect(home.run(20, QUEUE)).toEqual([]);
		expect(home.run(21, QUEUE)).toEqual([20]);
		expect(home.run(22, REGULAR)).toEqual([20, 21]);
	});

	test('a run whose static data was not saved, as when it was stopped, is made good by the row', () => {
		const home = new Home();
		home.run(0, REGULAR);
		home.run(1, { ...REGULAR, saves: false });
		expect(home.run(2, REGULAR)).toEqual([0, 1]);
	});

	test('a row that could not be read is not written: it knows more than the run', () => {
		const home = new Home();
		home.runs(0, 2, QUEUE);
		expect(home.run(2, { ...QUEUE, reads: false })).toEqual([]);
		expect(home.run(3, QUEUE)).toEqual([0, 1]);
	});

	test('an older row, of a back-up or after failed writes, does not undo what n8n kept', () => {
		const home = new Home();
		home.run(0, QUEUE);
		home.run(1, { ...REGULAR, writes: false });
		expect(home.run(2, REGULAR)).toEqual([0, 1]);
	});

	test('what n8n kept of an old state is replaced as a whole', () => {
		const data: IDataObject = { runs: 1, unsent: [] };
		expect(restoreMemory(data, '{"runs":2,"memory":{"runs":2,"seen":{}}}')).toEqual({
			source: 'table',
			runs: 2,
			kept: 0,
		});
		expect(data).toEqual({ runs: 2, seen: {} });
	});

	test.each([undefined, '', 'x', 'null', '[]', '{"runs":-1}', '{"runs":"9","memory":{}}'])(
		'of a row that holds %j nothing is taken, and it is written whole',
		(row) => {
			const data: IDataObject = { runs: 3, events: {} };
			const { source, kept } = restoreMemory(data, row);
			expect(source).toBe('static data');
			expect(JSON.parse(storedMemory(data, kept)).memory).toEqual({ runs: 3, events: {} });
		},
	);

	test('static data behind a row without memory is kept, and said to be', () => {
		const data: IDataObject = { runs: 3, events: {} };
		expect(restoreMemory(data, '{"runs":4,"kept":11}').source).toBe('static data');
		expect(data).toEqual({ runs: 3, events: {} });
	});

	test('a key __proto__ in the row changes no object', () => {
		const data: IDataObject = {};
		restoreMemory(data, '{"runs":2,"memory":{"runs":2,"__proto__":{"polluted":true},"seen":{}}}');
		expect(data).toEqual({ runs: 2, seen: {} });
		expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
	});

	const kinds = fc.record({
		loads: fc.boolean(),
		saves: fc.boolean(),
		reads: fc.boolean(),
		writes: fc.boolean(),
	});

	test('whatever was lost before: of a few runs that reach the table, each knows those before it, in whichever mode', () => {
		fc.assert(
			fc.property(
				fc.array(kinds, { maxLength: 12 }),
				fc.array(fc.boolean(), { minLength: 2, maxLength: 9 }),
				(before, modes) => {
					const home = new Home();
					before.forEach((kind, by) => home.run(by, kind));
					// A first one that gets nothing makes the row hold it all.
					home.run(100, QUEUE);
					modes.forEach((loads, index) => {
						const known = home.run(101 + index, { ...REGULAR, loads });
						expect(known.slice(-index - 1)).toEqual(upTo(index + 1).map((by) => 100 + by));
					});
				},
			),
		);
	});

	test('in queue mode no failed read or write costs more than what the failed runs themselves saw', () => {
		const queue = kinds.map((kind) => ({ ...kind, loads: false }));
		fc.assert(
			fc.property(fc.array(queue, { maxLength: 30 }), (history) => {
				const home = new Home();
				const stored = history.filter(({ reads, writes }) => reads && writes);
				history.forEach((kind, index) => home.run(index, kind));
				const expected = history.flatMap((kind, by) => (stored.includes(kind) ? [by] : []));
				expect(home.run(history.length, QUEUE)).toEqual(expected);
			}),
		);
	});
});
