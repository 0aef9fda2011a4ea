import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { runCommand } from './command.mts';
import type { InstalledN8n } from './installN8n.mts';
import { freePort, Service, waitForHttp } from './process.mts';

/** Everything that would call out, or ask the user something, is off. */
const QUIET = [
	'N8N_DIAGNOSTICS_ENABLED',
	'N8N_VERSION_NOTIFICATIONS_ENABLED',
	'N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED',
	'N8N_TEMPLATES_ENABLED',
	'N8N_PERSONALIZATION_ENABLED',
	'N8N_HIRING_BANNER_ENABLED',
	'N8N_DYNAMIC_BANNERS_ENABLED',
	'N8N_VERIFIED_PACKAGES_ENABLED',
	'N8N_REINSTALL_MISSING_PACKAGES',
	'N8N_LICENSE_AUTO_RENEW_ENABLED',
	'N8N_SECURE_COOKIE',
];

/** Settings of another n8n on this machine, of its Node, or of the way out, which would lead away from loopback. */
const NOT_INHERITED = /^(N8N|DB|EXECUTIONS|QUEUE|CREDENTIALS|WEBHOOK|NODES?)_|_proxy$/i;

/** How n8n is started. */
export interface N8nOptions {
	installed: InstalledN8n;
	/** Home of its database; kept between restarts. */
	userFolder: string;
	/** The packed package to install as a community package. */
	tarball?: string;
	port?: number;
	env?: Record<string, string>;
	/** Runs as a worker of the queue that `env` names, instead of with the editor. */
	worker?: boolean;
	/** What credentials are encrypted with: the same for all processes on one database. */
	encryptionKey?: string;
}

/** A real n8n on loopback. */
export class N8n {
	url = '';

	private service!: Service;

	private port = 0;

	private readonly options: N8nOptions;

	readonly encryptionKey: string;

	constructor(options: N8nOptions) {
		this.options = options;
		this.encryptionKey = options.encryptionKey ?? randomBytes(16).toString('hex');
	}

	/** Installs the package and starts; ready when the editor can be used. */
	async start(): Promise<void> {
		const { userFolder, tarball } = this.options;
		await mkdir(userFolder, { recursive: true });
		if (tarball !== undefined) await this.installPackage(tarball);
		this.port = this.options.port ?? (await freePort());
		await this.launch();
	}

	/** Starts again after {@link stop} or {@link kill}, on the same data and port. */
	async launch(): Promise<void> {
		const { installed, userFolder } = this.options;
		this.url = `http://127.0.0.1:${this.port}`;
		this.service = new Service({
			command: installed.node,
			args: [installed.bin, this.options.worker ? 'worker' : 'start'],
			env: await this.environment(this.port),
			cwd: userFolder,
			logFile: join(userFolder, 'n8n.log'),
		});
		await waitForHttp(this.service, `${this.url}/healthz/readiness`, 180_000);
	}

	async stop(): Promise<void> {
		await this.service.stop();
	}

	/** Ends it without any warning. */
	async kill(): Promise<void> {
		this.service.kill();
		await this.service.stop();
	}

	/** Its process, for as long as it runs. */
	get pid(): number {
		return this.service.pid;
	}

	logText(): string {
		return this.service.logText();
	}

	/** As {@link Service.peakMemoryBytes}. */
	peakMemoryBytes(): number | null {
		return this.service.peakMemoryBytes();
	}

	/** As {@link Service.forgetPeakMemory}. */
	forgetPeakMemory(): void {
		this.service.forgetPeakMemory();
	}

	/** Runs n8n's command line on the same data, e.g. `import:workflow --separate --input=…`. */
	async cli(args: string[]): Promise<string> {
		const { installed, userFolder } = this.options;
		const env = await this.environment(await freePort());
		return await runCommand(`n8n ${args[0]}`, installed.node, [installed.bin, ...args], {
			cwd: userFolder,
			env,
		});
	}

	/** What a workflow remembers (its static data), as it is stored. */
	memory(workflowId: string): Record<string, unknown> {
		return this.inDatabase((database) => {
			const row = database
				.prepare('SELECT staticData FROM workflow_entity WHERE id = ?')
				.get(workflowId);
			const { global = {} } = JSON.parse(String(row?.staticData ?? '{}')) as {
				global?: Record<string, unknown>;
			};
			return global;
		});
	}

	/**
	 * Changes what a workflow remembers, which n8n's own calls cannot, e.g. to make it older. Its next publication
	 * reads it.
	 */
	changeMemory(
		workflowId: string,
		change: (memory: Record<string, unknown>) => Record<string, unknown>,
	): void {
		const changed = JSON.stringify(change(this.memory(workflowId)));
		const global = "json_set(COALESCE(staticData, '{}'), '$.global', json(?))";
		this.inDatabase((database) =>
			database
				.prepare(`UPDATE workflow_entity SET staticData = ${global} WHERE id = ?`)
				.run(changed, workflowId),
		);
	}

	private inDatabase<T>(use: (database: DatabaseSync) => T): T {
		const file = join(this.options.userFolder, '.n8n', 'database.sqlite');
		const database = new DatabaseSync(file, { timeout: 10_000 });
		try {
			return use(database);
		} finally {
			database.close();
		}
	}

	/** Puts a community package where n8n finds it at its next start. */
	async installPackage(tarball: string, name = 'n8n-nodes-myanonamouse'): Promise<void> {
		const folder = join(this.options.userFolder, '.n8n', 'nodes', 'node_modules', name);
		await mkdir(folder, { recursive: true });
		await runCommand('Unpacking the package', 'tar', [
			'-xzf',
			tarball,
			'-C',
			folder,
			'--strip-components=1',
		]);
	}

	private async environment(port: number): Promise<NodeJS.ProcessEnv> {
		const { installed, userFolder, env } = this.options;
		const inherited = Object.fromEntries(
			Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name)),
		);
		return {
			...inherited,
			...Object.fromEntries(QUIET.map((name) => [name, 'false'])),
			PATH: `${dirname(installed.node)}${delimiter}${process.env.PATH}`,
			N8N_DISABLED_MODULES: 'mcp-registry',
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
			N8N_PORT: String(port),
			// A worker answers no requests but those for its health.
			QUEUE_HEALTH_CHECK_ACTIVE: String(this.options.worker ?? false),
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			N8N_USER_FOLDER: userFolder,
			N8N_ENCRYPTION_KEY: this.encryptionKey,
			GENERIC_TIMEZONE: 'UTC',
			...env,
		};
	}
}
