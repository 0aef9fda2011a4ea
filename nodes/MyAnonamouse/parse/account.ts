import { asCount, asIsoTime, asNumber, asRecord, asText, type Parsed } from './values';
import type { AccountRecord } from '../../shared/records';

/** Codes of `mam_class_code`, as the dashboards of an earlier system have them. */
const CLASS_CODES = new Map([
	['Mouse', 0],
	['Vole', 1],
	['User', 2],
	['Power User', 3],
	['Elite', 4],
	['Torrent Master', 5],
	['Power TM', 6],
	['Elite TM', 7],
	['VIP', 8],
]);

/** Classes for which VIP torrents are free. */
const VIP_CLASSES = ['VIP', 'Elite VIP'];

/** Whether VIP torrents are free for an account; its VIP may have ended since the class was set. */
export function makesVipFree(
	{ className, vipUntil }: Pick<AccountRecord, 'className' | 'vipUntil'>,
	now: Date,
): boolean {
	return (
		VIP_CLASSES.includes(className) && (vipUntil === null || Date.parse(vipUntil) > now.getTime())
	);
}

const CONNECTABLE = new Map([
	['yes', true],
	['no', false],
	['offline', false],
]);

function countOf(value: unknown): number | null {
	return asCount(asRecord(value)?.count ?? value);
}

function unsatisfiedOf(value: unknown): AccountRecord['unsatisfied'] {
	const count = countOf(value);
	const limit = asCount(asRecord(value)?.limit);
	return count === null || limit === null ? null : { count, limit };
}

function hitAndRunsOf(summary: Record<string, unknown>): AccountRecord['hitAndRuns'] {
	const notSeeding = countOf(summary.inactHnr);
	const seeding = countOf(summary.seedHnr);
	return notSeeding === null || seeding === null ? null : { notSeeding, seeding };
}

/** Sums what is given of several counters; null when none is. */
function sumOf(...values: unknown[]): number | null {
	const counts = values.map(countOf).filter((count) => count !== null);
	return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

/**
 * The account record of a `jsonLoad.php?snatch_summary` answer, in the nested shape and in the older one with
 * the counters at the top. Unreadable when a figure is missing that money or guards depend on.
 */
export function parseAccount(answer: unknown, fetchedAt: Date): Parsed<AccountRecord> {
	const top = asRecord(answer);
	if (top === null) return { unreadable: 'The answer is not an account.' };
	const summary = asRecord(top.snatch_summary) ?? top;
	const uid = asCount(top.uid);
	const className = asText(top.classname);
	const uploadedBytes = asCount(top.uploaded_bytes);
	const downloadedBytes = asCount(top.downloaded_bytes);
	const bonusPoints = asNumber(top.seedbonus);
	if (uid === null) return { unreadable: 'The account has no readable uid.' };
	if (className === null || className === '')
		return { unreadable: 'The account has no readable class.' };
	if (uploadedBytes === null) return { unreadable: 'The account has no readable uploaded_bytes.' };
	if (downloadedBytes === null)
		return { unreadable: 'The account has no readable downloaded_bytes.' };
	if (bonusPoints === null) return { unreadable: 'The account has no readable seedbonus.' };
	return {
		record: {
			uid,
			username: asText(top.username) ?? '',
			className,
			classCode: CLASS_CODES.get(className) ?? null,
			// Computed: the site writes the ratio as a number, "Inf." or with thousands commas.
			ratio: downloadedBytes === 0 ? null : uploadedBytes / downloadedBytes,
			uploadedBytes,
			downloadedBytes,
			bonusPoints,
			wedges: asCount(top.wedges),
			vipUntil: asIsoTime(top.vip_until),
			connectable: CONNECTABLE.get(String(asText(summary.connectable)).toLowerCase()) ?? null,
			unsatisfied: unsatisfiedOf(summary.unsat),
			hitAndRuns: hitAndRunsOf(summary),
			inactiveUnsatisfied: countOf(summary.inactUnsat),
			seeding: sumOf(summary.seedUnsat, summary.seedHnr, summary.sSat, summary.upAct),
			leeching: countOf(summary.leeching),
			fetchedAt: fetchedAt.toISOString(),
		},
	};
}
