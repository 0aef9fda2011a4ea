/** One row of the record. */
export function row(flow: string, at: number, more?: object): Record<string, unknown>;

/** The runs of the four flows in the `days` before `now`; n8n was down for 9 hours, 5 days ago. */
export function monthOfRuns(now: Date, days?: number): Array<Record<string, unknown>>;
