import { stateKind } from '../../../nodes/shared/torrentStates';

describe('stateKind', () => {
	it.each([
		['stalledUP', 'seeding'],
		['queuedUP', 'seeding'],
		['forcedUP', 'seeding'],
		['stoppedDL', 'stopped'],
		['stoppedUP', 'stopped'],
		['pausedDL', 'stopped'],
		['downloading', 'downloading'],
		['metaDL', 'downloading'],
		['forcedMetaDL', 'downloading'],
		['queuedDL', 'downloading'],
		['forcedDL', 'downloading'],
		['uploading', 'seeding'],
		['stalledDL', 'downloading'],
		['pausedUP', 'stopped'],
		['checkingResumeData', 'busy'],
		['moving', 'busy'],
		['missingFiles', 'busy'],
		['error', 'busy'],
		['somethingNew', 'busy'],
	])('%s is %s', (state, kind) => {
		expect(stateKind(state)).toBe(kind);
	});
});
