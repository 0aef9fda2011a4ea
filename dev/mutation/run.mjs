import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const KINDS = ['decisions', 'parse', 'session'];

const HERE = import.meta.dirname;

/** Runs a program of Node at the root of the repository; ends this process when it fails. */
function run(script, ...args) {
	const { status } = spawnSync(process.execPath, [script, ...args], {
		cwd: join(HERE, '..', '..'),
		stdio: 'inherit',
	});
	if (status !== 0) process.exit(status ?? 1);
}

// StrykerJS is installed on demand: it is large, and wants a newer Node than the package does.
run(process.env.npm_execpath, 'ci', '--prefix', HERE);
const chosen = process.argv.slice(2);
const kinds = chosen.filter((arg) => KINDS.includes(arg));
// Whatever is no kind is for StrykerJS: `--mutate` runs a part.
const options = chosen.filter((arg) => !KINDS.includes(arg));
for (const kind of kinds.length > 0 ? kinds : KINDS) {
	const stryker = join(HERE, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
	run(stryker, 'run', join(HERE, `${kind}.mjs`), ...options);
}
