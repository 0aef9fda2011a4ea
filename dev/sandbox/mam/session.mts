import { randomBytes } from 'node:crypto';

/** What a session is made for; anything but `good` is refused with the site's own words. */
export type SessionKind = 'good' | 'ip_lock' | 'asn_lock' | 'session_type';

interface Line {
	kind: SessionKind;
	/** The value that is valid now. */
	current: string;
}

/** Sessions as the site keeps them: each value is valid once, its answer brings the next one. */
export class Sessions {
	accepted = 0;

	/** Requests with a value that was used before, retired or never issued. */
	refused = 0;

	private readonly lines = new Map<string, Line>();

	private latest: Line | null = null;

	/** Whether an answer retires the value that was sent. */
	private readonly strict: boolean;

	constructor(strict: boolean) {
		this.strict = strict;
	}

	/** A fresh value, as made under Preferences > Security. It starts a line of its own. */
	issue(kind: SessionKind = 'good'): string {
		this.latest = { kind, current: newValue() };
		this.lines.set(this.latest.current, this.latest);
		return this.latest.current;
	}

	/** The value of the session made last that is valid now. */
	current(): string {
		return this.latest?.current ?? '';
	}

	/** Retires every value, as when the user deletes the session. */
	retireAll(): void {
		this.lines.clear();
	}

	/** The kind of the session that `value` belongs to; null when it is not valid. */
	check(value: string): SessionKind | null {
		const line = this.lines.get(value);
		if (line === undefined) this.refused += 1;
		else this.accepted += 1;
		return line?.kind ?? null;
	}

	/** The next value of the session; with strict rotation the old one dies at once. */
	rotate(value: string): string {
		const line = this.lines.get(value);
		if (line === undefined) return '';
		if (this.strict) this.lines.delete(value);
		line.current = newValue();
		this.lines.set(line.current, line);
		return line.current;
	}
}

/** Long and escaped like the real ones: it must come back verbatim. */
function newValue(): string {
	return `${randomBytes(60).toString('base64url')}%2B${randomBytes(20).toString('base64url')}%3D%3D`;
}
