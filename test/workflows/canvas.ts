import type { INode } from 'n8n-workflow';

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

/** Room for name and subtitle below a node; they are centred, and wider than the node. */
const LABEL_HEIGHT = 48;
const LABEL_OVERHANG = 32;

/** n8n hangs a plus on an output that leads nowhere, so far away with half its width. */
const STUB_LENGTH = 112;

/** Straight pieces that stand for a curve. */
const PIECES = 60;

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';

/** Outputs by operation of MAM Policy; the deciding ones have three. */
const POLICY_OUTPUTS: Record<string, number> = { rememberGrabs: 1, reportMetrics: 2 };

function outputsOf(node: INode): number {
	if (ownType(node) === 'mamPolicy')
		return POLICY_OUTPUTS[String(node.parameters.operation)] ?? 3;
	if (node.type === 'n8n-nodes-base.stopAndError') return 0;
	if (node.type === 'n8n-nodes-base.if' || node.onError === 'continueErrorOutput') return 2;
	return 1;
}

function inputsOf(node: INode): number {
	return Number(node.parameters.numberInputs ?? 1);
}

function heightOf(node: INode): number {
	const handles = Math.max(inputsOf(node), outputsOf(node));
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

function nodeBox(node: INode): Box {
	const [left, top] = node.position;
	return {
		name: node.name,
		left,
		top,
		right: left + NODE_SIZE,
		bottom: top + heightOf(node) + LABEL_HEIGHT,
	};
}

/** The curve of a wire; one that leads nowhere is a straight line to a plus. */
function wireCurve(byName: Map<string, INode>, { from, output, to, input }: Wire): Point[] {
	const source = byName.get(from)!;
	const start = handle(source, 'right', output, outputsOf(source));
	const target = byName.get(to);
	const end =
		target === undefined
			? { x: start.x + STUB_LENGTH, y: start.y }
			: handle(target, 'left', input, inputsOf(target));
	return curve(start, end);
}

/** What a workflow looks like when it is opened: nodes with their labels, notes, and wires as curves. */
export function drawing(
	{ nodes }: Shipped['workflow'],
	wires: Wire[],
): { boxes: Box[]; notes: Array<Box & { text: string }>; curves: Array<Wire & { points: Point[] }> } {
	const byName = new Map(nodes.map((node) => [node.name, node]));
	const isUsed = (from: string, output: number) =>
		wires.some((wire) => wire.from === from && wire.output === output);
	const stubs = nodes
		.filter(({ type }) => type !== STICKY_NOTE)
		.flatMap((node) =>
			Array.from({ length: outputsOf(node) }, (_, output) => ({
				from: node.name,
				output,
				to: '',
				input: 0,
			})),
		)
		.filter(({ from, output }) => !isUsed(from, output));
	return {
		boxes: nodes.filter(({ type }) => type !== STICKY_NOTE).map(nodeBox),
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
		curves: [...wires, ...stubs].map((wire) => ({ ...wire, points: wireCurve(byName, wire) })),
	};
}

/** A node's box with the whole width of its name and subtitle. */
export function withLabel(box: Box): Box {
	return { ...box, left: box.left - LABEL_OVERHANG, right: box.right + LABEL_OVERHANG };
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

/** Whether two curves cross; meeting at an end is no crossing. */
export function cross(one: Point[], other: Point[]): boolean {
	return one.slice(1).some((b, at) => {
		const a = one[at];
		return other.slice(1).some((d, there) => {
			const c = other[there];
			return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
		});
	});
}
