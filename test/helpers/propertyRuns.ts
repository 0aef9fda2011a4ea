declare const PROPERTY_RUNS: number | undefined;

/** Cases of every property test; `jest --globals '{"PROPERTY_RUNS":10000}'` runs more. */
export const propertyRuns = {
	numRuns: typeof PROPERTY_RUNS === 'undefined' ? 1000 : PROPERTY_RUNS,
};
