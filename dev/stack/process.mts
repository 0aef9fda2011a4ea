import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { http } from '../http.mts';

/** How long a service may take to end before it is killed. */
const STOP_TIMEOUT_MS = 10_000;

/** Processes, and traces of them, that end with this one, in whatever way it ends. */
export const childProcesses = new Set<{ kill(): unknown }>();

function killAll(): void {
	for (const child of childProcesses) child.kill();
}

process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		killAll();
		process.exit(130);
	});
}

/** How a service is started. */
export interface ServiceOptions {
	command: string;
	args: string[];
	env?: NodeJS.ProcessEnv;
	cwd?: string;
	/** File that its output goes to. */
	logFile: string;
}

/** A child process that is always stopped together with this one. */
export class Service {
	readonly logFile: string;

	private readonly child: ChildProcess;

	private ended = false;

	constructor({ command, args, env, cwd, logFile }: ServiceOptions) {
		this.logFile = logFile;
		// A group of its own, so that what it starts is stopped with it.
		this.child = spawn(command, args, {
			env: env ?? process.env,
			cwd,
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		const log = createWriteStream(logFile, { flags: 'a' });
		this.child.stdout?.pipe(log, { end: false });
		this.child.stderr?.pipe(log, { end: false });
		childProcesses.add(this);
		this.child.once('error', (error) => log.write(`${error.message}\n`));
		this.child.once('close', () => {
			this.ended = true;
			childProcesses.delete(this);
			log.end();
		});
	}

	get pid(): number {
		return this.child.pid!;
	}

	get hasEnded(): boolean {
		return this.ended;
	}

	/** The most memory that it has used, in bytes, since its start or {@link forgetPeakMemory}; null where the system does not tell. */
	peakMemoryBytes(): number | null {
		const status = `/proc/${this.child.pid}/status`;
		if (!existsSync(status)) return null;
		const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1];
		return peak === undefined ? null : Number(peak) * 1024;
	}

	/** Resets {@link peakMemoryBytes}. Linux only. */
	forgetPeakMemory(): void {
		// 5 resets the mark VmHWM: see clear_refs in proc(5).
		writeFileSync(`/proc/${this.child.pid}/clear_refs`, '5');
	}

	/** Everything that it has printed. */
	logText(): string {
		return readFileSync(this.logFile, 'utf8');
	}

	/** Asks it to end, and kills it when it does not. */
	async stop(): Promise<void> {
		if (this.ended) return;
		this.signal('SIGTERM');
		const closed = once(this.child, 'close');
		const timer = setTimeout(() => this.kill(), STOP_TIMEOUT_MS);
		await closed;
		clearTimeout(timer);
	}

	kill(): void {
		if (!this.ended) this.signal('SIGKILL');
	}

	private signal(signal: NodeJS.Signals): void {
		try {
			process.kill(-this.child.pid!, signal);
		} catch {
			this.child.kill(signal);
		}
	}
}

/** Polls `condition` until it gives something truthy. A condition that throws is asked again. */
export async function waitFor<T>(
	what: string,
	condition: () => Promise<T> | T,
	timeoutMs = 60_000,
	intervalMs = 100,
): Promise<NonNullable<T>> {
	const deadline = Date.now() + timeoutMs;
	for (let last: unknown; ; ) {
		try {
			const value = await condition();
			if (value) return value;
		} catch (error) {
			last = error;
		}
		if (Date.now() > deadline) {
			throw new Error(`${what} did not happen within ${timeoutMs / 1000} s`, { cause: last });
		}
		await delay(intervalMs);
	}
}

/** Waits until `url` answers with a success; fails at once when the service ends before. */
export async function waitForHttp(
	service: Service,
	url: string,
	timeoutMs = 60_000,
): Promise<void> {
	await waitFor(
		`an answer from ${url}`,
		async () => service.hasEnded || (await http.get(url)).status < 300,
		timeoutMs,
	);
	if (service.hasEnded)
		throw new Error(`The service ended at once:\n${service.logText().slice(-2000)}`);
}

/** Below those that systems give to outgoing connections (Linux: ip_local_port_range), which could take one away. */
const PORTS = [15_000, 32_000] as const;

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = randomInt(...PORTS);
		const server = createServer().listen(port, '127.0.0.1');
		try {
			await once(server, 'listening');
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') continue;
			throw error;
		}
		await new Promise((done) => server.close(done));
		return port;
	}
}
