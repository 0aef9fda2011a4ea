import type { Message } from '../../../../nodes/MamPolicy/report/events';
import {
	readMessages,
	unsentOf,
	withUnsent,
} from '../../../../nodes/MamPolicy/report/unsentMessages';

const at = (hour: number) => `2026-09-06T${String(hour).padStart(2, '0')}:02:00.000Z`;

function message(event: string, hour = 9): Message {
	return {
		event,
		severity: 'warning',
		title: `MAM: ${event}`,
		message: 'Look.',
		flow: 'grabber',
		instance: '',
		at: at(hour),
	};
}

const toldBy = (messages: Message[]) => messages.map(({ event, at: when }) => `${event} ${when}`);

describe('withUnsent', () => {
	test('the beginning comes late, but before the end', () => {
		const sent = withUnsent([message('mouse')], [message('out_of_mouse', 10)]);
		expect(toldBy(sent)).toEqual([`mouse ${at(9)}`, `out_of_mouse ${at(10)}`]);
		expect(sent.map((one) => one.message)).toEqual([
			`Look. (Of ${at(9)}; it could not be sent then.)`,
			'Look.',
		]);
	});

	test('a reminder replaces what it repeats, and each purchase is told', () => {
		const unsent = [message('mouse'), message('bought')];
		const sent = withUnsent(unsent, [message('bought', 10), message('mouse', 10)]);
		expect(toldBy(sent)).toEqual([`bought ${at(9)}`, `bought ${at(10)}`, `mouse ${at(10)}`]);
	});

	test('a receiver that is away for long gets the newest ten, each with one note of its delay', () => {
		let unsent: Message[] = [];
		for (let run = 0; run < 24; run++) {
			const sent = withUnsent(unsent, [message(`event ${run}`, run)]);
			unsent = unsentOf(sent, new Set(sent.keys()));
		}
		expect(unsent.map(({ event }) => event)).toEqual(
			Array.from({ length: 10 }, (_, index) => `event ${14 + index}`),
		);
		for (const one of unsent.slice(0, -1))
			expect(one.message.match(/could not be sent/g)).toHaveLength(1);
	});
});

test.each([
	[undefined],
	[null],
	['x'],
	[{}],
	[[null, 1, 'x', {}, { ...message('mouse'), title: 1 }]],
])('no message is read from %j', (value) => expect(readMessages(value)).toEqual([]));
