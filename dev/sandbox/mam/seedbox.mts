import type { Reply } from './requestGuard.mts';

/** The site registers a new address at most this often. */
const LEAST_MS_BETWEEN_CHANGES = 3_600_000;

/** The address from which the account may announce, as `dynamicSeedbox.php` keeps it. */
export class Seedbox {
	/** Where requests seem to come from: everything on loopback has one address, so it is set here. */
	callerIp = '127.0.0.1';

	registeredIp = '127.0.0.1';

	private changedAt = 0;

	/** `jsonIp.php`: what the site sees of the caller. */
	seen(now: number): Reply {
		return { body: { ...this.origin(), time: now } };
	}

	/** `dynamicSeedbox.php`: registers the caller. */
	register(now: number): Reply {
		if (this.callerIp === this.registeredIp) return this.says(200, 'No change');
		if (now - this.changedAt < LEAST_MS_BETWEEN_CHANGES)
			return this.says(429, 'Last change too recent');
		this.registeredIp = this.callerIp;
		this.changedAt = now;
		return this.says(200, 'Completed');
	}

	/** The body of a refused registration; a value that is not valid is an unknown session here. */
	refusal(text: string, hasCookie: boolean): unknown {
		const isUnknown = text.includes('not signed in');
		const message = isUnknown ? 'Invalid session - Other' : text;
		return this.says(403, hasCookie ? message : 'No Session Cookie').body;
	}

	private says(status: number, msg: string): Reply {
		return { status, body: { Success: status === 200, msg, ...this.origin() } };
	}

	private origin(): { ip: string; ASN: number; AS: string } {
		return { ip: this.callerIp, ASN: 64500, AS: 'Loopback' };
	}
}
