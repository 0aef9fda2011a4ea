import { sleep } from 'n8n-workflow';

/** Everything but Date stays real: servers, sockets and promises. */
const REAL = [
	'hrtime',
	'nextTick',
	'performance',
	'queueMicrotask',
	'setImmediate',
	'clearImmediate',
	'setInterval',
	'clearInterval',
	'setTimeout',
	'clearTimeout',
] as const;

/** Lets waits pass at once and moves the clock by them. For tests that mock `sleep` of n8n-workflow. */
export class VirtualClock {
	/** All waits, in ms. */
	readonly waits: number[] = [];

	/** Called before a wait passes. */
	onWait: (ms: number) => void = () => {};

	constructor(now = new Date('2026-11-27T12:00:00Z')) {
		jest.useFakeTimers({ now, doNotFake: [...REAL] });
		jest
			.mocked(sleep)
			.mockReset()
			.mockImplementation(async (ms) => {
				this.waits.push(ms);
				this.onWait(ms);
				this.jump(ms);
			});
	}

	/** Sets the clock forward, or back. */
	jump(ms: number): void {
		jest.setSystemTime(Date.now() + ms);
	}
}
