import { contains, cross, drawing, overlap, runsOver, withLabel, type Box } from './canvas';
import { SHIPPED, wires } from './files';

/** What a first window (1440 x 900) still shows in readable letters, in pixels of the canvas. */
const WIDEST = 3000;

/** A line of a note's text, and of its heading, with the space below it, in pixels. */
const LINE_HEIGHT = 22;
const LETTER_WIDTH = 6.6;
const PADDING = 24;

/** Where a note's own text is; the nodes have to stay clear of it. */
function textBox(note: Box & { text: string }): Box {
	const perLine = (note.right - note.left - PADDING) / LETTER_WIDTH;
	const lines = note.text
		.split('\n')
		.map((line) => (line === '' ? 0.5 : Math.ceil(line.length / perLine)))
		.reduce((sum, count) => sum + count, 1);
	return { ...note, bottom: note.top + lines * LINE_HEIGHT };
}

const names = (pairs: Array<[{ name: string }, { name: string }]>) =>
	pairs.map(([a, b]) => `${a.name} / ${b.name}`);

function pairs<T>(all: T[]): Array<[T, T]> {
	return all.flatMap((one, at) => all.slice(at + 1).map((other): [T, T] => [one, other]));
}

describe.each(SHIPPED)('$file opens as a picture that can be read:', ({ workflow }) => {
	const { boxes, notes, curves } = drawing(workflow, wires(workflow));

	test('no node covers another, and no name runs into another', () => {
		expect(names(pairs(boxes.map(withLabel)).filter(([a, b]) => overlap(a, b)))).toEqual([]);
	});

	test('every node lies in a note, and on no text', () => {
		for (const box of boxes) {
			expect([box.name, notes.filter((note) => contains(note, box)).length]).toEqual([box.name, 1]);
		}
		const covered = notes.flatMap((note) =>
			boxes.filter((box) => overlap(textBox(note), box)).map((box): [Box, Box] => [note, box]),
		);
		expect(names(covered)).toEqual([]);
	});

	test('no note covers another, or is too small for its text', () => {
		expect(names(pairs(notes).filter(([a, b]) => overlap(a, b)))).toEqual([]);
		expect(notes.filter((note) => !contains(note, textBox(note)))).toEqual([]);
	});

	test('no wire runs over a node or a text', () => {
		const over = curves.flatMap(({ from, to, points }) =>
			[...boxes.map(withLabel), ...notes.map(textBox)]
				.filter(({ name }) => name !== from && name !== to)
				.filter((box) => runsOver(points, box))
				.map((box) => `${from} -> ${to || 'nowhere'} over ${box.name}`),
		);
		expect(over).toEqual([]);
	});

	test('no wires cross', () => {
		const crossings = pairs(curves).filter(([a, b]) => cross(a.points, b.points));
		expect(crossings.map(([a, b]) => `${a.from} -> ${a.to} / ${b.from} -> ${b.to}`)).toEqual([]);
	});

	test('every wire leads to the right, and the whole fits into a window', () => {
		const back = curves.filter(({ points }) => points[0].x >= points[points.length - 1].x);
		expect(back).toEqual([]);
		const right = Math.max(...notes.map((note) => note.right));
		expect(right - Math.min(...notes.map(({ left }) => left))).toBeLessThanOrEqual(WIDEST);
	});
});
