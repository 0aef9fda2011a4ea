import { parsePurchase } from '../../../../nodes/MyAnonamouse/parse/purchase';

test('a success carries the balance that the site echoes', () => {
	const answer = {
		success: true,
		type: 'upload',
		amount: 50,
		seedbonus: 26512.091,
		uploaded: 9094000000000,
		downloaded: 96552878,
		uploadFancy: '8.271 TiB',
	};
	expect(parsePurchase(answer)).toEqual({
		outcome: 'bought',
		bonusPoints: 26512.091,
		uploadedBytes: 9094000000000,
		downloadedBytes: 96552878,
	});
});

test.each([
	[{ error: 'Not enough bonus, s1', success: false }, 'Not enough bonus, s1'],
	[{ success: false }, ''],
	[{ success: false, error: 'x'.repeat(300) }, 'x'.repeat(200)],
])('a plain no says why: %p', (answer, reason) => {
	expect(parsePurchase(answer)).toEqual({ outcome: 'refused', reason });
});

test.each([
	[null],
	[{}],
	[[]],
	['ok'],
	[{ success: 'true' }],
	[{ success: 1 }],
	[{ seedbonus: 5 }],
])('anything else is unclear, never a yes or a no: %p', (answer) => {
	expect(parsePurchase(answer)).toEqual({ outcome: 'unclear' });
});
