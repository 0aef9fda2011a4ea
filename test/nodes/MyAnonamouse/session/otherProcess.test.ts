import { sleep } from 'n8n-workflow';

import { mamCredentials, newSession } from '../../../helpers/mamCredentials';
import { StrictSite } from '../../../helpers/mamSite';
import { runNode } from '../../../helpers/oneNode';
import {
	readTokenState,
	writeTokenState,
	type TokenState,
} from '../../../../nodes/MyAnonamouse/session/tokenState';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: jest.fn() }));

const waits = jest.mocked(sleep);

/** Two reads of the account; while the run waits between them, another process stores what `change` makes. */
async function readTwice(change: (site: StrictSite, state: TokenState) => Partial<TokenState>) {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	stored.myAnonamouseApi.requestIntervalSeconds = 3600;
	waits.mockReset().mockImplementationOnce(async () => {
		const state = readTokenState(stored.myAnonamouseApi);
		stored.myAnonamouseApi.tokenState = writeTokenState({ ...state, ...change(site, state) });
	});
	const run = await runNode({
		type: 'myAnonamouse',
		parameters: { resource: 'account', operation: 'get' },
		input: [{}, {}],
		settings: { onError: 'continueErrorOutput' },
		start: { credentials: stored },
	});
	expect(waits).toHaveBeenCalledTimes(1);
	return { site, run };
}

test('a session that another process rotates during the interval is used in its newest value', async () => {
	const { site, run } = await readTwice((open) => ({ session: (open.current = 'rotated-there') }));
	expect(run.items('Node')).toHaveLength(2);
	expect(site.accepted).toHaveLength(2);
	expect(site.refused).toEqual([]);
});

test('a pause that another process stores during the interval is kept: no further call', async () => {
	const until = new Date(Date.now() + 1_800_000).toISOString();
	const { site, run } = await readTwice(() => ({ pause: { cause: 'rate_limited', until } }));
	expect(run.items('Node', 1)[0].details).toMatchObject({ cause: 'rate_limited', until });
	expect(site.accepted).toHaveLength(1);
	expect(site.refused).toEqual([]);
});
