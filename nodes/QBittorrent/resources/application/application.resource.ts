import type { Resource } from '../../../shared/operation';
import { getPreferences } from './getPreferences.operation';
import { getVersion } from './getVersion.operation';
import { setPreferences } from './setPreferences.operation';

export const application: Resource = {
	value: 'application',
	name: 'Application',
	operations: [getPreferences, getVersion, setPreferences],
	defaultOperation: 'getVersion',
};
