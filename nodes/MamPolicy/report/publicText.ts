import type { RunFailure } from './items';

/** Stands in for a failure whose own words may contain names. */
const UNKNOWN = {
	message: 'The step ended with an error of its own.',
	action: 'Open the execution in n8n: the step shows what went wrong.',
};

/** The operation of the failures that the report finds itself; their sentences hold figures only. */
const OWN_OPERATION = 'reportMetrics';

/**
 * `text` without quotes and addresses, which may contain users, credentials, titles and hosts. A name may hold
 * quotation marks of its own, so everything from the first one to the last is left out.
 */
function withoutNames(text: string): string {
	return text
		.replace(/"([^]*"|[^]*$)/, '"…"')
		.replace(/\b[a-z][\w+.-]*:\/\/\S*[^\s.,:;]/gi, '(address)')
		.replace(/[^\s(]+@[^\s).,]+(\.[^\s).,]+)*/g, '(address)');
}

/**
 * `failure` as a report or a message may show it: these leave n8n, and whoever guesses the name of an ntfy topic can
 * read them. The execution keeps the complete text.
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
