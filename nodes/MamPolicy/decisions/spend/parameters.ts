/** What to spend bonus points on. */
export interface SpendParameters {
	targetRatio: number;
	/** Points that must be left. */
	reservePoints: number;
	/** Price of a GiB of upload credit. */
	pointsPerGiB: number;
	/** Amounts that may be bought, in GiB, ascending. */
	tiersGiB: number[];
	/** Whether to spend before points are lost above the site's cap. */
	spendAboveCap: boolean;
	pointsCap: number;
	capHeadroomPoints: number;
	/** Whether to extend VIP. */
	vip: boolean;
	/** The ratio below which the guard lets nothing be grabbed. */
	floorRatio: number;
}
