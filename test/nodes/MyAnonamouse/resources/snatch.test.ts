import { readTurn } from '../../../../nodes/MyAnonamouse/session/commit';
import { mamCredentials, newSession } from '../../../helpers/mamCredentials';
import { StrictSite } from '../../../helpers/mamSite';
import { runNode } from '../../../helpers/oneNode';

jest.mock('n8n-workflow', () => ({ ...jest.requireActual('n8n-workflow'), sleep: async () => {} }));

function rows(count: number, from = 1) {
	return Array.from({ length: count }, (_, at) => ({ id: from + at, title: 'T', seedtime: 60 }));
}

/** Lists the snatched torrents of a site that answers a page by its number. */
async function list(page: (iteration: number) => object[]) {
	const first = newSession();
	const stored = mamCredentials(first);
	const claims: string[] = [];
	const site = new StrictSite(first, /myanonamouse\.net/).on(
		'/json/loadUserDetailsTorrents.php',
		({ query }) => {
			claims.push(readTurn(stored.myAnonamouseApi).claim);
			return { body: { rows: page(Number(query.get('iteration'))) } };
		},
	);
	const run = await runNode({
		type: 'myAnonamouse',
		parameters: { resource: 'snatch', operation: 'getAll', list: 'sSat' },
		start: { credentials: stored },
	});
	return { ids: run.items('Node').map(({ id }) => id), claims, site };
}

test('all pages are read, each in a turn of its own, so that other processes get theirs', async () => {
	const { ids, claims } = await list((iteration) =>
		rows(iteration < 2 ? 250 : 10, 1 + 250 * iteration),
	);
	expect(ids).toEqual(rows(510).map(({ id }) => id));
	expect(new Set(claims).size).toBe(3);
});

test('a full page that comes again and again ends the list', async () => {
	const { ids, site } = await list(() => rows(250));
	expect(ids).toHaveLength(250);
	expect(site.accepted).toHaveLength(3);
});
