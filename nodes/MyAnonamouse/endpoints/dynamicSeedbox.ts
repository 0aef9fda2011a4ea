import { failure } from '../../shared/failure';
import { refusalFacts } from '../parse/refusal';
import { parseSeedboxAnswer, parseSeenAddress, type SeedboxAnswer } from '../parse/seedbox';
import type { MamSession } from '../session/mamSession';

/** The public address from which the site sees n8n call; null when it named none. */
export async function fetchSeenAddress(session: MamSession): Promise<string | null> {
	return parseSeenAddress(await session.json({ host: 't', path: '/json/jsonIp.php' }));
}

/** Registers the caller's address as the one of the torrent client. */
export async function registerAddress(session: MamSession): Promise<SeedboxAnswer> {
	const answer = await session.json({ host: 't', path: '/json/dynamicSeedbox.php' });
	const registered = parseSeedboxAnswer(answer);
	if (registered === null) throw failure(session.node, refusalFacts('unknown'));
	return registered;
}
