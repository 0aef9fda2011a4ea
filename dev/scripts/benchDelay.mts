import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A slow connection. */
export interface DelayedWay {
	url: string;
	stop(): Promise<void>;
}

function passOn(from: Socket, to: Socket, delayMs: number): void {
	// Timers of one length fire in order, so that the bytes stay in order.
	from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), delayMs));
	from.on('end', () => setTimeout(() => to.end(), delayMs));
	from.on('error', () => to.destroy());
	from.on('close', () => setTimeout(() => to.destroy(), delayMs));
}

/** A TCP proxy in front of `targetUrl` that holds every byte for `delayMs` in either direction. */
export async function startDelayedWay(targetUrl: string, delayMs: number): Promise<DelayedWay> {
	const { hostname, port } = new URL(targetUrl);
	const sockets = new Set<Socket>();
	const server = createServer({ noDelay: true }, (near) => {
		const far = connect({ host: hostname, port: Number(port), noDelay: true });
		for (const socket of [near, far]) {
			sockets.add(socket);
			socket.on('close', () => sockets.delete(socket));
		}
		passOn(near, far, delayMs);
		passOn(far, near, delayMs);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		stop: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((done) => server.close(() => done()));
		},
	};
}
