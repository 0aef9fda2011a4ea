import type { IExecuteFunctions } from 'n8n-workflow';

import { failure } from '../../shared/failure';
import { parseAccount } from '../parse/account';
import { refusalFacts } from '../parse/refusal';
import type { MamSession } from '../session/mamSession';
import type { AccountRecord } from '../../shared/records';

/** Reads the account, and remembers its class for the question which torrents are free. */
export async function fetchAccount(
	context: IExecuteFunctions,
	session: MamSession,
): Promise<AccountRecord> {
	const answer = await session.json({ path: '/jsonLoad.php', qs: { snatch_summary: '' } });
	const parsed = parseAccount(answer, new Date());
	if ('unreadable' in parsed) {
		throw failure(context.getNode(), { ...refusalFacts('unknown'), sentence: parsed.unreadable });
	}
	const { className } = parsed.record;
	await session.commit((current) =>
		current.className === className ? current : { ...current, className },
	);
	return parsed.record;
}
