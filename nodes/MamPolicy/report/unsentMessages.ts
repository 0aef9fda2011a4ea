import { isRecord } from '../../shared/json';
import type { Message } from './events';

const MINUTE_MS = 60_000;

/** More are not kept: a receiver that is away for a long time then gets the newest. */
const MOST_UNSENT = 10;

/** A receiver that takes a message but answers with an error gets it this often. With the waits that takes about two days. */
const MOST_TRIES = 10;

const FIELDS = ['event', 'severity', 'title', 'message', 'flow', 'instance', 'at'] as const;

/** A message that is to be sent, perhaps again. */
export interface Sendable extends Message {
	/** How often it was tried. */
	tries?: number;
}

/** A message that could not be sent. */
export interface Unsent extends Sendable {
	tries: number;
	/** ISO time of the last try. */
	tried: string;
}

function isMessage(value: unknown): value is Message & Record<string, unknown> {
	return isRecord(value) && FIELDS.every((field) => typeof value[field] === 'string');
}

/** The messages in `value`, which a step gave. Anything else is ignored. */
export function readMessages(value: unknown): Sendable[] {
	return Array.isArray(value) ? (value as unknown[]).filter(isMessage) : [];
}

/** The unsent messages in `value`, which was stored. Anything else is ignored. */
export function readUnsent(value: unknown): Unsent[] {
	return readMessages(value).filter(
		(message): message is Unsent =>
			typeof message.tries === 'number' &&
			!Number.isNaN(Date.parse(String((message as Partial<Unsent>).tried))),
	);
}

/**
 * The second try comes with the next run, the next ones with the first run after 10, 20, 40 … minutes. A clock that was
 * ahead delays none.
 */
function isDue({ tries, tried }: Unsent, at: Date): boolean {
	const waited = at.getTime() - Date.parse(tried);
	return waited < 0 || tries < 2 || waited >= 10 * MINUTE_MS * 2 ** (tries - 2);
}

/** What a message is about: its reminder has the same, and each purchase one of its own. */
function subject({ event, title, message }: Message): string {
	return event === 'bought' ? message : `${event} ${title.replace('still: ', '')}`;
}

/** Says when a message should have come. */
function late(message: Unsent): Unsent {
	const from = `${message.at.slice(0, 16).replace('T', ' ')} UTC`;
	const sentence = ` (From ${from}; it could not be sent then.)`;
	return message.message.endsWith(sentence)
		? message
		: { ...message, message: message.message + sentence };
}

/**
 * What is to be sent `at` the time of a run: first what is due of the messages that earlier runs could not send, then
 * those of this run; before them all are due, or an end would come before its beginning. `waiting` is what is not due.
 * Of each subject only the newest message is sent.
 */
export function withUnsent(
	unsent: Unsent[],
	messages: Message[],
	at: Date,
): { due: Sendable[]; waiting: Unsent[] } {
	const subjects = new Set(messages.map(subject));
	const left = unsent.filter((message) => !subjects.has(subject(message)));
	const isNow = (message: Unsent) => messages.length > 0 || isDue(message, at);
	return {
		due: [...left.filter(isNow).map(late), ...messages],
		waiting: left.filter((message) => !isNow(message)),
	};
}

/** What is kept after a run that could not send `failed`: what has tries left, and of that the newest. */
export function keptUnsent(waiting: Unsent[], failed: Sendable[], at: Date): Unsent[] {
	const tried = failed.map((message) => ({
		...message,
		tries: (message.tries ?? 0) + 1,
		tried: at.toISOString(),
	}));
	return [...waiting, ...tried.filter(({ tries }) => tries < MOST_TRIES)]
		.sort((a, b) => a.at.localeCompare(b.at))
		.slice(-MOST_UNSENT);
}
