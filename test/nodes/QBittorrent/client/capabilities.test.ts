import { capabilitiesOf, isAtLeast } from '../../../../nodes/QBittorrent/client/capabilities';

describe('isAtLeast', () => {
	it('compares part by part as numbers', () => {
		expect(isAtLeast('2.11.0', '2.11.0')).toBe(true);
		expect(isAtLeast('2.8.19', '2.11.0')).toBe(false);
		expect(isAtLeast('2.16', '2.11.4')).toBe(true);
		expect(isAtLeast('3.0.0', '2.11.4')).toBe(true);
		expect(isAtLeast('', '2.0.0')).toBe(false);
	});
});

describe('capabilitiesOf', () => {
	it('speaks of pausing to 4.x and of stopping to 5.x', () => {
		expect(capabilitiesOf('2.8.19')).toMatchObject({
			stopAction: 'pause',
			startAction: 'resume',
			stoppedParameter: 'paused',
			stoppedFilter: 'paused',
			runningFilter: 'resumed',
			includeTrackers: false,
		});
		expect(capabilitiesOf('2.11.4')).toMatchObject({
			stopAction: 'stop',
			startAction: 'start',
			stoppedParameter: 'stopped',
			stoppedFilter: 'stopped',
			runningFilter: 'running',
			includeTrackers: true,
		});
		expect(capabilitiesOf('2.11.2').includeTrackers).toBe(false);
	});
});
