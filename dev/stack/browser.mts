import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium, selectors, type Browser, type Page, type Route } from 'playwright-core';

import type { Log } from './command.mts';
import { ensurePrograms, PROGRAMS } from './debian.mts';
import { OWNER } from './n8nApi.mts';
import { REPOSITORY } from './packPackage.mts';

// n8n marks its elements with this attribute.
selectors.setTestIdAttribute('data-test-id');

/** For anything that should appear on a page. */
const TIMEOUT_MS = 30_000;

/** Set in the page when something that came as data is executed. */
const TRIPPED = 'hostileTextWasExecuted';

/** JavaScript that trips the wire of {@link EditorBrowser.tripped}. */
export const TRIP = `window.${TRIPPED}=true`;

/** How the browser is started. */
export interface BrowserOptions {
	/** Pixels of the window. */
	window?: { width: number; height: number };
	/** Physical pixels of a pixel. */
	scale?: number;
	/**
	 * Shows the editor as it is once a Community edition was registered (free, but over the internet): with what
	 * nodes noted on an execution, which n8n keeps and sends in either case.
	 */
	registered?: boolean;
	/** Subfolder of `artefacts/`, which git ignores. */
	screenshots: string;
	log: Log;
}

async function register(route: Route): Promise<void> {
	const response = await route.fetch();
	const json = (await response.json()) as { data: { enterprise: Record<string, boolean> } };
	json.data.enterprise.advancedExecutionFilters = true;
	await route.fulfill({ response, json });
}

/** A real Chromium, signed in to a real n8n. */
export class EditorBrowser {
	readonly page: Page;

	/** Address of n8n. */
	readonly url: string;

	/** What n8n has sent to the page: its pages, answers and messages. */
	readonly received: string[] = [];

	private readonly browser: Browser;

	private readonly screenshots: string;

	private constructor(browser: Browser, page: Page, url: string, screenshots: string) {
		this.browser = browser;
		this.page = page;
		this.url = url;
		this.screenshots = screenshots;
		page.on('response', (answer) => {
			if (new URL(answer.url()).pathname.startsWith('/rest/'))
				answer.text().then(
					(text) => this.received.push(text),
					() => {},
				);
		});
		page.on('websocket', (socket) =>
			socket.on('framereceived', ({ payload }) => this.received.push(String(payload))),
		);
	}

	/** Starts Debian's Chromium, which reaches loopback only, and signs in as the owner. */
	static async open(url: string, options: BrowserOptions): Promise<EditorBrowser> {
		await ensurePrograms(['chromium'], options.log);
		const browser = await chromium.launch({
			executablePath: PROGRAMS.chromium,
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-background-networking',
				'--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
			],
		});
		try {
			const page = await browser.newPage({
				viewport: options.window ?? { width: 1440, height: 900 },
				deviceScaleFactor: options.scale,
				colorScheme: 'light',
				reducedMotion: 'reduce',
			});
			page.setDefaultTimeout(TIMEOUT_MS);
			if (options.registered) await page.route('**/rest/settings', register);
			const screenshots = join(REPOSITORY, 'artefacts', options.screenshots);
			const editor = new EditorBrowser(browser, page, url, screenshots);
			await editor.signIn();
			return editor;
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	/** Opens a page of n8n, e.g. `/home/credentials`. */
	async visit(path: string): Promise<void> {
		await this.page.goto(this.url + path);
	}

	/** Whether {@link TRIP} was executed on the page. */
	async tripped(): Promise<boolean> {
		return await this.page.evaluate(`'${TRIPPED}' in window`);
	}

	/** Keeps a picture of the window as an artefact. */
	async screenshot(name: string): Promise<void> {
		await mkdir(this.screenshots, { recursive: true });
		const file = name.replace(/[^\w-]+/g, '-').slice(0, 80);
		await this.page.screenshot({ path: join(this.screenshots, `${file}.png`) });
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	private async signIn(): Promise<void> {
		await this.visit('/signin');
		const { page } = this;
		await page.locator('input[name=emailOrLdapLoginId]').fill(OWNER.email);
		await page.locator('input[name=password]').fill(OWNER.password);
		await page.getByTestId('form-submit-button').click();
		await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
	}
}
