import type { INodeProperties } from 'n8n-workflow';

import { markEmptyOption, withEmptyMarker } from '../../../shared/markEmpty';
import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { fetchAccount } from '../../endpoints/jsonLoad';
import { fetchSnatchPage } from '../../endpoints/userDetailsTorrents';
import { withMamSession } from '../../session/mamSession';
import { readPages } from '../pages';

const LIST: INodeProperties = {
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
};

export const getAll = operation({
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many snatched torrents',
	description: 'Get the seed times of your snatched torrents as the tracker counts them',
	changes: false,
	fields: [
		{
			displayName:
				"This list is not known to be part of the site's documented API. Use it only if the site allows you to.",
			name: 'notice',
			type: 'notice',
			default: '',
		},
		LIST,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [markEmptyOption],
		},
	],
	run: {
		async perItem({ itemIndex }) {
			const parameters = new Parameters(this, itemIndex);
			const list = parameters.choice(LIST);
			const markEmpty = parameters.options.flag(markEmptyOption);
			const { account } = await withMamSession(this, itemIndex, fetchAccount);
			const snatches = await readPages(
				async (at) =>
					await withMamSession(
						this,
						itemIndex,
						async (session) => await fetchSnatchPage(session, account.uid, list, at),
					),
			);
			const items = snatches.map((one) => ({ json: { ...one }, pairedItem: { item: itemIndex } }));
			return withEmptyMarker(items, markEmpty, new Date(), itemIndex);
		},
	},
});
