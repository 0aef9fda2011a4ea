const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** How many digits a number is shown with. */
type Digits = Pick<
	Intl.NumberFormatOptions,
	| 'minimumFractionDigits'
	| 'maximumFractionDigits'
	| 'minimumSignificantDigits'
	| 'maximumSignificantDigits'
>;

const ONE_DECIMAL: Digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };

/** Bytes in the site's way: `1,002.9 MiB`. Units change at 1024, so four digits occur and gain a comma. */
export function prettySize(bytes: number, digits: Digits = ONE_DECIMAL): string {
	let value = bytes;
	let unit = 0;
	for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024;
	return `${value.toLocaleString('en-US', digits)} ${UNITS[unit]}`;
}
