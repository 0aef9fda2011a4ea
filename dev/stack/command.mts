import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

import { childProcesses } from './process.mts';

/** Prints what is happening. */
export type Log = (line: string) => void;

const PROGRESS_EVERY_MS = 15_000;

/**
 * Runs a command to its end and returns what it printed. `what` is logged with the seconds that passed while
 * it runs. Throws with the end of its output when it fails.
 */
export async function runCommand(
	what: string,
	command: string,
	args: string[],
	options: { cwd?: string; env?: NodeJS.ProcessEnv; log?: Log } = {},
): Promise<string> {
	const { cwd, env = process.env, log = () => {} } = options;
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
	childProcesses.add(child);
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk) => (output += String(chunk)));
	}
	const timer = setInterval(() => log(`${what} … ${seconds()} s`), PROGRESS_EVERY_MS);
	const code = await new Promise<number | null>((done) => {
		child.once('error', (error) => {
			output += error.message;
			done(null);
		});
		child.once('close', done);
	});
	childProcesses.delete(child);
	clearInterval(timer);
	if (code !== 0)
		throw new Error(`${what} failed:\n${stripVTControlCharacters(output).slice(-3000)}`);
	return output;
}
