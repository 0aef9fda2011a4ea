import { join } from 'node:path';

import { PROGRAMS } from './debian.mts';
import { freePort, Service, waitFor } from './process.mts';

/** A real Redis on loopback. */
export interface Redis {
	/** n8n's environment for it as its queue. */
	env: Record<string, string>;
	stop(): Promise<void>;
}

/** Starts Debian's redis-server, which keeps nothing on disk. */
export async function startRedis(folder: string): Promise<Redis> {
	const port = String(await freePort());
	const service = new Service({
		command: PROGRAMS['redis-server'],
		args: ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', folder],
		logFile: join(folder, 'redis.log'),
	});
	await waitFor('Redis', () => {
		if (service.hasEnded) throw new Error(service.logText().slice(-2000));
		return service.logText().includes('Ready to accept connections');
	});
	return {
		env: {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: port,
		},
		stop: async () => await service.stop(),
	};
}
