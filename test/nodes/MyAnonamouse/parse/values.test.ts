import * as fc from 'fast-check';

import {
	asBytes,
	asCount,
	asFlag,
	asIsoTime,
	asNumber,
	asRecord,
	asText,
} from '../../../../nodes/MyAnonamouse/parse/values';

const MIB = 1024 ** 2;

describe('asBytes', () => {
	test.each([
		['296.0 MiB', 296 * MIB],
		['1,002.9 MiB', Math.round(1002.9 * MIB)],
		['1.5 GiB', 1.5 * 1024 * MIB],
		['12 KiB', 12288],
		['7 B', 7],
		['900 bytes', 900],
		['310378496', 310378496],
		['1,073,741,824', 1073741824],
		[310378496, 310378496],
		[0, 0],
	])('reads %p as %p bytes', (value, bytes) => {
		expect(asBytes(value)).toBe(bytes);
	});

	test.each([
		[''],
		['MiB'],
		['12 XB'],
		['-1'],
		[-5],
		[null],
		[undefined],
		[{}],
		[[]],
		[Number.NaN],
		['1.2.3 MiB'],
		['about 1 MiB'],
		['1,5 GB'],
		['1e400'],
		['1,0000 MiB'],
		['1 MiB each'],
		['1 MiBs'],
		[true],
	])('has no size for %p', (value) => {
		expect(asBytes(value)).toBeNull();
	});

	test('accident 9: every size that the site can print, with its thousands commas, is read within rounding', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1_048_575 }), (tenths) => {
				const printed = `${(tenths / 10).toLocaleString('en-US', { minimumFractionDigits: 1 })} MiB`;
				expect(asBytes(printed)).toBe(Math.round((tenths / 10) * MIB));
			}),
		);
	});
});

describe('numbers, flags, times and text', () => {
	test.each([
		['94,186.97', 94186.97],
		['-3', -3],
		['1e3', 1000],
		['1e-10', 1e-10],
		['1E+12', 1e12],
		['.55', 0.55],
		[' 5 ', 5],
		[12.5, 12.5],
		['.x', null],
		['1ex', null],
		['x1', null],
		['1x', null],
		['1,5', null],
		['1,50,000', null],
		['12,345.6', 12345.6],
		['1e400', null],
		[',5', null],
		['Inf.', null],
		['', null],
		['0x10', null],
		[Number.POSITIVE_INFINITY, null],
		[true, null],
	])('asNumber(%p) is %p', (value, number) => {
		expect(asNumber(value)).toBe(number);
	});

	test('a record is an object, and neither a list nor text', () => {
		const object = { a: 1 };
		expect(asRecord(object)).toBe(object);
		expect([[1], 'text', 5, null, undefined].map(asRecord)).toEqual([null, null, null, null, null]);
	});

	test('0 is a count, not a missing one', () => {
		expect(asCount(0)).toBe(0);
		expect(asCount('0')).toBe(0);
		expect(asCount('')).toBeNull();
		expect(asCount(1.5)).toBeNull();
		expect(asCount(-1)).toBeNull();
	});

	test.each([
		[1, true],
		['1', true],
		[true, true],
		[0, false],
		['0', false],
		[false, false],
		[null, false],
		[undefined, false],
		['yes', false],
	])('asFlag(%p) is %p', (value, flag) => {
		expect(asFlag(value)).toBe(flag);
	});

	test.each([
		['2099-01-01 00:00:00', '2099-01-01T00:00:00.000Z'],
		['2026-10-05T15:53:57', '2026-10-05T15:53:57.000Z'],
		[1764000000, '2025-11-24T16:00:00.000Z'],
		['1764000000', '2025-11-24T16:00:00.000Z'],
		[0, null],
		[null, null],
		['soon', null],
		['2026-13-45 99:99:99', null],
		[' 2026-10-05 15:53:57.25Z ', '2026-10-05T15:53:57.000Z'],
		['until 2026-10-05 15:53:57', null],
		['2026-10-05 15:53:57 or so', null],
		[-5, null],
		[true, null],
		[1e300, null],
	])('asIsoTime(%p) is %p', (value, iso) => {
		expect(asIsoTime(value)).toBe(iso);
	});

	test.each([
		['Tom &amp; Jerry', 'Tom & Jerry'],
		['&#39;quoted&#x27;', "'quoted'"],
		['&amp;lt;', '&lt;'],
		['a &nope; b', 'a &nope; b'],
		['Caf&eacute; &Eacute;mile &frac12; &szlig;', 'Café Émile ½ ß'],
		['&lt;&GT;&quot;&apos;', '<>"\''],
		['&nbsp;&hellip;&ndash;&mdash;', ' …–—'],
		['&ldquo;&rdquo;&lsquo;&rsquo;', '“”‘’'],
		['&#128218;&#X1F4DA;', '📚📚'],
		['&#0;&#1114112;', '&#0;&#1114112;'],
		['&#1114111;', '\u{10ffff}'],
		[true, null],
		[1984, '1984'],
		[null, null],
	])('asText(%p) is %p', (value, text) => {
		expect(asText(value)).toBe(text);
	});
});
