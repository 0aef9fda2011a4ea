import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCommand } from './command.mts';
import { freePort, Service, waitFor } from './process.mts';

/** Debian keeps each major version in a folder of its own. */
const VERSIONS = '/usr/lib/postgresql';

const SUPERUSER = 'n8n';

/** Whose server it is when this is root, which PostgreSQL refuses to run as. */
const SYSTEM_USER = 'postgres';

/** A real PostgreSQL on loopback. */
export interface Postgresql {
	/** n8n's environment for it. */
	env: Record<string, string>;
	stop(): Promise<void>;
}

/** Folder of the programs of the newest version; undefined when none is installed. */
export function postgresqlBin(): string | undefined {
	if (!existsSync(VERSIONS)) return undefined;
	const versions = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a));
	return versions
		.map((version) => join(VERSIONS, version, 'bin'))
		.find((folder) => existsSync(join(folder, 'initdb')));
}

/** The command line of a program of the server, as a user that may run it. */
function serverCommand(program: string, args: string[]): [string, string[]] {
	const path = join(postgresqlBin() ?? VERSIONS, program);
	if (process.getuid?.() !== 0) return [path, args];
	return [
		'setpriv',
		[`--reuid=${SYSTEM_USER}`, `--regid=${SYSTEM_USER}`, '--clear-groups', path, ...args],
	];
}

async function idOf(kind: '-u' | '-g'): Promise<number> {
	return Number(await runCommand('id', 'id', [kind, SYSTEM_USER]));
}

/** Starts Debian's PostgreSQL with an empty database, in a folder that ends with it. */
export async function startPostgresql(): Promise<Postgresql> {
	const folder = await mkdtemp(join(tmpdir(), 'mam-postgresql-'));
	if (process.getuid?.() === 0) await chown(folder, await idOf('-u'), await idOf('-g'));
	const data = join(folder, 'data');
	const port = String(await freePort());
	const setUp = serverCommand('initdb', ['-D', data, '-A', 'trust', '-U', SUPERUSER]);
	await runCommand('initdb', ...setUp);
	const [command, args] = serverCommand('postgres', [
		...['-D', data, '-h', '127.0.0.1', '-p', port],
		// No socket outside its folder, and a database that need not survive the machine.
		...['-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off'],
	]);
	const service = new Service({ command, args, logFile: join(folder, 'postgresql.log') });
	await waitFor('PostgreSQL', () => {
		if (service.hasEnded) throw new Error(service.logText().slice(-2000));
		return service.logText().includes('ready to accept connections');
	});
	return {
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: port,
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: SUPERUSER,
		},
		stop: async () => {
			await service.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
