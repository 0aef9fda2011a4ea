import { accountSamples } from './accountSamples';
import type { GroupName } from './definitions';
import { exposition } from './exposition';
import type { Sample } from './exposition';
import { dryRunSamples, flowSamples, successSamples } from './flowSamples';
import type { RunOutcome } from './runReport';
import { sessionSamples } from './sessionSamples';

/** One PUT to the Pushgateway; it replaces the whole group. */
export interface Group {
	group: GroupName;
	url: string;
	/** Text exposition. */
	body: string;
}

/** The groups that the run pushes below `gatewayUrl` (without a trailing slash). */
export function groups(outcome: RunOutcome, gatewayUrl: string): Group[] {
	const flowPath = `mam-${outcome.job}`;
	const group = (name: GroupName, path: string, samples: Sample[]): Group => ({
		group: name,
		url: `${gatewayUrl}/metrics/job/${path}`,
		body: exposition(samples),
	});
	if (outcome.dryRun) return [group('dry_run', `${flowPath}/kind/dry_run`, dryRunSamples(outcome))];

	const { account, failures } = outcome;
	const pushed = [
		group('flow', flowPath, flowSamples(outcome)),
		group(
			'success',
			`${flowPath}/kind/success`,
			failures.length === 0 ? successSamples(outcome) : [],
		),
		group('account', 'mam-account', account === null ? [] : accountSamples(account)),
		group('session', 'mam-session', sessionSamples(outcome)),
	];
	// An empty PUT would wipe the group, and what it holds is still the newest that is known.
	return pushed.filter(({ body }) => body !== '');
}
