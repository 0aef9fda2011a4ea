import {
	contains,
	cross,
	drawing,
	fittedTextSize,
	overlap,
	runsOver,
	type Box,
	type Note,
} from './canvas';
import { ALL, wires } from './files';

/** Smaller letters cannot be read, in pixels of the window. */
const READABLE = 8;

/** A line of a note's text, and of its heading, with the space below it, in pixels. */
const LINE_HEIGHT = 22;
const LETTER_WIDTH = 6.6;
const PADDING = 24;

/** Where a note's own text is; the nodes have to stay clear of it. */
function textBox(note: Note): Box {
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

describe.each(ALL)('$file opens as a picture that can be read:', ({ workflow }) => {
	const { nodes, labels, handleLabels, notes, lines } = drawing(workflow, wires(workflow));
	const texts = notes.map(textBox);

	test('fitted into a window of 1440 x 900, the notes have letters of at least 8 px', () => {
		expect(fittedTextSize([...nodes, ...notes])).toBeGreaterThanOrEqual(READABLE);
	});

	test('no node or name covers another, and no name of an output or input runs into them', () => {
		const own = ([a, b]: [Box, Box]) => a.name.split(':')[0] === b.name.split(':')[0];
		const drawn = [...nodes, ...labels, ...handleLabels];
		expect(names(pairs(drawn).filter((pair) => !own(pair) && overlap(...pair)))).toEqual([]);
	});

	test('every node with its name lies in one note, and on no text', () => {
		for (const box of [...nodes, ...labels]) {
			expect([box.name, notes.filter((note) => contains(note, box)).length]).toEqual([box.name, 1]);
		}
		const covered = texts.flatMap((text) =>
			[...nodes, ...handleLabels]
				.filter((box) => overlap(text, box))
				.map((box): [Box, Box] => [text, box]),
		);
		expect(names(covered)).toEqual([]);
	});

	test('no note covers another, or is too small for its text', () => {
		expect(names(pairs(notes).filter(([a, b]) => overlap(a, b)))).toEqual([]);
		expect(notes.filter((note, at) => !contains(note, texts[at]))).toEqual([]);
	});

	test('no wire runs over a node, a name or a text', () => {
		const over = lines.flatMap(({ from, to, points }) => [
			...nodes
				.filter(({ name }) => name !== from && name !== to)
				.concat(labels, texts)
				.filter((box) => runsOver(points, box))
				.map((box) => `${from} -> ${to || 'nowhere'} over ${box.name}`),
		]);
		expect(over).toEqual([]);
	});

	test('no wires cross', () => {
		const crossings = pairs(lines).filter(([a, b]) => cross(a.points, b.points));
		expect(crossings.map(([a, b]) => `${a.from} -> ${a.to} / ${b.from} -> ${b.to}`)).toEqual([]);
	});
});
