import { account, candidate, EMPTY_MARKER, FAILURE, torrent } from '../decisions/builders';
import { runOutputs } from './runPolicy';

const HOUR = 3600;
const DAY = 24 * HOUR;

async function ask(records: unknown[], changes: Record<string, unknown>) {
	const [items] = await runOutputs('whatIf', records, { options: {}, ...changes });
	return items.map(({ json }) => json);
}

const RANK = {
	policy: 'rank',
	parameter: 'seederCeiling',
	account: account(),
	clientTorrents: [EMPTY_MARKER],
};

const books = [20, 40, 60, 150].map((seeders, at) =>
	candidate(at + 1, { title: `Book ${at + 1}`, seeders, sizeBytes: 512 * 1024 ** 2 }),
);

test('a seeder ceiling of 25, 50, 100, 200 over the candidates of today', async () => {
	const table = await ask(books, { ...RANK, values: '25, 50, 100, 200' });
	expect(table).toEqual([
		{
			value: 25,
			today: false,
			act: 1,
			later: 0,
			gib: 0.5,
			held: '3 above seeder ceiling',
			joining: 'none',
			leaving: 'Book 2',
			parameter: 'Seeder Ceiling',
		},
		expect.objectContaining({
			value: 50,
			today: true,
			act: 2,
			gib: 1,
			joining: 'none',
			leaving: 'none',
		}),
		expect.objectContaining({ value: 100, act: 3, joining: 'Book 3', leaving: 'none' }),
		expect.objectContaining({
			value: 200,
			act: 4,
			gib: 2,
			joining: 'Book 3, Book 4',
			held: 'none',
		}),
	]);
});

test('what only waits for a later run is counted separately, and long lists are cut', async () => {
	const many = Array.from({ length: 30 }, (_, at) =>
		candidate(at + 1, { title: `Book ${at + 1}`, seeders: 100 }),
	);
	const ceiling = { ...RANK, values: '50, 100' };
	expect(await ask(many, { ...ceiling, grabPerRun: 5 })).toMatchObject([
		{ act: 0, later: 0, held: '30 above seeder ceiling' },
		{ act: 5, later: 25, held: 'none' },
	]);
	const [, high] = await ask(many, { ...ceiling, grabPerRun: 25 });
	expect(high.joining).toMatch(/^Book \d+, .*Book \d+ and 5 more$/);
});

test('an option can be asked too, against what is set', async () => {
	const table = await ask(books, {
		...RANK,
		parameter: 'unsatisfiedReserve',
		values: '5, 45',
		options: { unsatisfiedReserve: 45 },
	});
	expect(table.map(({ today, act }) => [today, act])).toEqual([
		[false, 2],
		[true, 1],
	]);
});

test('judge: by the clock of the client, and says so', async () => {
	const now = Math.floor(Date.now() / 1000);
	const long = (days: number, name: string) =>
		torrent({ name, added_on: now - 40 * DAY, seeding_time: days * DAY });
	const table = await ask([long(15, 'A'), long(25, 'B')], {
		policy: 'judge',
		parameter: 'gracefulRetireDays',
		values: '14, 20',
	});
	expect(table).toMatchObject([
		{ value: 14, today: true, act: 2, note: expect.stringContaining('only after it has seen') },
		{ value: 20, act: 1, leaving: 'A', held: '1 active' },
	]);
});

test('spend: what would be bought', async () => {
	const poor = account({ uploadedBytes: 0, ratio: 0, bonusPoints: 60_000 });
	const table = await ask([poor], {
		policy: 'spend',
		parameter: 'reservePoints',
		values: '500,50000',
	});
	expect(table).toMatchObject([
		{ act: 1, gib: 50 },
		{ act: 0, held: '1 cannot afford' },
	]);
});

test.each([
	['', /Values: enter some text/],
	['25, many', /Values: enter numbers/],
	['-1', /Seeder Ceiling: enter a number of at least 0/],
])('values of "%s" are refused', async (values, message) => {
	await expect(ask(books, { ...RANK, values })).rejects.toMatchObject({
		description: expect.stringMatching(message),
	});
});

test('a parameter of another policy is refused', async () => {
	await expect(ask(books, { ...RANK, parameter: 'targetRatio', values: '1' })).rejects.toThrow(
		/"Parameter" cannot be used/,
	);
});

test('a failure of an earlier step fails What If too', async () => {
	await expect(ask([FAILURE], { ...RANK, values: '1' })).rejects.toMatchObject({
		message: FAILURE.error,
		description: FAILURE.message,
		context: { cause: FAILURE.details.cause },
	});
});

test('a client that is not known cannot be asked about', async () => {
	const odd = { ...RANK, clientTorrents: [{}], values: '25' };
	await expect(ask(books, odd)).rejects.toThrow(/list of the client is incomplete/);
});
