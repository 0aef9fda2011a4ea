// Writes the alerts as an object of the Prometheus operator: npm run prometheus-rule.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse, stringify } from 'yaml';

import { REPOSITORY } from '../stack/packPackage.mts';

const MONITORING = join(REPOSITORY, 'deploy', 'monitoring');
export const PROMETHEUS_RULE = join(MONITORING, 'prometheus-rule.yaml');

const COMMENT = '# Written by `npm run prometheus-rule` from alerts.yml.\n';

/** prometheus-rule.yaml as it must be. */
export async function prometheusRule(): Promise<string> {
	const { groups } = parse(await readFile(join(MONITORING, 'alerts.yml'), 'utf8')) as {
		groups: unknown[];
	};
	const rule = {
		apiVersion: 'monitoring.coreos.com/v1',
		kind: 'PrometheusRule',
		// kube-prometheus-stack loads the rules that have its release's label.
		metadata: { name: 'mam', labels: { release: 'kube-prometheus-stack' } },
		spec: { groups },
	};
	return COMMENT + stringify(rule, { lineWidth: 0, singleQuote: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await writeFile(PROMETHEUS_RULE, await prometheusRule());
}
