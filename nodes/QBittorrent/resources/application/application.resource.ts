import type { Resource } from '../../../shared/operation';
import { getBuildInfo } from './getBuildInfo.operation';
import { getPreferences } from './getPreferences.operation';
import { getVersion } from './getVersion.operation';
import { setPreferences } from './setPreferences.operation';

export const application: Resource = {
	value: 'application',
	name: 'Application',
	operations: [getBuildInfo, getPreferences, getVersion, setPreferences],
	defaultOperation: 'getVersion',
};
