/** The versions that the stand-in can play. */
export type Version = '4.5.2' | '5.1.0' | '5.3.0';

/** What differs between them. */
export interface Traits {
	webApi: string;
	/** Since 5.2 a sign-in is answered by status alone, and the cookie carries the port. */
	signInByStatus: boolean;
	/** Since 5.2 there are API keys. */
	apiKeys: boolean;
	/** Since 5.2 adding is answered with JSON, a duplicate with 409. */
	addsInJson: boolean;
	/** What 5.0 renamed from pausing to stopping. */
	words: { stop: string; start: string; stopped: string; running: string };
	/** Since 5.1 `torrents/info` has comments and, when asked, trackers. */
	newFields: boolean;
	/** Status of a tracker that refuses. */
	refusedStatus: number;
	/** Form fields that `setShareLimits` cannot do without. */
	shareLimits: string[];
	/** Body of a 404 for an unknown endpoint. */
	unknownEndpoint: string;
}

const PAUSE = { stop: 'pause', start: 'resume', stopped: 'paused', running: 'resumed' };
const STOP = { stop: 'stop', start: 'start', stopped: 'stopped', running: 'running' };
const TWO_LIMITS = ['ratioLimit', 'seedingTimeLimit'];
const THREE_LIMITS = [...TWO_LIMITS, 'inactiveSeedingTimeLimit'];

export const TRAITS: Record<Version, Traits> = {
	'4.5.2': {
		webApi: '2.8.19',
		signInByStatus: false,
		apiKeys: false,
		addsInJson: false,
		words: PAUSE,
		newFields: false,
		refusedStatus: 4,
		shareLimits: TWO_LIMITS,
		unknownEndpoint: 'Not Found',
	},
	'5.1.0': {
		webApi: '2.11.4',
		signInByStatus: false,
		apiKeys: false,
		addsInJson: false,
		words: STOP,
		newFields: true,
		refusedStatus: 4,
		shareLimits: THREE_LIMITS,
		unknownEndpoint: 'Not Found',
	},
	'5.3.0': {
		webApi: '2.16.2',
		signInByStatus: true,
		apiKeys: true,
		addsInJson: true,
		words: STOP,
		newFields: true,
		refusedStatus: 5,
		shareLimits: [...THREE_LIMITS, 'shareLimitAction', 'shareLimitsMode'],
		unknownEndpoint: 'Endpoint does not exist',
	},
};
