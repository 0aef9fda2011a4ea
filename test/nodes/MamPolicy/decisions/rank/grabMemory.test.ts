import fc from 'fast-check';

import {
	grabOutcome,
	readGrabMemory,
	rememberOutcomes,
} from '../../../../../nodes/MamPolicy/decisions/rank/grabMemory';

const NOW = 1_790_000_000;
const DAY = 86_400;
const empty = { added: {}, tried: {} };

function failed(cause: string, id: number) {
	return {
		id,
		title: 'A torrent record',
		error: 'x',
		message: 'y',
		details: { cause, node: 'Download', operation: 'torrent:download', until: null },
	};
}

describe('grabOutcome', () => {
	it('remembers an added torrent by its MAM id', () => {
		expect(grabOutcome({ id: 7, infoHash: 'aa', result: 'added' })).toEqual({
			id: '7',
			list: 'added',
		});
	});

	it('knows a long id by all its digits', () => {
		expect(grabOutcome({ id: '1234567', result: 'added' })?.id).toBe('1234567');
	});

	it.each(['mam,freeleech,mam-4711', 'mam-4711', 'mam, mam-4711 ,x'])(
		'finds the id in the tags "%s"',
		(tags) => {
			expect(grabOutcome({ infoHash: 'aa', result: 'added', tags })?.id).toBe('4711');
		},
	);

	it.each(['duplicate', 'invalid', 'pending'])('notes a torrent that ended as %s as tried', (result) => {
		expect(grabOutcome({ id: 7, infoHash: 'aa', result })?.list).toBe('tried');
	});

	it.each(['vip_only', 'gone', 'bad_torrent'])(
		'notes a download refused as %s as tried',
		(cause) => {
			expect(grabOutcome(failed(cause, 8))).toEqual({ id: '8', list: 'tried' });
		},
	);

	it.each(['dead_cookie', 'rate_limited', 'download_freeze', 'timeout', 'client_unreachable'])(
		'does not remember a torrent that met %s: the next run may grab it',
		(cause) => {
			expect(grabOutcome(failed(cause, 8))).toBeNull();
		},
	);

	it('reads a failure that was merged with an earlier result as the failure', () => {
		expect(grabOutcome({ ...failed('timeout', 8), result: 'added' })).toBeNull();
	});

	it.each([
		['a simulated result', { id: 7, result: 'added', simulated: true }],
		['a torrent that is no longer free', { id: 7, result: 'no_longer_free' }],
		['a result of a step that skipped it', { id: 7, result: 'added', skipped: true }],
		['a result without an id', { infoHash: 'aa', result: 'added' }],
		['an id that is not a number', { id: '__proto__', result: 'added' }],
		['an id with more behind it', { id: '7x', result: 'added' }],
		['an id with more before it', { id: 'x7', result: 'added' }],
		['a list of ids', { id: [7], result: 'added' }],
		['a tag that only looks like ours', { tags: 'xmam-12, mam-12x', result: 'added' }],
		['no record', null],
	])('does not remember %s', (_, json) => {
		expect(grabOutcome(json)).toBeNull();
	});

	it('never throws', () => {
		fc.assert(
			fc.property(fc.anything(), (json) => {
				grabOutcome(json);
			}),
		);
	});
});

describe('rememberOutcomes', () => {
	it('adds this run to what earlier runs noted', () => {
		const memory = { added: { '1': NOW - DAY }, tried: { '2': NOW - 60 } };
		const outcomes = [
			{ id: '3', list: 'added' as const },
			{ id: '4', list: 'tried' as const },
		];
		expect(rememberOutcomes(memory, outcomes, NOW, 14)).toEqual({
			added: { '1': NOW - DAY, '3': NOW },
			tried: { '2': NOW - 60, '4': NOW },
		});
		expect(memory.added).toEqual({ '1': NOW - DAY });
	});

	it('forgets an added torrent after regrabAfterDays, a tried one after 24 hours, and any of a clock that was ahead', () => {
		const memory = {
			added: { '1': NOW - 14 * DAY, '2': NOW - 14 * DAY - 1, '5': NOW + 15 * DAY },
			tried: { '3': NOW - DAY, '4': NOW - DAY - 1, '6': NOW + 2 * DAY },
		};
		expect(rememberOutcomes(memory, [], NOW, 14)).toEqual({
			added: { '1': NOW - 14 * DAY },
			tried: { '3': NOW - DAY },
		});
	});
});

describe('readGrabMemory', () => {
	it('reads back what was stored', () => {
		const memory = rememberOutcomes(empty, [{ id: '9', list: 'added' }], NOW, 14);
		expect(readGrabMemory(JSON.parse(JSON.stringify(memory)))).toEqual(memory);
	});

	it('is empty when nothing was stored yet', () => {
		expect(readGrabMemory(undefined)).toEqual(empty);
	});

	it('leaves out what is not an id with a time', () => {
		const odd = { '2': 'soon', three: NOW, '4': null, '5x': NOW, x6: NOW };
		const stored = { added: { '1': NOW, '10': NOW, ...odd }, tried: [1, 2] };
		expect(readGrabMemory(stored)).toEqual({ added: { '1': NOW, '10': NOW }, tried: {} });
	});
});
