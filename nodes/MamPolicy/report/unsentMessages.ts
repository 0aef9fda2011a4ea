import { isRecord } from '../../shared/json';
import type { Message } from './events';

/** More are not kept: a receiver that is away for weeks then gets the newest. */
const MOST_UNSENT = 10;

const FIELDS = ['event', 'severity', 'title', 'message', 'flow', 'instance', 'at'] as const;

/** The messages that `value`, which was stored, holds. Anything else is ignored. */
export function readMessages(value: unknown): Message[] {
	const all = Array.isArray(value) ? (value as unknown[]) : [];
	return all.filter(
		(one): one is Message =>
			isRecord(one) && FIELDS.every((field) => typeof one[field] === 'string'),
	);
}

/** Says when a message should have come. */
function late(message: Message): Message {
	const sentence = ` (Of ${message.at}; it could not be sent then.)`;
	return message.message.endsWith(sentence)
		? message
		: { ...message, message: message.message + sentence };
}

/**
 * What is to be sent: first what earlier runs could not send, then the messages of this run. Of a state the newest
 * message is enough; each purchase is a message of its own.
 */
export function withUnsent(unsent: Message[], now: Message[]): Message[] {
	const isReplaced = ({ event }: Message) =>
		event !== 'bought' && now.some((message) => message.event === event);
	return [...unsent.filter((message) => !isReplaced(message)).map(late), ...now];
}

/** Those of `messages` that are kept to be sent again: the ones with the numbers in `failed`, or the newest of them. */
export function unsentOf(messages: Message[], failed: Set<number>): Message[] {
	return messages.filter((_, index) => failed.has(index)).slice(-MOST_UNSENT);
}
