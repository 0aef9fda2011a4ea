import type { Message } from '../../../../nodes/MamPolicy/report/events';
import {
	keptUnsent,
	readMessages,
	readUnsent,
	withUnsent,
	type Unsent,
} from '../../../../nodes/MamPolicy/report/unsentMessages';

const MINUTE = 60_000;
const START = Date.parse('2026-09-06T09:02:00.000Z');
const after = (minutes: number) => new Date(START + minutes * MINUTE);

function message(event: string, title = event, minutes = 0): Message {
	return {
		event,
		severity: 'warning',
		title: `MAM: ${title}`,
		message: 'Look.',
		flow: 'grabber',
		instance: '',
		at: after(minutes).toISOString(),
	};
}

const unsent = (...messages: Message[]): Unsent[] => keptUnsent([], messages, after(0));

const toldBy = (messages: Message[]) => messages.map(({ title }) => title.slice('MAM: '.length));

describe('withUnsent', () => {
	test('the beginning comes late, but before the end, and says when it was', () => {
		const { due } = withUnsent(unsent(message('mouse')), [message('out_of_mouse')], after(1));
		expect(toldBy(due)).toEqual(['mouse', 'out_of_mouse']);
		expect(due.map((one) => one.message)).toEqual([
			'Look. (From 2026-09-06 09:02 UTC; it could not be sent then.)',
			'Look.',
		]);
	});

	test('a reminder replaces what it repeats; a failure by another cause does not', () => {
		const earlier = unsent(
			message('mouse', 'the account is a Mouse'),
			message('failed', 'the grabber fails (dead_cookie)'),
		);
		const now = [
			message('mouse', 'still: the account is a Mouse'),
			message('failed', 'the grabber fails (timeout)'),
		];
		expect(toldBy(withUnsent(earlier, now, after(1)).due)).toEqual([
			'the grabber fails (dead_cookie)',
			'still: the account is a Mouse',
			'the grabber fails (timeout)',
		]);
	});

	test('each purchase is told', () => {
		const first = { ...message('bought'), message: 'Bought 50 GiB.' };
		const second = { ...message('bought'), message: 'Bought 20 GiB.' };
		expect(withUnsent(unsent(first), [second], after(1)).due).toHaveLength(2);
	});
});

/** The minutes at which a message is tried, by runs every `every` minutes, when each try fails. */
function triedAt(every: number): number[] {
	const tries = [0];
	let kept = unsent(message('mouse'));
	for (let minutes = every; minutes < 10 * 24 * 60; minutes += every) {
		const { due, waiting } = withUnsent(kept, [], after(minutes));
		if (due.length > 0) tries.push(minutes);
		kept = keptUnsent(waiting, due, after(minutes));
	}
	expect(kept).toEqual([]);
	return tries;
}

test('what is never taken is tried with the next run, then ever more rarely, ten times in all', () => {
	expect(triedAt(15)).toEqual([0, 15, 30, 60, 105, 195, 360, 690, 1335, 2625]);
	expect(triedAt(360)).toHaveLength(10);
});

test('a wait is over to the minute', () => {
	expect(triedAt(10)).toEqual([0, 10, 20, 40, 80, 160, 320, 640, 1280, 2560]);
});

test('what is tried several times says only once when it was', () => {
	let kept = unsent(message('mouse'));
	for (const minutes of [15, 30, 60])
		kept = keptUnsent([], withUnsent(kept, [], after(minutes)).due, after(minutes));
	expect(kept).toMatchObject([
		{ message: 'Look. (From 2026-09-06 09:02 UTC; it could not be sent then.)', tries: 4 },
	]);
});

test('a receiver that is away for a night gets the message in the morning', () => {
	expect(triedAt(30).filter((minutes) => minutes > 8 * 60 && minutes < 24 * 60)).not.toEqual([]);
});

test('no message waits for a clock that ran ahead', () => {
	const [ahead] = keptUnsent([], [message('mouse')], after(7 * 24 * 60));
	expect(withUnsent([{ ...ahead, tries: 8 }], [], after(0)).due).toHaveLength(1);
});

test('of very many the newest ten are kept', () => {
	const many = Array.from({ length: 24 }, (_, at) => message(`event ${at}`, `event ${at}`, at));
	expect(toldBy(unsent(...many))).toEqual(
		Array.from({ length: 10 }, (_, index) => `event ${14 + index}`),
	);
});

test('what waits and what has just failed are kept by their age, and the oldest is given up', () => {
	const waiting = unsent(
		...Array.from({ length: 10 }, (_, at) => message(`new ${at}`, `${at}`, 5)),
	);
	expect(keptUnsent(waiting, [message('old')], after(10))).toEqual(waiting);
	const [newer] = waiting;
	expect(toldBy(keptUnsent([newer], [message('old')], after(10)))).toEqual(['old', '0']);
});

test.each([undefined, null, 'x', {}, [null, 1, 'x', {}, { ...message('mouse'), title: 1 }]])(
	'no message is read from %j',
	(value) => expect([readMessages(value), readUnsent(value)]).toEqual([[], []]),
);

test('a message without its tries is not taken for one that waits', () => {
	const complete = { ...message('mouse'), tries: 1, tried: after(0).toISOString() };
	const stored = [
		message('mouse'),
		{ ...complete, tries: 'x' },
		{ ...complete, tried: 'x' },
		complete,
	];
	expect(readUnsent(stored)).toEqual([complete]);
});

test.each(['event', 'severity', 'title', 'message', 'flow', 'instance', 'at'])(
	'a message without its %s is none',
	(field) => expect(readMessages([{ ...message('mouse'), [field]: undefined }])).toEqual([]),
);
