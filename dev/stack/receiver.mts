import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What arrived in one request. */
export interface Received {
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	body: string;
}

/** Takes messages on loopback, as ntfy and other services do. */
export interface Receiver {
	url: string;
	/** Oldest first. */
	received: Received[];
	stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
	const received: Received[] = [];
	const server = createServer((request, response) => {
		void text(request).then((body) => {
			const { method = '', url: path = '', headers } = request;
			received.push({ method, path, headers, body });
			// What n8n's nodes for Telegram and Gotify expect.
			response.setHeader('content-type', 'application/json');
			response.end('{"ok":true,"result":{},"id":1}');
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		received,
		stop: async () => {
			server.closeAllConnections();
			await new Promise<void>((done) => server.close(() => done()));
		},
	};
}
