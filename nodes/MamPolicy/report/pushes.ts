import type { GroupName } from './definitions';
import { exposition } from './exposition';
import type { Sample } from './exposition';
import { dryRunSamples, flowSamples, successSamples } from './flowSamples';
import type { RunOutcome } from './runReport';
import { accountSamples, sessionSamples } from './siteSamples';

/** Where to push: nowhere (`null`), or below `url`, or the fix of an unusable address. */
export type GatewayUrl = { url: string | null } | { fix: string };

/** The Pushgateway's address without trailing slashes. It is never quoted: it may hold a password. */
export function gatewayUrl(text: string): GatewayUrl {
	if (text === '') return { url: null };
	if (!URL.canParse(text)) {
		return {
			fix: 'enter an address such as http://pushgateway:9091, or leave it empty to push nothing.',
		};
	}
	const { protocol, username, password, search, hash } = new URL(text);
	if (protocol !== 'http:' && protocol !== 'https:') {
		return { fix: 'enter an address that starts with http:// or https://.' };
	}
	if (username !== '' || password !== '') {
		return { fix: 'leave user and password out of the address; set them on the step that pushes.' };
	}
	if (search !== '' || hash !== '') {
		return { fix: 'leave out everything from the ? or # on.' };
	}
	return { url: text.replace(/[/?#]+$/, '') };
}

/** One PUT to the Pushgateway; it replaces the whole group. */
export interface Push {
	group: GroupName;
	url: string;
	/** Text exposition. */
	body: string;
}

/** The groups that the run pushes below `gatewayUrl` (without a trailing slash). */
export function pushes(outcome: RunOutcome, gatewayUrl: string): Push[] {
	const { account, failures, instance } = outcome;
	const push = (group: GroupName, job: string, kind: string, samples: Sample[]): Push => {
		const key = { job, instance, kind };
		const path = Object.entries(key).map(([label, value]) => (value ? `/${label}/${value}` : ''));
		return { group, url: `${gatewayUrl}/metrics${path.join('')}`, body: exposition(samples) };
	};
	const flowJob = `mam-${outcome.job}`;
	if (outcome.dryRun) return [push('dry_run', flowJob, 'dry_run', dryRunSamples(outcome))];

	const success = failures.length === 0 ? successSamples(outcome) : [];
	const groups = [
		push('flow', flowJob, '', flowSamples(outcome)),
		push('success', flowJob, 'success', success),
		push('account', 'mam-account', '', account === null ? [] : accountSamples(account)),
		push('session', 'mam-session', '', sessionSamples(outcome)),
	];
	// An empty PUT would wipe the group, and what it holds is still the newest that is known.
	return groups.filter(({ body }) => body !== '');
}
