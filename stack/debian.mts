import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';

import { runCommand, type Log } from './command.mts';

const POLICY = '/usr/sbin/policy-rc.d';

/** Where Debian's packages put the programs that the stack runs. */
export const PROGRAMS = {
	'qbittorrent-nox': '/usr/bin/qbittorrent-nox',
	'prometheus-pushgateway': '/usr/bin/prometheus-pushgateway',
	prometheus: '/usr/bin/prometheus',
};

export type Program = keyof typeof PROGRAMS;

export function isInstalled(program: Program): boolean {
	return existsSync(PROGRAMS[program]);
}

/**
 * Installs what is missing when this is root on Debian; the packages' own services are not started.
 * Throws with the names to install anywhere else.
 */
export async function ensurePrograms(programs: Program[], log: Log): Promise<void> {
	const missing = programs.filter((program) => !isInstalled(program));
	if (missing.length === 0) return;
	if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
		throw new Error(
			`Not installed: ${missing.join(', ')}. Install them (Debian: apt-get install ${missing.join(' ')}) and run this again.`,
		);
	}
	log(`Installing ${missing.join(', ')} from Debian's packages.`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const hadPolicy = existsSync(POLICY);
	if (!hadPolicy) await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
	try {
		await runCommand('apt-get update', 'apt-get', ['update'], { env, log });
		await runCommand(
			'apt-get install',
			'apt-get',
			['install', '-y', '--no-install-recommends', ...missing],
			{ env, log },
		);
	} finally {
		if (!hadPolicy) await rm(POLICY, { force: true });
	}
}
