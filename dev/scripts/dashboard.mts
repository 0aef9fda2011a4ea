import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
	DashboardBuilder,
	DashboardCursorSync,
	DashboardLinkBuilder,
	DashboardLinkType,
	DatasourceVariableBuilder,
	QueryVariableBuilder,
	RowBuilder,
	type Dashboard,
	type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import { format, resolveConfig } from 'prettier';

import { REPOSITORY } from '../stack/packPackage.mts';
import { client } from './dashboard/client.mts';
import { flows } from './dashboard/flows.mts';
import { grabber } from './dashboard/grabber.mts';
import { janitor } from './dashboard/janitor.mts';
import { profile } from './dashboard/profile.mts';
import { spender } from './dashboard/spender.mts';

export const DASHBOARD = join(REPOSITORY, 'deploy', 'monitoring', 'dashboard.json');

const ROWS = [profile, flows, grabber, janitor, spender, client];

async function builder(): Promise<DashboardBuilder> {
	const { homepage } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8')) as {
		homepage: string;
	};
	const runbook = new DashboardLinkBuilder('Runbook')
		.type(DashboardLinkType.Link)
		.url(`${homepage}/blob/main/docs/runbook.md`)
		.targetBlank(true);
	const source = new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus');
	// Without instances the label is missing, which only the value of All matches.
	const instance = new QueryVariableBuilder('instance')
		.label('Instance')
		.datasource({ type: 'prometheus', uid: '${datasource}' })
		.query('label_values(push_time_seconds{job=~"mam-.+"}, instance)')
		.multi(true)
		.includeAll(true)
		.allValue('.*')
		.current({ text: 'All', value: '$__all' });
	const dashboard = new DashboardBuilder('MyAnonamouse')
		.uid('myanonamouse')
		.description('The account, the flows that look after it, and qBittorrent.')
		.tags(['myanonamouse', 'qbittorrent'])
		.time({ from: 'now-7d', to: 'now' })
		.refresh('5m')
		.tooltip(DashboardCursorSync.Crosshair)
		.link(runbook)
		.withVariable(source)
		.withVariable(instance);
	let id = 0;
	for (const { title, panels } of ROWS) {
		dashboard.withRow(new RowBuilder(title).id(++id));
		for (const panel of panels) {
			panel.id(++id);
			dashboard.withPanel(panel);
		}
	}
	return dashboard;
}

/** deploy/monitoring/dashboard.json as it must be. */
export async function dashboardText(): Promise<string> {
	const config = await resolveConfig(DASHBOARD);
	const json = JSON.stringify((await builder()).build());
	return await format(json, { ...config, parser: 'json' });
}

/** The PromQL expressions of the dashboard, with the panel that each belongs to. */
export async function dashboardQueries(): Promise<Array<{ panel: string; expression: string }>> {
	const { panels = [] } = JSON.parse(await readFile(DASHBOARD, 'utf8')) as Dashboard;
	return (panels as Panel[]).flatMap(({ title = '', targets = [] }) =>
		targets.map((target) => ({ panel: title, expression: (target as Dataquery).expr })),
	);
}

if (import.meta.main) await writeFile(DASHBOARD, await dashboardText());
