/** The four shipped workflows, by their file names. */
export const JOBS = [
	'bp-spender',
	'client-keeper',
	'farming-janitor',
	'freeleech-grabber',
] as const;
export type Job = (typeof JOBS)[number];

/** The flows' names inside metric names. */
export const FLOW_NAMES = ['grabber', 'janitor', 'keeper', 'spender'] as const;
export type FlowName = (typeof FLOW_NAMES)[number];

export const FLOW_OF_JOB: Record<Job, FlowName> = {
	'bp-spender': 'spender',
	'client-keeper': 'keeper',
	'farming-janitor': 'janitor',
	'freeleech-grabber': 'grabber',
};
