import type { IDataObject } from 'n8n-workflow';

import { mamCredentials, newSession } from '../../../helpers/mamCredentials';
import { StrictSite, type SiteAnswer } from '../../../helpers/mamSite';
import { runNode } from '../../../helpers/oneNode';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: async () => {} }));

async function updateIp(
	expectedIp: string,
	answer: SiteAnswer | ((sent: string, next: string) => SiteAnswer),
	simulate = false,
	input: IDataObject[] = [{}],
) {
	const first = newSession();
	let sent = first;
	const site = new StrictSite(first, 'https://t.myanonamouse.net')
		.on('/json/jsonIp.php', () => {
			sent = site.current;
			return { body: { ip: '203.0.113.7', ASN: 64500, AS: 'Example' } };
		})
		.on('/json/dynamicSeedbox.php', () =>
			typeof answer === 'function' ? answer(sent, site.current) : answer,
		);
	const stored = mamCredentials(first);
	const run = await runNode({
		type: 'myAnonamouse',
		parameters: { resource: 'seedbox', operation: 'updateIp', expectedIp, simulate },
		input,
		settings: { onError: 'continueErrorOutput' },
		start: { credentials: stored },
	});
	return { item: run.items('Node')[0], error: run.items('Node', 1)[0], site, stored };
}

test.each([
	[{ body: { Success: true, msg: 'Completed', ip: '203.0.113.7' } }, true],
	[{ body: { Success: true, msg: 'No change', ip: '203.0.113.7' } }, false],
	[{ status: 429, body: { Success: false, msg: 'Last change too recent' } }, false],
])("registers n8n's public address: %p", async (answer, changed) => {
	const { item, stored } = await updateIp('203.0.113.7', answer);
	expect(item).toMatchObject({ changed });
	expect(JSON.parse(stored.myAnonamouseApi.tokenState).pause).toBeNull();
});

test('an answer that echoes the session, the value sent or the next one, is returned without it', async () => {
	const { item } = await updateIp('203.0.113.7', (sent, next) => ({
		body: { Success: true, msg: `Completed for ${sent}, ${decodeURIComponent(next)}` },
	}));
	expect(item.message).toBe('Completed for (hidden), (hidden)');
});

test('nothing is registered when n8n and the client have different addresses', async () => {
	const { error, site } = await updateIp('198.51.100.1', { body: {} });
	expect(error.details).toMatchObject({ cause: 'bad_parameter' });
	expect(site.accepted).toEqual(['/json/jsonIp.php']);
});

test("two items within a minute ask for n8n's address once", async () => {
	const answer = { body: { Success: true, msg: 'No change' } };
	const { site } = await updateIp('203.0.113.7', answer, false, [{}, {}]);
	expect(site.accepted).toEqual([
		'/json/jsonIp.php',
		'/json/dynamicSeedbox.php',
		'/json/dynamicSeedbox.php',
	]);
});

test('simulated: says which address it would register and calls nothing', async () => {
	const { item, site } = await updateIp('203.0.113.7', { body: {} }, true);
	expect(item).toEqual({ expectedIp: '203.0.113.7', simulated: true });
	expect(site.accepted).toEqual([]);
});

test('an address that its expression does not yield is refused before any call', async () => {
	const { error, site } = await updateIp('={{ $json.nothing }}', { body: {} });
	expect(error.details).toMatchObject({ cause: 'bad_parameter' });
	expect(site.accepted).toEqual([]);
});
