import { mamCredentials, newSession, storeElsewhere } from '../../../helpers/mamCredentials';
import { StrictSite } from '../../../helpers/mamSite';
import { runNode } from '../../../helpers/oneNode';
import { VirtualClock } from '../../../helpers/virtualClock';
import type { TokenState } from '../../../../nodes/MyAnonamouse/session/tokenState';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: jest.fn() }));

let clock: VirtualClock;

beforeEach(() => {
	clock = new VirtualClock();
});

afterEach(() => {
	jest.useRealTimers();
});

/** Two reads of the account; while the run waits between them, another process stores what `change` makes. */
async function readTwice(change: (site: StrictSite) => Partial<TokenState>) {
	const first = newSession();
	const site = new StrictSite(first);
	const stored = mamCredentials(first);
	stored.myAnonamouseApi.requestIntervalSeconds = 300;
	clock.onWait = (ms) => {
		// The wait of the second call, before it claims its turn.
		if (ms > 100_000) storeElsewhere(stored, change(site));
	};
	const run = await runNode({
		type: 'myAnonamouse',
		parameters: { resource: 'account', operation: 'get' },
		input: [{}, {}],
		settings: { onError: 'continueErrorOutput' },
		start: { credentials: stored },
	});
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
