import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { failure } from '../../../shared/failure';
import { markEmptyOption, withEmptyMarker } from '../../../shared/markEmpty';
import { refusalFacts } from '../../parse/refusal';
import { parseSnatches, type SnatchRecord } from '../../parse/snatch';
import { fetchAccount } from '../../endpoints/account';
import { withMamSession } from '../../session/mamSession';
import { shownFor } from '../../../shared/display';

/** Rows on a full page of the site. */
const ROWS_PER_PAGE = 250;

export const description: INodeProperties[] = shownFor('snatch', 'getAll', [
	{
		displayName:
			'This list is not proven to be part of the documented API of the site. Use it only if its rules allow it to you.',
		name: 'notice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'List',
		name: 'list',
		type: 'options',
		options: [
			{ name: 'Satisfied, Not Seeding', value: 'inactSat' },
			{ name: 'Satisfied, Seeding', value: 'sSat' },
			{ name: 'Unsatisfied', value: 'unsat' },
			{ name: 'Unsatisfied, Not Seeding', value: 'inactUnsat' },
			{ name: 'Unsatisfied, Seeding', value: 'seedUnsat' },
			{ name: 'Uploads, Active', value: 'upAct' },
		],
		default: 'unsat',
		description: 'Which of your snatched torrents to list',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [markEmptyOption],
	},
]);

export async function execute(
	this: IExecuteFunctions,
	itemIndex: number,
): Promise<INodeExecutionData[]> {
	const list = this.getNodeParameter('list', itemIndex) as string;
	const markEmpty = this.getNodeParameter('options.markEmpty', itemIndex, false) === true;
	const snatches = await withMamSession(this, itemIndex, async (session) => {
		const { uid } = await fetchAccount(this, session);
		const rows: SnatchRecord[] = [];
		for (let iteration = 0, more = true; more; iteration++) {
			const cacheTime = Math.floor(Date.now() / 1000);
			const answer = await session.json({
				host: 'cdn',
				path: '/json/loadUserDetailsTorrents.php',
				qs: { uid, iteration, type: list, cacheTime },
			});
			const parsed = parseSnatches(answer);
			if ('unreadable' in parsed) {
				throw failure(this.getNode(), { ...refusalFacts('unknown'), sentence: parsed.unreadable });
			}
			rows.push(...parsed.record.snatches);
			more = parsed.record.size >= ROWS_PER_PAGE;
		}
		return rows;
	});
	const items = snatches.map((snatch) => ({
		json: { ...snatch },
		pairedItem: { item: itemIndex },
	}));
	return withEmptyMarker(items, markEmpty, new Date(), itemIndex);
}
