import { join } from 'node:path';

import type { FrameLocator, Locator, Page } from 'playwright-core';

import type { EditorBrowser } from './browser.mts';
import { REPOSITORY } from './packPackage.mts';

/** A row of a node's output: text by column. */
export type TableRow = Record<string, string>;

/** The canvas of a workflow and the node that is open on it. */
export class Canvas {
	private readonly browser: EditorBrowser;

	private readonly page: Page;

	constructor(browser: EditorBrowser) {
		this.browser = browser;
		this.page = browser.page;
	}

	/** An empty workflow. */
	async openNew(): Promise<void> {
		await this.browser.visit('/workflow/new');
		await this.page.getByTestId('canvas-wrapper').waitFor();
	}

	async open(workflowId: string): Promise<void> {
		await this.browser.visit(`/workflow/${workflowId}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
	}

	/** Names of the nodes that the node panel finds, best first. */
	async search(words: string): Promise<string[]> {
		const { page } = this;
		const bar = page.getByTestId('node-creator-search-bar');
		if (!(await bar.isVisible())) await page.getByTestId('node-creator-plus-button').click();
		const found = page.getByTestId('node-creator-item-name');
		const ours = found.filter({ hasText: /MyAnonamouse|qBittorrent|MAM Policy/ }).first();
		// The list follows with a delay, so what an earlier search found has to go first.
		await bar.fill('');
		await ours.waitFor({ state: 'detached' });
		await bar.fill(words);
		await ours.waitFor();
		return await found.allInnerTexts();
	}

	/** Imports a file of workflows/ into a new workflow; returns its id once n8n has saved it. */
	async import(file: string): Promise<string> {
		await this.openNew();
		const { page } = this;
		const [saved] = await Promise.all([
			page.waitForResponse(
				(one) => one.url().endsWith('/rest/workflows') && one.request().method() === 'POST',
			),
			page.getByTestId('workflow-import-input').setInputFiles(join(REPOSITORY, 'workflows', file)),
		]);
		await page.getByTestId('canvas-node').first().waitFor();
		return ((await saved.json()) as { data: { id: string } }).data.id;
	}

	node(name: string): Locator {
		return this.page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`);
	}

	/** Labels of a node's outputs, top to bottom. */
	async outputLabels(name: string): Promise<string[]> {
		return await this.node(name).getByTestId('canvas-node-output-handle').allInnerTexts();
	}

	/** Presses the trigger's own Execute button; returns the execution's id. */
	async execute(trigger: string): Promise<string> {
		await this.node(trigger).hover();
		const [answer] = await Promise.all([
			this.page.waitForResponse((one) => /\/rest\/workflows\/[^/]+\/run/.test(one.url())),
			this.page.getByTestId(`execute-workflow-button-${trigger}`).click(),
		]);
		return ((await answer.json()) as { data: { executionId: string } }).data.executionId;
	}

	/** Opens a node's panel. Notifications, which may lie over the node, are closed. */
	async openNode(name: string): Promise<Locator> {
		const notices = this.page.locator('.el-notification__closeBtn');
		while ((await notices.count()) > 0) {
			await notices.first().click();
			await this.page
				.locator('.el-notification-fade-leave-active')
				.first()
				.waitFor({ state: 'detached' });
		}
		await this.node(name).dblclick();
		const panel = this.page.getByTestId('ndv');
		await panel.waitFor();
		return panel;
	}

	async closeNode(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.page.getByTestId('ndv').waitFor({ state: 'detached' });
	}

	/** Types into a field of the open node, by its name in a saved workflow. */
	async fill(field: string, text: string): Promise<void> {
		await this.page.getByTestId(`parameter-input-${field}`).locator('input').fill(text);
	}

	/** Types into a value of the open *Edit Fields* node. */
	async fillAssignment(name: string, text: string): Promise<void> {
		for (const row of await this.page.getByTestId('assignment').all()) {
			if ((await row.getByTestId('assignment-name').locator('input').inputValue()) === name) {
				await row.getByTestId('assignment-value').locator('input').fill(text);
				return;
			}
		}
		throw new Error(`The open node assigns no "${name}"`);
	}

	/** Whether a text of the open node's output is in the window, without scrolling. */
	async isInWindow(text: string): Promise<boolean> {
		const shown = this.page.getByTestId('output-panel').getByText(text).first();
		const box = await shown.boundingBox();
		const { width, height } = this.page.viewportSize()!;
		return box !== null && box.x + box.width <= width && box.y + box.height <= height;
	}

	/** The output of the open node, as n8n's HTML view shows it. */
	html(): FrameLocator {
		return this.page.getByTestId('output-panel').frameLocator('iframe.__html-display');
	}

	/** The output of the open node, as the table shows it: one of its outputs, if it has several. */
	async table(output?: string): Promise<TableRow[]> {
		const panel = this.page.getByTestId('output-panel');
		if (output !== undefined)
			await panel
				.getByRole('tab', { name: output })
				.or(panel.getByText(`${output} Branch`))
				.first()
				.click();
		await panel.getByTestId('radio-button-table').click();
		const table = panel.locator('table');
		await table.locator('tbody td').first().waitFor();
		const headers = (await table.locator('th').allInnerTexts()).map((text) => text.trim());
		const rows: TableRow[] = [];
		for (const row of await table.locator('tbody tr').all()) {
			const cells = await row.locator('> td').allInnerTexts();
			rows.push(Object.fromEntries(headers.map((header, at) => [header, cells[at] ?? ''])));
		}
		return rows;
	}

	/** Presses Publish and confirms. */
	async publish(): Promise<void> {
		const { page } = this;
		await page.getByTestId('workflow-open-publish-modal-button').click();
		await page.getByTestId('workflow-publish-button').click();
		await page.getByRole('button', { name: 'Got it' }).click();
		await page.getByTestId('workflow-active-version-indicator').waitFor();
	}
}
