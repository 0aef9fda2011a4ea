import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { cached } from './cache.mts';
import { runCommand, type Log } from './command.mts';
import { ensurePrograms, PROGRAMS } from './debian.mts';

/** The versions that the nodes are proven on, as Debian packages them. */
export const QBITTORRENT_VERSIONS = ['4.5.2', '5.1.0', '5.3.0'] as const;

export type QbittorrentVersion = (typeof QBITTORRENT_VERSIONS)[number];

/** A command and its first arguments. */
export type Command = [command: string, ...args: string[]];

const RELEASE = 'trixie';
const BACKPORTS = `${RELEASE}-backports`;
const NO_QUESTIONS = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/** The mirror that this machine's own apt uses; throws where there is none. */
async function debianMirror(): Promise<string> {
	const folder = '/etc/apt/sources.list.d';
	const files = (await readdir(folder)).map((name) => join(folder, name));
	for (const file of ['/etc/apt/sources.list', ...files].filter((name) => existsSync(name))) {
		const mirror = /^(?:URIs:|deb(?: \[.*?\])?)\s+(\S+\/debian)\/?(?:\s|$)/m.exec(
			await readFile(file, 'utf8'),
		);
		if (mirror !== null) return mirror[1];
	}
	throw new Error('The apt sources of this machine name no mirror of Debian.');
}

/** A Debian of its own, with the qbittorrent-nox of `RELEASE` in it. */
async function installRelease(folder: string, log: Log): Promise<void> {
	await ensurePrograms(['debootstrap'], log);
	log(`Installing qBittorrent of Debian ${RELEASE} into the cache; this takes a minute, once.`);
	await runCommand(
		'debootstrap',
		PROGRAMS.debootstrap,
		[
			'--variant=minbase',
			'--include=ca-certificates,qbittorrent-nox',
			RELEASE,
			folder,
			await debianMirror(),
		],
		{ env: NO_QUESTIONS, log },
	);
}

/** A copy of the release, with the qbittorrent-nox of its backports. */
async function installBackports(folder: string, log: Log): Promise<void> {
	const install = async (to: string) => await installRelease(to, log);
	const release = await cached('qbittorrent-5.1.0', install, log);
	await runCommand('Copying the release', 'cp', ['-a', `${release}/.`, folder], { log });
	await writeFile(
		join(folder, 'etc', 'apt', 'sources.list.d', 'backports.list'),
		`deb ${await debianMirror()} ${BACKPORTS} main\n`,
	);
	const apt = async (...args: string[]) => {
		const options = { env: NO_QUESTIONS, log };
		await runCommand(`apt-get ${args[0]}`, 'chroot', [folder, 'apt-get', ...args], options);
	};
	await apt('update');
	await apt('install', '-y', '--no-install-recommends', '-t', BACKPORTS, 'qbittorrent-nox');
}

const INSTALLERS = { '5.1.0': installRelease, '5.3.0': installBackports };

/** The program inside of another Debian, run by that one's own loader and libraries: no chroot, no root needed. */
async function commandIn(root: string): Promise<Command> {
	const libraries = (await readdir(join(root, 'usr', 'lib')))
		.filter((name) => name.endsWith('-linux-gnu'))
		.map((name) => join(root, 'usr', 'lib', name));
	const loader = (await readdir(join(root, 'usr', 'lib64'))).find((name) => name.startsWith('ld-'));
	return [
		join(root, 'usr', 'lib64', loader ?? 'ld-linux-x86-64.so.2'),
		'--library-path',
		libraries.flatMap((folder) => [folder, join(folder, 'libproxy')]).join(':'),
		join(root, PROGRAMS['qbittorrent-nox']),
	];
}

async function printedVersion([command, ...args]: Command): Promise<string> {
	const printed = await runCommand('Asking the version', command, [...args, '--version']);
	return /qBittorrent v([\d.]+)/.exec(printed)?.[1] ?? printed;
}

/**
 * How a version of qBittorrent is started, installed into the cache at its first use. Throws when it cannot be
 * had here: no root, no Debian, or a mirror that has another version by now.
 */
export async function qbittorrentCommand(version: QbittorrentVersion, log: Log): Promise<Command> {
	let command: Command = [PROGRAMS['qbittorrent-nox']];
	if (version === '4.5.2') {
		await ensurePrograms(['qbittorrent-nox'], log);
	} else {
		const install = async (folder: string) => await INSTALLERS[version](folder, log);
		command = await commandIn(await cached(`qbittorrent-${version}`, install, log));
	}
	const printed = await printedVersion(command);
	if (printed !== version) throw new Error(`Debian has qBittorrent ${printed} in its place.`);
	return command;
}
