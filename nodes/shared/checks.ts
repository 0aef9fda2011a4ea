/** What is wrong with a parameter, and how to fix it. */
export interface BadParameter {
	field: string;
	fix: string;
}

/** A number parameter's limits. */
export interface NumberLimits {
	/** Label in the editor, for the message. */
	label: string;
	min?: number;
	max?: number;
	integer?: boolean;
}

/**
 * Checks one number at run time: an expression can put anything into a typed field.
 * Returns null when the value is a finite number within the limits (at least 0 unless given otherwise).
 */
export function checkNumber(
	field: string,
	value: unknown,
	limits: NumberLimits,
): BadParameter | null {
	const { label, min = 0, max = Number.POSITIVE_INFINITY, integer = false } = limits;
	const bad = (fix: string): BadParameter => ({ field, fix: `${label}: ${fix}` });
	if (typeof value !== 'number' || !Number.isFinite(value)) return bad('enter a number.');
	if (integer && !Number.isInteger(value)) return bad('enter a whole number.');
	if (value < min) return bad(`enter a number of at least ${min}.`);
	if (value > max) return bad(`enter a number of at most ${max}.`);
	return null;
}
