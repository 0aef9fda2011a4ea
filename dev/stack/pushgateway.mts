import { join } from 'node:path';

import { http } from '../http.mts';
import { PROGRAMS } from './debian.mts';
import { freePort, Service, waitForHttp } from './process.mts';

/** A real Pushgateway on loopback. */
export interface Pushgateway {
	url: string;
	/** Series with their values as the gateway exposes them, e.g. `mam_ratio{instance="",job="mam-account"}`. */
	series(): Promise<Map<string, number>>;
	/** The value of the one series of `name` whose labels contain `labels`; undefined without one. */
	value(name: string, labels: Record<string, string>): Promise<number | undefined>;
	stop(): Promise<void>;
	/** Starts again after {@link stop}, at the same address and with the numbers that it had. */
	start(): Promise<void>;
}

function parseSeries(text: string): Map<string, number> {
	const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
	return new Map(
		lines.map((line) => {
			const end = line.lastIndexOf(' ');
			return [line.slice(0, end), Number(line.slice(end + 1))];
		}),
	);
}

/** Starts Debian's prometheus-pushgateway. What was pushed is kept in `folder`, over a restart too. */
export async function startPushgateway(folder: string): Promise<Pushgateway> {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	let service: Service;
	const start = async () => {
		service = new Service({
			command: PROGRAMS['prometheus-pushgateway'],
			args: [
				`--web.listen-address=127.0.0.1:${port}`,
				// Debian's default is one file of the machine, from which tests would read what others pushed.
				`--persistence.file=${join(folder, 'pushgateway.data')}`,
			],
			logFile: join(folder, 'pushgateway.log'),
		});
		await waitForHttp(service, `${url}/-/ready`);
	};
	await start();
	const series = async () => parseSeries((await http.get<string>(`${url}/metrics`)).data);
	return {
		url,
		series,
		value: async (name, labels) => {
			const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
			const found = [...(await series())].filter(
				([key]) => key.startsWith(`${name}{`) && wanted.every((label) => key.includes(label)),
			);
			if (found.length > 1)
				throw new Error(`${name} has ${found.length} series for ${wanted.join()}`);
			return found[0]?.[1];
		},
		stop: async () => await service.stop(),
		start,
	};
}
