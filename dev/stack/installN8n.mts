import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { cached } from './cache.mts';
import { runCommand, type Log } from './command.mts';

export const N8N_VERSION = '2.41.1';
/** The Node that runs it, and that packs the package. */
export const NODE_VERSION = '24.21.0';

/** An installed n8n and the Node that runs it. */
export interface InstalledN8n {
	node: string;
	bin: string;
}

/** The npm package that carries Node's binary and headers for this machine. */
function nodePackage(): string {
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	return `node-${platform}-${process.arch}`;
}

function nodeIn(folder: string): string {
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	return join(folder, 'node_modules', nodePackage(), 'bin', binary);
}

async function install(folder: string, log: Log): Promise<void> {
	const nodeFolder = join(folder, 'node_modules', nodePackage());
	await writeFile(join(folder, 'package.json'), '{"private":true}');
	const common = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
	log(`Installing n8n ${N8N_VERSION} into the cache; this takes 3 to 6 minutes, once.`);
	// A dependency's install script downloads from outside npm and would roll everything back.
	await runCommand(
		'Installing n8n',
		'npm',
		[
			'install',
			'--ignore-scripts',
			...common,
			`n8n@${N8N_VERSION}`,
			`${nodePackage()}@${NODE_VERSION}`,
		],
		{ cwd: folder, log },
	);
	await runCommand(
		'Building sqlite3',
		'npm',
		[
			'rebuild',
			'sqlite3',
			'--foreground-scripts',
			// An npmrc that forbids scripts would have nothing built, or end this.
			'--ignore-scripts=false',
			'--strict-allow-scripts=false',
			...common,
		],
		{
			cwd: folder,
			log,
			env: {
				...process.env,
				PATH: `${join(nodeFolder, 'bin')}${delimiter}${process.env.PATH}`,
				// The machine's own npmrc may point at another Node's headers.
				npm_config_nodedir: nodeFolder,
			},
		},
	);
	await runCommand('Loading sqlite3', nodeIn(folder), ['-e', "require('sqlite3')"], {
		cwd: folder,
	});
}

/** Installs n8n once into the cache folder. */
export async function ensureN8n(log: Log): Promise<InstalledN8n> {
	const folder = await cached(
		`n8n-${N8N_VERSION}`,
		async (target) => await install(target, log),
		log,
	);
	return { node: nodeIn(folder), bin: join(folder, 'node_modules', 'n8n', 'bin', 'n8n') };
}
