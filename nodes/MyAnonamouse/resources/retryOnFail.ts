import type { IExecuteFunctions } from 'n8n-workflow';

import { badParameter } from '../../shared/parameters';

/** Throws `bad_parameter` when n8n would repeat what spends; `because` says what would happen. */
export function refuseRetryOnFail(context: IExecuteFunctions, because: string): void {
	if (!context.getNode().retryOnFail) return;
	throw badParameter(
		context.getNode(),
		'Retry On Fail',
		`switch it off in the settings of this node: ${because}.`,
	);
}
