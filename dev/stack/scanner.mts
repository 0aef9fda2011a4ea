import { join } from 'node:path';

import { cached } from './cache.mts';
import { runCommand, type Log } from './command.mts';

const VERSION = '0.32.0';

/** What n8n's own scanner says about an unpacked package. */
export interface Scan {
	passed: boolean;
	message?: string;
	details?: string;
}

/** Runs the analysis of `@n8n/scan-community-package` on an unpacked package. */
export async function scanPackage(folder: string, log: Log): Promise<Scan> {
	const install = async (target: string) => {
		const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
		await runCommand(
			'Installing the scanner',
			'npm',
			[...args, '--prefix', target, `@n8n/scan-community-package@${VERSION}`],
			{ log },
		);
	};
	const installed = await cached(`scan-${VERSION}`, install, log);
	const scanner = join(
		installed,
		'node_modules',
		'@n8n',
		'scan-community-package',
		'scanner',
		'scanner.mjs',
	);
	const script = `const { analyzePackage } = await import(${JSON.stringify(scanner)});
		console.log(JSON.stringify(await analyzePackage(${JSON.stringify(folder)})));`;
	const printed = await runCommand('Scanning the package', process.execPath, [
		'--input-type=module',
		'-e',
		script,
	]);
	return JSON.parse(printed.trim().split('\n').at(-1)!) as Scan;
}
