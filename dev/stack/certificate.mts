import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runCommand, type Log } from './command.mts';
import { ensurePrograms, PROGRAMS } from './debian.mts';

/** Makes a key and a certificate that nobody but itself has signed, for 127.0.0.1. */
export async function selfSigned(folder: string, log: Log): Promise<{ key: Buffer; cert: Buffer }> {
	await ensurePrograms(['openssl'], log);
	const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
	await runCommand('Making a certificate', PROGRAMS.openssl, [
		...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
		...['-days', '2', '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', cert],
	]);
	return { key: await readFile(key), cert: await readFile(cert) };
}
