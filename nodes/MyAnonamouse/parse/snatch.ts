import { asBytes, asCount, asRecord, asText, type Parsed } from './values';

/** A snatched torrent as the tracker counts it. */
export interface SnatchRecord {
	id: number;
	title: string;
	/** Seed time as the tracker counted it, in seconds. */
	seedTimeSeconds: number;
	sizeBytes: number | null;
	seeders: number | null;
	leechers: number | null;
	/** The site's own words for the seed time still to go; null when none is. */
	timeToGo: string | null;
}

function parseRow(value: unknown): SnatchRecord | null {
	const row = asRecord(value);
	const id = asCount(row?.id);
	const seedTimeSeconds = asCount(row?.seedtime);
	if (row === null || id === null || seedTimeSeconds === null) return null;
	return {
		id,
		title: asText(row.title) ?? '',
		seedTimeSeconds,
		sizeBytes: asBytes(row.size),
		seeders: asCount(row.seeders),
		leechers: asCount(row.leechers),
		timeToGo: asText(row.STG),
	};
}

/** A page of `loadUserDetailsTorrents.php`: its readable rows, and how many rows it had. */
export function parseSnatches(answer: unknown): Parsed<{ snatches: SnatchRecord[]; size: number }> {
	const rows = asRecord(answer)?.rows;
	if (!Array.isArray(rows)) return { unreadable: 'The answer holds no list of snatched torrents.' };
	const snatches = rows.map(parseRow).filter((row) => row !== null);
	return { record: { snatches, size: rows.length } };
}
