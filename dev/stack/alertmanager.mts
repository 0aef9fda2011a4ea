import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'yaml';

import { PROGRAMS } from './debian.mts';
import { freePort, Service, waitForHttp } from './process.mts';

/** The part of Alertmanager's configuration that is changed in the copy. */
interface Configuration {
	route: { group_wait: string; group_interval: string };
	receivers: Array<{ webhook_configs: object[] }>;
}

/** A real Alertmanager on loopback. */
export interface Alertmanager {
	url: string;
	stop(): Promise<void>;
}

/**
 * Starts Debian's prometheus-alertmanager with `configuration`, the text of a shipped file, in which only the address of
 * the receiver (older versions read none from a file) and the waiting times are others.
 */
export async function startAlertmanager(
	folder: string,
	configuration: string,
	receiverUrl: string,
): Promise<Alertmanager> {
	const changed = parse(configuration) as Configuration;
	Object.assign(changed.route, { group_wait: '3s', group_interval: '3s' });
	changed.receivers[0].webhook_configs = [{ url: receiverUrl }];
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const file = join(folder, 'alertmanager.yml');
	await mkdir(folder, { recursive: true });
	// JSON is YAML.
	await writeFile(file, JSON.stringify(changed));
	const service = new Service({
		command: PROGRAMS['prometheus-alertmanager'],
		args: [
			`--config.file=${file}`,
			`--storage.path=${join(folder, 'data')}`,
			`--web.listen-address=127.0.0.1:${port}`,
			'--cluster.listen-address=',
		],
		cwd: folder,
		logFile: join(folder, 'alertmanager.log'),
	});
	await waitForHttp(service, `${url}/-/ready`);
	return { url, stop: async () => await service.stop() };
}
