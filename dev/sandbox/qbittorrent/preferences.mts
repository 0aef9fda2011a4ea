import type { FastifyInstance } from 'fastify';

import { formOf } from './form.mts';
import type { Traits } from './versions.mts';

/** A client as it comes: its queue leaves most torrents without announces. */
const DEFAULTS: Record<string, unknown> = {
	queueing_enabled: true,
	max_active_downloads: 3,
	max_active_uploads: 3,
	max_active_torrents: 5,
	dont_count_slow_torrents: false,
	max_ratio_enabled: false,
	max_ratio: -1,
	max_seeding_time_enabled: false,
	max_seeding_time: -1,
	save_path: '/downloads',
	torrent_stop_condition: 'None',
};

/** The preferences of a new client. */
export function defaultPreferences({ otherPreferences }: Traits): Record<string, unknown> {
	return { ...DEFAULTS, ...otherPreferences };
}

/** Adds `app/preferences` and `app/setPreferences` to `app`; the latter accepts anything. */
export function servePreferences(app: FastifyInstance, preferences: Record<string, unknown>): void {
	app.get('/api/v2/app/preferences', async () => preferences);
	app.post('/api/v2/app/setPreferences', async (request) => {
		for (const [name, value] of Object.entries(parsed(formOf(request).get('json')))) {
			if (name in preferences) preferences[name] = value;
		}
		return '';
	});
}

function parsed(text: string | null): Record<string, unknown> {
	try {
		return (JSON.parse(text ?? '{}') ?? {}) as Record<string, unknown>;
	} catch {
		return {};
	}
}
