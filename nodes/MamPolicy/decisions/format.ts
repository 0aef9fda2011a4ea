/** Bytes in a GiB and a MiB. */
export const GIB = 1024 ** 3;
export const MIB = 1024 ** 2;

/**
 * A number with one or two decimals, cut and not rounded, so that what is below a limit never reads as the
 * limit: 0 reads `0.0`, 1.2 reads `1.2`, 1.1999 reads `1.19`.
 */
export function decimal(value: number): string {
	// 1.15 * 100 is 114.99999999999999.
	const text = String(Math.floor(value * 100 + 1e-9) / 100);
	return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** A ratio; an account that has downloaded nothing has `none`. */
export function ratioText(ratio: number | null): string {
	return ratio === null ? 'none' : decimal(ratio);
}

/** Bytes as GiB with two decimals. */
export function gib(bytes: number): string {
	return `${(bytes / GIB).toFixed(2)} GiB`;
}

/** Bytes as MiB with one decimal. */
export function mib(bytes: number): string {
	return `${(bytes / MIB).toFixed(1)} MiB`;
}

/** Seconds as hours with one decimal. */
export function hours(seconds: number): string {
	return `${(seconds / 3600).toFixed(1)} h`;
}

/** Seconds as days with one decimal. */
export function days(seconds: number): string {
	return `${(seconds / 86_400).toFixed(1)} d`;
}

/** A boolean as the log lines write it. */
export function flag(value: boolean): string {
	return value ? 'True' : 'False';
}

/** `a=1 b=2` in the order of the entries. */
export function tally(counts: Record<string, number>): string {
	return Object.entries(counts)
		.map(([reason, count]) => `${reason}=${count}`)
		.join(' ');
}
