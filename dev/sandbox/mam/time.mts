/** A time as the site writes it: `YYYY-MM-DD hh:mm:ss`, UTC. */
export function siteTime(unixMs: number): string {
	return new Date(unixMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** A span of time as the site writes it: `1d 02:04:02`. */
export function countdown(ms: number): string {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	const two = (value: number) => String(value).padStart(2, '0');
	const [hours, minutes] = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
	return `${Math.floor(seconds / 86_400)}d ${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
}
