import type { Decision, GuardNumbers, PolicyResult } from '../../types';
import { ratioText, decimal } from '../format';
import { isAccount } from '../records';
import { decideOne, hold, NO_DATA, noData, policyResult, type Evaluation } from '../result';
import type { AccountRecord } from '../../../shared/records';

/** When an account may grab. */
export interface GuardParameters {
	/** Classes that grab nothing, compared without case. */
	blockedClasses: string[];
	ratioFloor: number;
	/** That are not seeding. */
	maxHitAndRuns: number;
	/** Whether the site must be able to reach the client. */
	requireConnectable: boolean;
}

/** Holds of which no other event tells. */
const BLOCKING = ['blocked_class', 'not_connectable'] as const;

/** The ways out; a ratio below 1 makes a Mouse, so no floor helps there. */
function ratioAdvice(ratio: number): string {
	const floor = 'Free grabs cannot lower it: set the floor to 1.0 to keep grabbing.';
	return ratio >= 1 ? `Buy upload credit. ${floor}` : 'Buy upload credit.';
}

function decide(account: AccountRecord, parameters: GuardParameters): Decision {
	const { className, ratio, hitAndRuns, connectable } = account;
	const blocked = parameters.blockedClasses.map((name) => name.toLowerCase());
	if (blocked.includes(className.toLowerCase())) {
		const isMouse = className.toLowerCase() === 'mouse';
		return hold(
			isMouse ? 'mouse_class' : 'blocked_class',
			`The class is ${className}, which grabs nothing${isMouse ? ': the tracker gives a Mouse no peers, so a new torrent could not help the ratio' : ''}.`,
		);
	}
	if (ratio === null && account.downloadedBytes > 0) {
		return hold('no_data', 'The account has downloaded, but the site does not say its ratio.');
	}
	if (ratio !== null && ratio < parameters.ratioFloor) {
		return hold(
			'low_ratio',
			`The ratio is ${ratioText(ratio)}, below the floor of ${decimal(parameters.ratioFloor)}. ${ratioAdvice(ratio)}`,
		);
	}
	if (!hitAndRuns) {
		return hold('no_data', 'The site does not say how many Hit & Runs are not seeding.');
	}
	if (hitAndRuns.notSeeding > parameters.maxHitAndRuns) {
		return hold(
			'hit_and_run',
			`${hitAndRuns.notSeeding} Hit & Runs are not seeding, more than the ${parameters.maxHitAndRuns} allowed: download each again with the tag recovery and seed it, or buy its seed time fix on the site by hand.`,
		);
	}
	if (parameters.requireConnectable && connectable !== true) {
		return hold(
			'not_connectable',
			"The site cannot reach the client, or does not say that it can: forward the client's port, or switch Require Connectable off.",
		);
	}
	return {
		verdict: 'act',
		reason: 'passed',
		detail: `Class ${className} and ratio ${ratioText(ratio)} (floor ${decimal(parameters.ratioFloor)}) may grab.`,
	};
}

/** Whether the account may look for torrents. It only permits looking, so it has no dry run. */
export function guardAccount(
	records: unknown[],
	parameters: GuardParameters,
	evaluation: Evaluation,
): PolicyResult<'guardAccount'> {
	const account = records.find(isAccount);
	const decision = account ? decide(account, parameters) : NO_DATA;
	const { verdict, reason, detail } = decision;
	const blocking = BLOCKING.find((one) => one === reason);
	const ratio = account ? ratioText(account.ratio) : 'unknown';
	const numbers: GuardNumbers = { ratioFloor: parameters.ratioFloor };
	const facts = `ratio=${ratio} class=${account?.className ?? 'unknown'} (floor=${decimal(parameters.ratioFloor)})`;
	return policyResult(
		{
			policy: 'guardAccount',
			decided: decideOne(account, records, { decision }),
			lines: [verdict === 'act' ? `Pass: ${facts}` : `Skip grab: ${facts} reason=${reason}`],
			numbers,
			account,
			blocked: blocking && { reason: blocking, detail },
			failure: reason === 'no_data' ? noData(detail) : undefined,
		},
		evaluation,
	);
}
