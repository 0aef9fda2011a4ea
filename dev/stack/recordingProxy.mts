import { once } from 'node:events';
import {
	createServer,
	request as httpRequest,
	type IncomingMessage,
	type RequestListener,
	type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** A request that passed the proxy. */
export interface RecordedRequest {
	method: string;
	/** Without the query. */
	path: string;
	/** Body as text; sign-ins are left out. */
	body: string;
}

/** What a request meets instead of being passed on: an answer, or silence. Nothing passes it on. */
export type Interference = { status: number; body: string } | 'silence' | undefined;

/** A reverse proxy on loopback that counts what passes, and interferes on request. */
export interface RecordingProxy {
	url: string;
	requests: RecordedRequest[];
	/** Asked before a request is passed on, which waits for it. */
	interfere: (request: RecordedRequest) => Promise<Interference> | Interference;
	stop(): Promise<void>;
}

/** How the proxy differs from a plain one. */
export interface ProxyOptions {
	/** Speaks https with it. */
	tls?: { key: Buffer; cert: Buffer };
	/** Path below which the upstream is to be found; a web page answers anywhere else. */
	prefix?: string;
	/** What it calls the upstream, instead of the upstream's own host and port. */
	host?: string;
}

const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

function forward(
	upstream: URL,
	{ prefix = '', host = upstream.host }: ProxyOptions,
	incoming: IncomingMessage,
	body: Buffer,
	outgoing: ServerResponse,
): void {
	const headers = Object.fromEntries(
		Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.includes(name)),
	);
	const options = {
		method: incoming.method,
		host: upstream.hostname,
		port: upstream.port,
		path: incoming.url?.slice(prefix.length),
		headers: { ...headers, host, 'content-length': body.length },
	};
	const request = httpRequest(options, (answer) => {
		outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
		// Destroys both when one breaks off.
		pipeline(answer, outgoing, () => {});
	});
	request.on('error', () => outgoing.destroy());
	request.end(body);
}

/** Starts a proxy in front of `upstreamUrl`. */
export async function startRecordingProxy(
	upstreamUrl: string,
	options: ProxyOptions = {},
): Promise<RecordingProxy> {
	const upstream = new URL(upstreamUrl);
	const requests: RecordedRequest[] = [];
	const proxy: RecordingProxy = {
		url: '',
		requests,
		interfere: () => undefined,
		stop: async () => {
			server.closeAllConnections();
			await new Promise<void>((done) => server.close(() => done()));
		},
	};
	const { tls, prefix = '' } = options;
	const listener: RequestListener = async (incoming, outgoing) => {
		const body = await buffer(incoming).catch(() => null);
		// The caller hung up in mid-request.
		if (body === null) return;
		const [path] = (incoming.url ?? '').split('?');
		const isSignIn = path.endsWith('/auth/login');
		const request = {
			method: incoming.method ?? '',
			path,
			body: isSignIn ? '' : body.toString('latin1'),
		};
		requests.push(request);
		const interference = await proxy.interfere(request);
		if (interference === undefined && path.startsWith(prefix)) {
			return forward(upstream, options, incoming, body, outgoing);
		}
		if (interference === 'silence') return;
		const { status, body: page } = interference ?? { status: 200, body: '<html></html>' };
		outgoing.writeHead(status, { 'content-type': 'text/html' });
		outgoing.end(page);
	};
	const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	proxy.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
	return proxy;
}
