import type { Locator, Page, Request } from 'playwright-core';

import type { EditorBrowser } from './browser.mts';

/** What the dialog says about the connection. */
export interface TestOutcome {
	ok: boolean;
	/** Why it is red, as the dialog shows it; '' when it is green. */
	text: string;
}

/** The dialog in which a credential is made and edited. */
export class CredentialDialog {
	readonly dialog: Locator;

	private readonly page: Page;

	private constructor(page: Page) {
		this.page = page;
		this.dialog = page.getByTestId('editCredential-modal');
	}

	/** Opens an empty form for a type, e.g. `MyAnonamouse API`. */
	static async create(browser: EditorBrowser, type: string): Promise<CredentialDialog> {
		const { page } = browser;
		await browser.visit('/home/credentials');
		await page.getByTestId('add-resource-credential').click();
		await page.getByTestId('new-credential-type-select').locator('input').fill(type);
		await page
			.getByTestId('new-credential-type-select-option')
			.getByText(type, { exact: true })
			.click();
		await page.getByTestId('new-credential-type-button').click();
		const opened = new CredentialDialog(page);
		await opened.dialog.waitFor();
		return opened;
	}

	/** Opens a saved credential by its name, which tests it. */
	static async open(
		browser: EditorBrowser,
		name: string,
	): Promise<{ dialog: CredentialDialog; outcome: TestOutcome }> {
		await browser.visit('/home/credentials');
		const dialog = new CredentialDialog(browser.page);
		const card = browser.page.getByTestId('resources-list-item').filter({ hasText: name });
		return { dialog, outcome: await dialog.tested(async () => await card.click()) };
	}

	/** Types into fields, by their names in the credential. */
	async fill(fields: Record<string, string>): Promise<void> {
		for (const [name, value] of Object.entries(fields)) await this.field(name).fill(value);
	}

	/** Saves, which tests. */
	async save(): Promise<TestOutcome> {
		return await this.tested(
			async () => await this.press(this.dialog.getByTestId('credential-save-button')),
		);
	}

	/** Presses the button that tests once more. */
	async retry(): Promise<TestOutcome> {
		return await this.tested(
			async () => await this.press(this.dialog.getByRole('button', { name: 'Retry' })),
		);
	}

	/** What stands in a field; dots on the screen are no secret to this. */
	async value(name: string): Promise<string> {
		return await this.field(name).inputValue();
	}

	async close(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await this.dialog.waitFor({ state: 'detached' });
	}

	private field(name: string): Locator {
		return this.dialog.getByTestId(`parameter-input-${name}`).locator('input');
	}

	/** Presses a button until n8n sends something: right after an answer the editor may miss a click. */
	private async press(button: Locator): Promise<void> {
		const isSent = (one: Request) =>
			one.method() !== 'GET' && one.url().includes('/rest/credentials');
		for (let wasSent = false; !wasSent; ) {
			const request = this.page.waitForRequest(isSent, { timeout: 5000 }).then(
				() => true,
				() => false,
			);
			await button.click();
			wasSent = await request;
		}
	}

	/** Does what makes n8n test the credential, and reads what the dialog then says. */
	private async tested(act: () => Promise<void>): Promise<TestOutcome> {
		const [answer] = await Promise.all([
			this.page.waitForResponse((one) => one.url().endsWith('/rest/credentials/test')),
			act(),
		]);
		const { data } = (await answer.json()) as { data: { status: string; message: string } };
		if (data.status === 'OK') {
			await this.dialog.getByTestId('credentials-config-container-test-success').waitFor();
			return { ok: true, text: '' };
		}
		const text = this.dialog.getByText(data.message, { exact: true });
		const more = this.dialog.getByText('More details');
		await text.or(more).first().waitFor();
		if (await more.isVisible()) await more.click();
		return { ok: false, text: await text.innerText() };
	}
}
