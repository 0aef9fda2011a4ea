import type { MainData } from '../parse/torrentEvents';
import type { Client } from './client';

/** Where the last answer of `sync/maindata` left off. */
export interface Position {
	/** qBittorrent's number of the answer; 0 asks for everything. */
	rid: number;
	/** The session that it belongs to: another one starts its own count. */
	session: string | null;
}

/** What changed since `position`, or everything when qBittorrent no longer knows it; with the position to continue from. */
export async function fetchMainData(
	client: Client,
	position: Position,
): Promise<{ answer: MainData; position: Position }> {
	const path = 'sync/maindata';
	const session = await client.session();
	const isOwn = session !== null && session === position.session;
	// Where another reader of the session can take our number, only everything is complete.
	const rid = isOwn && client.capabilities.numbersAnswers ? position.rid : 0;
	const answer = await client.json<MainData | null>(path, { rid });
	if (typeof answer?.rid !== 'number') {
		throw client.failure({
			cause: 'unknown',
			sentence: `qBittorrent answered ${path} with something other than its state.`,
			action: 'Check whether a proxy in front of qBittorrent changes its answers.',
		});
	}
	// A full answer says so; one to rid 0 is full in any case.
	const full = answer.full_update === true || rid === 0;
	return { answer: { ...answer, full_update: full }, position: { rid: answer.rid, session } };
}
