/** A record, or the sentence that says why there is none. Parse functions never throw. */
export type Parsed<T> = { record: T } | { unreadable: string };
