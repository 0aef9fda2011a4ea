import { countUnsatisfied } from '../../../../../nodes/MamPolicy/decisions/rank/unsatisfied';
import { unstarted } from '../builders';
import type { ClientTorrent } from '../../../../../nodes/shared/records';

const elsewhere = { category: 'books', tags: '', tracker: '' };

test.each<[string, Partial<ClientTorrent>, number]>([
	['the category alone', { category: 'mam-farming' }, 1],
	['the tag mam', { tags: 'mam' }, 1],
	['the tag of an id', { tags: 'x, MAM-7' }, 1],
	['a tag that only ends so', { tags: 'from-mam' }, 0],
	['the tracker', { tracker: 'https://t.myanonamouse.net/k/announce' }, 1],
	['the tracker over udp', { tracker: 'udp://t.myanonamouse.net:80/announce' }, 1],
	['a host that only ends so', { tracker: 'https://notmyanonamouse.net/announce' }, 0],
	['a host that only begins so', { tracker: 'https://myanonamouse.net.test/announce' }, 0],
	['the name in the path only', { tracker: 'https://x.test/t.myanonamouse.net' }, 0],
	['none of them', {}, 0],
])('%s makes an incomplete torrent count: %p', (_name, change, count) => {
	expect(countUnsatisfied([unstarted(1, { ...elsewhere, ...change })], 'mam-farming')).toBe(count);
});
