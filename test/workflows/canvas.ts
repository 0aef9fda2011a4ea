import type { INode } from 'n8n-workflow';

import { OPERATIONS } from '../../nodes/MamPolicy/operations/operations';
import { ownType, type Shipped, type Wire } from './files';

/** A place on the canvas, in its pixels. */
interface Point {
	x: number;
	y: number;
}

/** A rectangle on the canvas, in its pixels. */
export interface Box {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** n8n draws a node 96 pixels wide, with 32 pixels for each handle when there are more than two on a side. */
const NODE_SIZE = 96;
const HANDLE_DISTANCE = 32;

/** Room for name and subtitle below a node; they are centred, and may be wider than the node. */
const LABEL_HEIGHT = 48;
const NAME_LETTER_WIDTH = 8.7;
const SUBTITLE_WIDTH = 128;

/** A node that is switched off says so in a second line. */
const DEACTIVATED_HEIGHT = 24;

/** The small names of outputs and inputs stand beside their handles, when a side has more than one. */
const HANDLE_LETTER_WIDTH = 7;
const HANDLE_LABEL_HEIGHT = 16;

/** n8n hangs a plus on an output that leads nowhere, so far away with half its width. */
const STUB_LENGTH = 112;

/** Straight pieces that stand for a curve. */
const PIECES = 60;

/** A wire that leads back goes right, down, left and down again at right angles, so far each time. */
const BACK_SIDE = 40;
const BACK_DOWN = 130;

/** The canvas in a window of 1440 x 900 pixels, and the margin that n8n's fit-to-view leaves: a tenth at each side. */
const CANVAS = { width: 1398, height: 798 };
const FIT_PADDING = 0.2;

/** Size of a note's text on the canvas, in its pixels. */
const NOTE_FONT_SIZE = 14;

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';

function outputsOf(node: INode): readonly string[] {
	const { operation } = node.parameters;
	const policy = OPERATIONS.find(({ value }) => value === operation);
	if (ownType(node) === 'mamPolicy' && policy?.outputs !== undefined) return policy.outputs;
	return node.type === 'n8n-nodes-base.stopAndError' ? [] : ['Output'];
}

function inputsOf(node: INode): string[] {
	const count = Number(node.parameters.numberInputs ?? 1);
	return Array.from({ length: count }, (_, input) => `Input ${input + 1}`);
}

function heightOf(node: INode): number {
	const handles = Math.max(inputsOf(node).length, outputsOf(node).length);
	return handles <= 2 ? NODE_SIZE : HANDLE_DISTANCE * (handles + 1);
}

/** Where the handle `index` of `count` on a side of a node is; they stand at equal distances. */
function handle(node: INode, side: 'left' | 'right', index: number, count: number): Point {
	const [x, y] = node.position;
	return {
		x: side === 'left' ? x : x + NODE_SIZE,
		y: y + (heightOf(node) * (index + 1)) / (count + 1),
	};
}

/** The curve that n8n draws from an output to an input on its right: a Bézier with level ends. */
function curve(from: Point, to: Point): Point[] {
	const middle = (from.x + to.x) / 2;
	return Array.from({ length: PIECES + 1 }, (_, piece) => {
		const t = piece / PIECES;
		const inner = 3 * t * (1 - t);
		return {
			x: from.x * (1 - t) ** 3 + middle * inner + to.x * t ** 3,
			y: from.y * ((1 - t) ** 3 + inner * (1 - t)) + to.y * (t ** 3 + inner * t),
		};
	});
}

/** `points` joined by straight lines, with points in between as dense as on a curve. */
function polyline(points: Point[]): Point[] {
	return points.slice(1).flatMap((to, at) => {
		const from = points[at];
		return Array.from({ length: PIECES }, (_, piece) => {
			const t = (piece + (at === 0 ? 0 : 1)) / PIECES;
			return { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
		});
	});
}

/** The line that n8n draws to an input that is not on the right of the output. */
function backLine(from: Point, to: Point): Point[] {
	const level = from.y + BACK_DOWN;
	const right = from.x + BACK_SIDE;
	const left = to.x - BACK_SIDE;
	return polyline([
		from,
		{ x: right, y: from.y },
		{ x: right, y: level },
		{ x: left, y: level },
		{ x: left, y: to.y },
		to,
	]);
}

function labelBox(node: INode): Box {
	const [left, top] = node.position;
	const width = Math.max(SUBTITLE_WIDTH, node.name.length * NAME_LETTER_WIDTH);
	const overhang = Math.max(0, (width - NODE_SIZE) / 2);
	return {
		name: node.name,
		left: left - overhang,
		top: top + heightOf(node),
		right: left + NODE_SIZE + overhang,
		bottom:
			top + heightOf(node) + LABEL_HEIGHT + (node.disabled === true ? DEACTIVATED_HEIGHT : 0),
	};
}

/** The names beside the handles of a node. */
function handleLabels(node: INode): Box[] {
	const onSide = (side: 'left' | 'right', labels: readonly string[]) =>
		labels.length < 2
			? []
			: labels.map((label, index) => {
					const { x, y } = handle(node, side, index, labels.length);
					const width = label.length * HANDLE_LETTER_WIDTH;
					return {
						name: `${node.name}: ${label}`,
						left: side === 'left' ? x - width : x,
						right: side === 'left' ? x : x + width,
						top: y - HANDLE_LABEL_HEIGHT / 2,
						bottom: y + HANDLE_LABEL_HEIGHT / 2,
					};
				});
	return [...onSide('left', inputsOf(node)), ...onSide('right', outputsOf(node))];
}

function nodeBox(node: INode): Box {
	const [left, top] = node.position;
	return {
		name: node.name,
		left,
		top,
		right: left + NODE_SIZE,
		bottom: top + heightOf(node),
	};
}

/** The line of a wire; one that leads nowhere is a straight line to a plus. */
function wireLine(byName: Map<string, INode>, { from, output, to, input }: Wire): Point[] {
	const source = byName.get(from)!;
	const start = handle(source, 'right', output, outputsOf(source).length);
	const target = byName.get(to);
	if (target === undefined) return curve(start, { x: start.x + STUB_LENGTH, y: start.y });
	const end = handle(target, 'left', input, inputsOf(target).length);
	return end.x < start.x ? backLine(start, end) : curve(start, end);
}

/** A note with its text. */
export type Note = Box & { text: string };

/** What a workflow looks like when it is opened. */
export interface Drawing {
	nodes: Box[];
	/** Names with subtitles, below the nodes. */
	labels: Box[];
	/** Names of outputs and inputs, beside the nodes. */
	handleLabels: Box[];
	notes: Note[];
	lines: Array<Wire & { points: Point[] }>;
}

/** Draws a workflow. */
export function drawing({ nodes }: Shipped['workflow'], wires: Wire[]): Drawing {
	const byName = new Map(nodes.map((node) => [node.name, node]));
	const isUsed = (from: string, output: number) =>
		wires.some((wire) => wire.from === from && wire.output === output);
	const drawn = nodes.filter(({ type }) => type !== STICKY_NOTE);
	const stubs = drawn
		.flatMap((node) =>
			outputsOf(node).map((_, output) => ({ from: node.name, output, to: '', input: 0 })),
		)
		.filter(({ from, output }) => !isUsed(from, output));
	return {
		nodes: drawn.map(nodeBox),
		labels: drawn.map(labelBox),
		handleLabels: drawn.flatMap(handleLabels),
		notes: nodes
			.filter(({ type }) => type === STICKY_NOTE)
			.map(({ name, position: [left, top], parameters }) => ({
				name,
				left,
				top,
				right: left + Number(parameters.width),
				bottom: top + Number(parameters.height),
				text: String(parameters.content),
			})),
		lines: [...wires, ...stubs].map((wire) => ({ ...wire, points: wireLine(byName, wire) })),
	};
}

/** Pixels that the text of a note has in the window when n8n fits `boxes` into it. */
export function fittedTextSize(boxes: Box[]): number {
	const span = (low: number[], high: number[]) => Math.max(...high) - Math.min(...low);
	const width = span(
		boxes.map(({ left }) => left),
		boxes.map(({ right }) => right),
	);
	const height = span(
		boxes.map(({ top }) => top),
		boxes.map(({ bottom }) => bottom),
	);
	const zoom = Math.min(1, CANVAS.width / width / (1 + FIT_PADDING), CANVAS.height / height / (1 + FIT_PADDING));
	return NOTE_FONT_SIZE * zoom;
}

export function overlap(a: Box, b: Box): boolean {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

export function contains(outer: Box, inner: Box): boolean {
	return (
		outer.left <= inner.left &&
		outer.top <= inner.top &&
		outer.right >= inner.right &&
		outer.bottom >= inner.bottom
	);
}

/** Whether a curve runs over a box. */
export function runsOver(points: Point[], { left, top, right, bottom }: Box): boolean {
	return points.some(({ x, y }) => x > left && x < right && y > top && y < bottom);
}

/** Which side of the line from `a` to `b` a point is on. */
function side(a: Point, b: Point, point: Point): number {
	return Math.sign((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x));
}

/** Whether two curves cross; meeting at an end is not a crossing. */
export function cross(one: Point[], other: Point[]): boolean {
	return one.slice(1).some((b, at) => {
		const a = one[at];
		return other.slice(1).some((d, there) => {
			const c = other[there];
			return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
		});
	});
}
