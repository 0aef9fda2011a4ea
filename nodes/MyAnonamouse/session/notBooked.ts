import { SESSION_CAUSES, type Cause } from '../../shared/types';

/**
 * Refusals that come before the site books anything. Not among them: a redirect and a refusal in unknown
 * words, because either may come after the booking.
 */
export const NOT_BOOKED: Cause[] = [
	...SESSION_CAUSES,
	'rate_limited',
	'stale_plan',
	'bad_parameter',
];
