import { mamIdsInClient } from '../../../../nodes/MamPolicy/decisions/identity';
import { torrent } from './builders';

test.each([
	['https://www.myanonamouse.net/t/77', [77]],
	['https://www.myanonamouse.net/tor/download.php?tid=77', [77]],
	['https://www.myanonamouse.net/tor/view.php?x=1&tid=77', [77]],
	['Made by A, https://myanonamouse.net/t/77 and https://myanonamouse.net/t/78.', [77, 78]],
	['https://www.myanonamouse.net/t/77x', []],
	['https://www.myanonamouse.net/u/77', []],
	['https://elsewhere.test/t/77', []],
	['77', []],
	['', []],
	[undefined, []],
])('comment %p names %p', (comment, ids) => {
	expect([...mamIdsInClient([torrent({ tags: 'mam', comment })])]).toEqual(ids);
});
