import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { runCommand, type Log } from './command.mts';

export const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Builds and packs the package as it would be published; returns the tarball. */
export async function packPackage(folder: string, log: Log): Promise<string> {
	const options = { cwd: REPOSITORY, log };
	await runCommand('Building the package', 'npm', ['run', 'build'], options);
	await mkdir(folder, { recursive: true });
	const printed = await runCommand(
		'Packing the package',
		'npm',
		['pack', '--json', '--pack-destination', folder],
		options,
	);
	const [{ filename }] = JSON.parse(printed.slice(printed.indexOf('['))) as Array<{
		filename: string;
	}>;
	return join(folder, filename);
}
