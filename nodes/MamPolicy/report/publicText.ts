import type { RunFailure } from './items';

/** What a failure says when its own words are not known to be free of names. */
const UNKNOWN = {
	message: 'The step ended with an error of its own.',
	action: 'Open the execution in n8n: the step shows what went wrong.',
};

/** The operation of the failures that the report finds itself; their sentences hold figures only. */
const OWN_OPERATION = 'reportMetrics';

/** `text` without what it quotes and without addresses: users, credentials, titles and hosts stand there. */
function withoutNames(text: string): string {
	return text
		.replace(/"[^"]*"?/g, '"…"')
		.replace(/\b[a-z][\w+.-]*:\/\/\S*[^\s.,:;]/gi, '(address)')
		.replace(/[^\s(]+@[^\s).,]+(\.[^\s).,]+)*/g, '(address)');
}

/**
 * `failure` as a report or a message may tell it: these leave n8n, and who guesses the name of an ntfy topic reads
 * them. The execution keeps the complete text.
 */
export function publicFailure(failure: RunFailure): RunFailure {
	const { cause, message, action, operation } = failure;
	if (operation === OWN_OPERATION) return { ...failure, message: withoutNames(message) };
	// The words of n8n, of other nodes, and whatever a service answered.
	if (cause === 'unknown') return { ...failure, ...UNKNOWN };
	return {
		...failure,
		message: withoutNames(message),
		action: cause === 'bad_parameter' ? withoutNames(action) : action,
	};
}
