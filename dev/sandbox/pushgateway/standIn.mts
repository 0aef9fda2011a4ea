import Fastify from 'fastify';

/** A receiver of pushes for machines without a Pushgateway: it keeps the newest body of each group. */
export interface PushgatewayStandIn {
	url: string;
	/** Bodies by group path, e.g. `/metrics/job/mam-account`. */
	groups: Map<string, string>;
	stop(): Promise<void>;
}

/** Starts it on a free loopback port. */
export async function startPushgatewayStandIn(): Promise<PushgatewayStandIn> {
	const app = Fastify({ forceCloseConnections: true });
	const groups = new Map<string, string>();
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
	app.put('/metrics/job/*', async ({ url, body }) => {
		groups.set(url, String(body));
		return '';
	});
	const url = await app.listen({ port: 0, host: '127.0.0.1' });
	return { url, groups, stop: async () => await app.close() };
}
