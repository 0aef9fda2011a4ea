import { asBytes, asCount, asFlag, asIsoTime, asRecord, asText, type Parsed } from './values';
import type { MamTorrentRecord } from '../../shared/records';

/**
 * One record of a search answer. `vipIsFree` says whether VIP torrents are free for the account.
 * Unreadable when a figure is missing that the ranking decides by.
 */
export function parseTorrent(value: unknown, vipIsFree: boolean): Parsed<MamTorrentRecord> {
	const raw = asRecord(value);
	if (raw === null) return { unreadable: 'A record is not an object.' };
	const id = asCount(raw.id);
	if (id === null || id === 0) return { unreadable: 'A record has no readable id.' };
	const sizeBytes = asBytes(raw.size);
	const seeders = asCount(raw.seeders);
	const leechers = asCount(raw.leechers);
	if (sizeBytes === null) return { unreadable: `Torrent ${id} has no readable size.` };
	if (seeders === null) return { unreadable: `Torrent ${id} has no readable number of seeders.` };
	if (leechers === null) return { unreadable: `Torrent ${id} has no readable number of leechers.` };
	const freeleech = asFlag(raw.free);
	const personalFreeleech = asFlag(raw.personal_freeleech);
	const vip = asFlag(raw.vip);
	const freeAsVip = vipIsFree && (vip || asFlag(raw.fl_vip));
	return {
		record: {
			id,
			title: asText(raw.title) ?? asText(raw.name) ?? '',
			sizeBytes,
			seeders,
			leechers,
			snatches: asCount(raw.times_completed) ?? 0,
			category: asText(raw.catname) ?? asText(raw.category) ?? '',
			mainCategory: asCount(raw.main_cat),
			// The site's API pages do not name the field of the language; clients have seen both.
			language: asText(raw.lang_code) ?? asText(raw.language),
			addedAt: asIsoTime(raw.added),
			isFree: freeleech || personalFreeleech || freeAsVip,
			freeleech,
			personalFreeleech,
			vip,
			vipExpiresAt: asIsoTime(raw.vip_expire),
			alreadySnatched: asFlag(raw.my_snatched),
		},
	};
}
