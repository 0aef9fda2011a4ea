import { gatewayUrl } from '../../../../nodes/MamPolicy/report/gatewayUrl';

describe('gatewayUrl', () => {
	it.each([
		['http://pushgateway:9091', 'http://pushgateway:9091'],
		[' http://pushgateway:9091/ ', 'http://pushgateway:9091'],
		['https://monitoring.example/push//', 'https://monitoring.example/push'],
		['http://[::1]:9091', 'http://[::1]:9091'],
	])('takes %p', (value, url) => {
		expect(gatewayUrl(value)).toEqual({ url });
	});

	it.each(['', '   '])('pushes nowhere for %p', (value) => {
		expect(gatewayUrl(value)).toEqual({ url: null });
	});

	it.each([
		'pushgateway:9091',
		'not an address',
		'ftp://pushgateway',
		'http://user:secret@pushgateway:9091',
		'http://pushgateway:9091/?x=1',
		'http://pushgateway:9091/#x',
		undefined,
		null,
		9091,
	])('refuses %p with a fix that does not repeat it', (value) => {
		expect(gatewayUrl(value)).toEqual({ fix: expect.not.stringContaining('secret') });
	});
});

test.each<[unknown, string]>([
	[5, 'Enter an address such as http://pushgateway:9091, or leave it empty to push nothing.'],
	[
		'pushgateway',
		'Enter an address such as http://pushgateway:9091, or leave it empty to push nothing.',
	],
	['ftp://pushgateway', 'Enter an address that starts with http:// or https://.'],
	[
		'http://user@pushgateway',
		'Leave user and password out of the address; set them on the step that pushes.',
	],
	[
		'http://:word@pushgateway',
		'Leave user and password out of the address; set them on the step that pushes.',
	],
	['http://pushgateway?a', 'Leave out everything from the ? or # on.'],
	['http://pushgateway#a', 'Leave out everything from the ? or # on.'],
])('%p says what to do: %s', (address, fix) => {
	expect(gatewayUrl(address)).toEqual({ fix });
});
