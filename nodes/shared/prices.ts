/** The site's price of a GiB of upload credit in its store, in bonus points. */
export const POINTS_PER_GIB = 500;

/** The site's price of a week of VIP in its store, in bonus points. */
export const POINTS_PER_VIP_WEEK = 1250;
