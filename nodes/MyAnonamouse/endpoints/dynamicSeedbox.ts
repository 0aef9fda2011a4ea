import { failure } from '../../shared/failure';
import { refusalFacts } from '../parse/refusal';
import { parseSeedboxAnswer, parseSeenAddress, type SeedboxAnswer } from '../parse/seedbox';
import type { MamSession } from '../session/mamSession';

/** The site answers jsonIp.php once a minute. */
const SEEN_LASTS_MS = 60_000;

/** The addresses that were seen last, by pasted value. */
const seen = new Map<string, { ip: string; at: number }>();

/** The public address from which the site sees n8n call; null when it named none. Asked at most once a minute. */
export async function fetchSeenAddress(session: MamSession): Promise<string | null> {
	const { pastedFingerprint } = await session.state();
	const known = seen.get(pastedFingerprint);
	const age = Date.now() - (known?.at ?? -Infinity);
	if (known !== undefined && age >= 0 && age < SEEN_LASTS_MS) return known.ip;
	const ip = parseSeenAddress(await session.json({ host: 't', path: '/json/jsonIp.php' }));
	if (ip !== null) seen.set(pastedFingerprint, { ip, at: Date.now() });
	return ip;
}

/** Registers the caller's address as the one of the torrent client. */
export async function registerAddress(session: MamSession): Promise<SeedboxAnswer> {
	const answer = await session.json({ host: 't', path: '/json/dynamicSeedbox.php' });
	const registered = parseSeedboxAnswer(answer);
	if (registered === null) throw failure(session.node, refusalFacts('unknown'));
	return registered;
}
