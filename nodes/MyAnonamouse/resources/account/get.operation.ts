import { operation } from '../../../shared/operation';
import { Parameters } from '../../../shared/parameters';
import { fetchAccount } from '../../endpoints/jsonLoad';
import { withMamSession } from '../../session/mamSession';
import { rawItem, simplifyField } from '../simplify';

const SIMPLIFY = simplifyField('the account page of the site with all its counters');

export const get = operation({
	value: 'get',
	name: 'Get',
	action: 'Get account',
	description: 'Get class, ratio, bonus points and unsatisfied torrents',
	changes: false,
	fields: [SIMPLIFY],
	run: {
		async perItem({ itemIndex }) {
			const simplify = new Parameters(this, itemIndex).flag(SIMPLIFY);
			const { account, raw } = await withMamSession(this, itemIndex, fetchAccount);
			return [rawItem(account, simplify ? undefined : raw, itemIndex)];
		},
	},
});
