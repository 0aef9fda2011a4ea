import type { IExecuteFunctions } from 'n8n-workflow';

import { checkNumber, type NumberLimits } from '../../shared/checks';
import { failure } from '../../shared/failure';

/** Throws `bad_parameter` naming the field and the fix. */
export function badParameter(context: IExecuteFunctions, field: string, fix: string): never {
	throw failure(context.getNode(), {
		cause: 'bad_parameter',
		sentence: `The parameter "${field}" cannot be used; nothing was sent.`,
		action: fix,
	});
}

/** Throws `bad_parameter` when n8n would repeat what spends; `because` says what comes of it. */
export function refuseRetryOnFail(context: IExecuteFunctions, because: string): void {
	if (!context.getNode().retryOnFail) return;
	badParameter(
		context,
		'retryOnFail',
		`Switch off Retry On Fail in the settings of this node: ${because}.`,
	);
}

/** A number parameter, checked at run time because an expression can put anything there. */
export function numberParameter(
	context: IExecuteFunctions,
	name: string,
	itemIndex: number,
	limits: NumberLimits,
): number {
	const value = context.getNodeParameter(name, itemIndex) as unknown;
	const bad = checkNumber(name, value, limits);
	if (bad !== null) badParameter(context, bad.field, bad.fix);
	return value as number;
}

/** The id of a torrent on the site. */
export function torrentIdParameter(context: IExecuteFunctions, itemIndex: number): number {
	return numberParameter(context, 'id', itemIndex, { label: 'Torrent ID', min: 1, integer: true });
}
