import { gatewayUrl } from '../../../../../nodes/MamPolicy/policy/metrics/gatewayUrl';

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
