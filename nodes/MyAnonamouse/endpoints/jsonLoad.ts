import { failure } from '../../shared/failure';
import type { JsonObject } from '../../shared/json';
import type { AccountRecord } from '../../shared/records';
import { parseAccount } from '../parse/account';
import { refusalFacts } from '../parse/refusal';
import type { MamSession } from '../session/mamSession';

/**
 * The account, and the site's own page of it. Stores its class, which decides whether VIP torrents are free.
 * Throws when a figure is missing that money or guards depend on.
 */
export async function fetchAccount(
	session: MamSession,
): Promise<{ account: AccountRecord; raw: JsonObject }> {
	const answer = await session.json({ path: '/jsonLoad.php', qs: { snatch_summary: '' } });
	const parsed = parseAccount(answer, new Date());
	if ('unreadable' in parsed) {
		throw failure(session.node, { ...refusalFacts('unknown'), sentence: parsed.unreadable });
	}
	const { className } = parsed.record;
	await session.commit((current) =>
		current.className === className ? current : { ...current, className },
	);
	return { account: parsed.record, raw: answer as JsonObject };
}
