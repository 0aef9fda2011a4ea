import type { INodeProperties } from 'n8n-workflow';

import type { Field, Parameters } from '../../../shared/parameters';

/** qBittorrent's own values. */
const NO_LIMIT = -1;
export const CLIENT_LIMIT = -2;

/** qBittorrent clamps what is larger. */
const MAX_RATIO = 9999;
const MAX_MINUTES = 525_600;

const SPECIAL = '-1 = no limit, -2 = the limit of the client';

export const RATIO: INodeProperties = {
	displayName: 'Ratio Limit',
	name: 'ratioLimit',
	type: 'number',
	typeOptions: { minValue: CLIENT_LIMIT, maxValue: MAX_RATIO, numberPrecision: 2 },
	default: CLIENT_LIMIT,
	description: `Uploaded divided by downloaded; ${SPECIAL}`,
};

function minutes(displayName: string, name: string, description: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'number',
		typeOptions: { minValue: CLIENT_LIMIT, maxValue: MAX_MINUTES, numberPrecision: 0 },
		default: CLIENT_LIMIT,
		description: `${description}; ${SPECIAL}`,
	};
}

export const SEEDING_TIME = minutes(
	'Seeding Time Limit (Minutes)',
	'seedingTimeLimitMinutes',
	'Seeding time in whole minutes',
);
export const INACTIVE_SEEDING_TIME = minutes(
	'Inactive Seeding Time Limit (Minutes)',
	'inactiveSeedingTimeLimitMinutes',
	'Seeding time without upload in whole minutes (from qBittorrent 4.6 on)',
);

/** A limit in qBittorrent's words. Between its special values nothing has a meaning. */
function readLimit(limits: Parameters, field: Field): string {
	const value = limits.number(field);
	if (value < 0 && value !== NO_LIMIT && value !== CLIENT_LIMIT)
		limits.refuse(field, `enter 0 or more; ${SPECIAL}.`);
	return String(value);
}

/** The limits that the user added to the collection `limits`, in qBittorrent's names. */
export function readShareLimits(limits: Parameters): Record<string, string> {
	const form: Record<string, string> = {};
	if (limits.has(RATIO)) form.ratioLimit = readLimit(limits, RATIO);
	if (limits.has(SEEDING_TIME)) form.seedingTimeLimit = readLimit(limits, SEEDING_TIME);
	if (limits.has(INACTIVE_SEEDING_TIME))
		form.inactiveSeedingTimeLimit = readLimit(limits, INACTIVE_SEEDING_TIME);
	return form;
}
