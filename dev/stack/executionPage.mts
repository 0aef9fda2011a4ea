import type { Page } from 'playwright-core';

import type { EditorBrowser } from './browser.mts';

/** The page of one execution in n8n's history. */
export class ExecutionPage {
	private readonly browser: EditorBrowser;

	private readonly page: Page;

	constructor(browser: EditorBrowser) {
		this.browser = browser;
		this.page = browser.page;
	}

	/** Opens it from the workflow's list of executions. */
	async open(workflowId: string, executionId: string): Promise<void> {
		await this.browser.visit(`/workflow/${workflowId}/executions`);
		await this.page.getByTestId(`execution-details-${executionId}`).click();
		await this.page.getByTestId(`execution-preview-details-${executionId}`).waitFor();
		await this.page.getByTestId('canvas-node').first().waitFor();
	}

	/** What the nodes noted on the execution: its panel is opened, and shows names and values. */
	async notes(): Promise<string> {
		await this.page.getByTestId('execution-preview-ellipsis-button').click();
		const panel = this.page.getByTestId('execution-annotation-panel');
		await panel.waitFor({ state: 'visible' });
		return await panel.innerText();
	}
}
