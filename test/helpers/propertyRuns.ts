declare const PROPERTY_RUNS: number | undefined;

/** Cases of every property test: one to three seconds each. `jest --globals '{"PROPERTY_RUNS":100}'` runs fewer. */
export const propertyRuns = {
	numRuns: typeof PROPERTY_RUNS === 'undefined' ? 10_000 : PROPERTY_RUNS,
};
