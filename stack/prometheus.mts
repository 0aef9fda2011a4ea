import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PROGRAMS } from './debian.mts';
import { freePort, Service, waitForHttp } from './process.mts';

/** One series of a query's answer. */
export interface Sample {
	labels: Record<string, string>;
	value: number;
}

/** A real Prometheus on loopback. */
export interface Prometheus {
	url: string;
	/** The instant vector of a PromQL expression; empty while nothing was scraped. */
	query(expression: string): Promise<Sample[]>;
	stop(): Promise<void>;
}

function config(target: string): string {
	const job = {
		job_name: 'pushgateway',
		// The pushed `job` label names the flow, and stays.
		honor_labels: true,
		static_configs: [{ targets: [target] }],
	};
	// JSON is YAML.
	return JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [job] });
}

/** Starts Debian's prometheus, which scrapes the Pushgateway at `pushgatewayUrl` every second. */
export async function startPrometheus(folder: string, pushgatewayUrl: string): Promise<Prometheus> {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const configFile = join(folder, 'prometheus.yml');
	await mkdir(folder, { recursive: true });
	await writeFile(configFile, config(new URL(pushgatewayUrl).host));
	const service = new Service({
		command: PROGRAMS.prometheus,
		args: [
			`--config.file=${configFile}`,
			`--storage.tsdb.path=${join(folder, 'data')}`,
			`--web.listen-address=127.0.0.1:${port}`,
		],
		cwd: folder,
		logFile: join(folder, 'prometheus.log'),
	});
	await waitForHttp(service, `${url}/-/ready`);
	return {
		url,
		query: async (expression) => {
			const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
			if (!answer.ok) throw new Error(`Prometheus refused the query: ${await answer.text()}`);
			const { data } = (await answer.json()) as {
				data: { result: Array<{ metric: Record<string, string>; value: [number, string] }> };
			};
			return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
		},
		stop: async () => await service.stop(),
	};
}
