const timers = jest.requireActual<{ setImmediate: (run: () => void) => void }>('node:timers');

interface Event {
	at: number;
	order: number;
	run: () => void;
}

/** Random numbers that are the same for the same seed (mulberry32). */
export class Random {
	constructor(private state: number) {}

	/** From 0 to less than 1. */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	}

	/** A whole number from `min` to `max`. */
	between(min: number, max: number): number {
		return min + Math.floor(this.next() * (max - min + 1));
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}
}

/** Time that passes only between events. The clock (Date) can be set apart from it. */
export class VirtualTime {
	/** Milliseconds since the start; no clock sets it. */
	now = 0;

	private clockOffset = Date.parse('2026-11-27T12:00:00Z');

	private events: Event[] = [];

	private scheduled = 0;

	/** Runs `run` in `ms`. */
	after(ms: number, run: () => void): void {
		this.events.push({ at: this.now + ms, order: this.scheduled++, run });
	}

	async wait(ms: number): Promise<void> {
		await new Promise<void>((resolve) => this.after(ms, resolve));
	}

	/** Sets everybody's clock by `ms`. */
	setClock(ms: number): void {
		this.clockOffset += ms;
		jest.setSystemTime(this.clockOffset + this.now);
	}

	/** Lets time pass until nothing is left to happen, or `isDone`. */
	async run(isDone: () => boolean = () => false): Promise<void> {
		this.setClock(0);
		for (;;) {
			// Everything that needs no time has happened after that.
			await new Promise<void>((resolve) => timers.setImmediate(resolve));
			if (isDone()) return;
			const next = this.events.reduce<Event | null>(
				(first, event) =>
					first === null ||
					event.at < first.at ||
					(event.at === first.at && event.order < first.order)
						? event
						: first,
				null,
			);
			if (next === null) return;
			this.events = this.events.filter((event) => event !== next);
			this.now = next.at;
			this.setClock(0);
			next.run();
		}
	}
}
