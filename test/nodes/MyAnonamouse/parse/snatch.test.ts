import { parseSnatches } from '../../../../nodes/MyAnonamouse/parse/snatch';

const row = {
	id: '1001',
	title: 'Tea &amp; Sympathy',
	seedtime: 259_200,
	size: '1.5 GiB',
	seeders: '4',
	leechers: 0,
	STG: '1 day',
};

test('reads the seed time that the tracker counts', () => {
	expect(parseSnatches({ rows: [row] })).toEqual({
		record: {
			snatches: [
				{
					id: 1001,
					title: 'Tea & Sympathy',
					seedTimeSeconds: 259_200,
					sizeBytes: 1.5 * 1024 ** 3,
					seeders: 4,
					leechers: 0,
					timeToGo: '1 day',
				},
			],
			size: 1,
		},
	});
});

test.each([
	['no object', 'x'],
	['nothing', null],
	['no id', { ...row, id: null }],
	['no seed time', { ...row, seedtime: null }],
])('a row that is %s is left out, and still counted', (_name, odd) => {
	expect(parseSnatches({ rows: [odd, row] })).toMatchObject({
		record: { snatches: [{ id: 1001 }], size: 2 },
	});
});

test('a row without a title has none', () => {
	const parsed = parseSnatches({ rows: [{ ...row, title: null }] });
	expect(parsed).toMatchObject({ record: { snatches: [{ title: '' }] } });
});

test.each([null, {}, { rows: 'x' }])('%j holds no list', (answer) => {
	expect(parseSnatches(answer)).toEqual({
		unreadable: 'The answer holds no list of snatched torrents.',
	});
});
