import nock from 'nock';

/** No test reaches the network; each test file has nock to itself although workers are shared. */
beforeAll(() => {
	if (!nock.isActive()) nock.activate();
	nock.disableNetConnect();
});

afterEach(() => nock.cleanAll());

afterAll(() => nock.restore());
