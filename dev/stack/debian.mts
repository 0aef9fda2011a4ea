import { existsSync, rmSync, writeFileSync } from 'node:fs';

import { runCommand, type Log } from './command.mts';
import { childProcesses } from './process.mts';

/** Debian asks this script whether a package may start its service; 101 is no. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Where Debian's packages put the programs that the stack runs, and the one that installs another Debian. */
export const PROGRAMS = {
	'qbittorrent-nox': '/usr/bin/qbittorrent-nox',
	'prometheus-pushgateway': '/usr/bin/prometheus-pushgateway',
	prometheus: '/usr/bin/prometheus',
	'prometheus-alertmanager': '/usr/bin/prometheus-alertmanager',
	debootstrap: '/usr/sbin/debootstrap',
	'redis-server': '/usr/bin/redis-server',
	chromium: '/usr/bin/chromium',
	openssl: '/usr/bin/openssl',
	// Its own programs lie in a folder of their version; this one is common to all.
	postgresql: '/usr/bin/pg_ctlcluster',
};

export type Program = keyof typeof PROGRAMS;

export function isInstalled(program: Program): boolean {
	return existsSync(PROGRAMS[program]);
}

/** Prevents packages from starting services until the returned function is called, or this process ends. */
function forbidServices(): () => void {
	if (existsSync(POLICY)) return () => {};
	writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
	const policy = { kill: () => rmSync(POLICY, { force: true }) };
	childProcesses.add(policy);
	return () => {
		childProcesses.delete(policy);
		policy.kill();
	};
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
	const allowServices = forbidServices();
	try {
		await runCommand('apt-get update', 'apt-get', ['update'], { env, log });
		await runCommand(
			'apt-get install',
			'apt-get',
			['install', '-y', '--no-install-recommends', ...missing],
			{ env, log },
		);
	} finally {
		allowServices();
	}
}
