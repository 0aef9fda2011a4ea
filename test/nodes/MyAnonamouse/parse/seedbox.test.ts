import { parseSeedboxAnswer, parseSeenAddress } from '../../../../nodes/MyAnonamouse/parse/seedbox';

test.each([
	[
		{ Success: true, msg: 'Completed' },
		{ changed: true, message: 'Completed' },
	],
	[
		{ Success: true, msg: 'No Change' },
		{ changed: false, message: 'No Change' },
	],
	[
		{ Success: false, msg: 'Last change too recent' },
		{ changed: false, message: 'Last change too recent' },
	],
	[{ Success: false, msg: 'The last change too recent' }, null],
	[{ Success: false, msg: 'No Session Cookie' }, null],
	[{ msg: 'Completed' }, null],
	[{ Success: true }, null],
	[null, null],
])('the answer %j means %j', (answer, meaning) => {
	expect(parseSeedboxAnswer(answer)).toEqual(meaning);
});

test('the address that the site saw is read, or null', () => {
	expect(parseSeenAddress({ ip: '203.0.113.9', ASN: 64500 })).toBe('203.0.113.9');
	expect(parseSeenAddress({})).toBeNull();
	expect(parseSeenAddress(null)).toBeNull();
});
