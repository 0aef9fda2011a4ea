import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { reportMetrics } from '../../../../nodes/MamPolicy/operations/reportMetrics.operation';
import { runPlainOperation } from '../../../../nodes/shared/operation';
import { account, failed, grabs5, judged501, plan50, ranked5, summary } from '../report/runs';

interface Setting {
	items?: unknown[];
	parameters?: Record<string, unknown>;
	mode?: string;
	customData?: Pick<Map<string, string>, 'set'>;
	staticData?: IDataObject;
}

async function reportOf(setting: Setting) {
	const parameters: Record<string, unknown> = {
		operation: 'reportMetrics',
		...Object.fromEntries(reportMetrics.fields.map((field) => [field.name, field.default])),
		...setting.parameters,
	};
	const context = {
		getInputData: () => (setting.items ?? []).map((json) => ({ json: json as IDataObject })),
		getNode: () => ({ name: 'Report Run', parameters }),
		getNodeParameter: (name: string) => {
			const value = parameters[name];
			if (value instanceof Error) throw value;
			return value;
		},
		getMode: () => setting.mode ?? 'trigger',
		customData: setting.customData,
		getWorkflowStaticData: () => setting.staticData ?? {},
	} as unknown as IExecuteFunctions;
	const outputs = await runPlainOperation(context, [reportMetrics]);
	const [report, push, notify, memory, failures] = outputs.map((output) =>
		output.map(({ json }) => json),
	);
	expect(report).toHaveLength(1);
	expect(memory).toEqual([{ messages: notify }]);
	return { report: report[0], push, notify, failures };
}

const guard = summary('guardAccount', { line: 'Skip grab', counts: { mouse_class: 1 }, account });

describe('reportMetrics', () => {
	it('pushes the groups of a healthy run, below an address with a trailing slash too', async () => {
		const parameters = { pushgatewayUrl: ' http://pushgateway:9091/ ' };
		const { push, failures } = await reportOf({ items: [guard], parameters });
		expect(failures).toEqual([]);
		expect(push.map(({ url }) => url)).toEqual([
			'http://pushgateway:9091/metrics/job/mam-freeleech-grabber',
			'http://pushgateway:9091/metrics/job/mam-freeleech-grabber/kind/success',
			'http://pushgateway:9091/metrics/job/mam-account',
			'http://pushgateway:9091/metrics/job/mam-session',
		]);
		expect(push[0]).toEqual({
			group: 'flow',
			url: expect.any(String),
			body: expect.stringContaining('mam_farming_grabbed 0\n'),
		});
	});

	it('keeps the groups of several instances apart', async () => {
		const parameters = { instance: 'seed.box-2' };
		const { push, report } = await reportOf({ items: [guard], parameters });
		expect(push.map(({ url }) => url)).toEqual([
			'http://pushgateway:9091/metrics/job/mam-freeleech-grabber/instance/seed.box-2',
			'http://pushgateway:9091/metrics/job/mam-freeleech-grabber/instance/seed.box-2/kind/success',
			'http://pushgateway:9091/metrics/job/mam-account/instance/seed.box-2',
			'http://pushgateway:9091/metrics/job/mam-session/instance/seed.box-2',
		]);
		expect(report).toMatchObject({ instance: 'seed.box-2' });
	});

	it.each(['a/b', 'x'.repeat(65), 'two words', undefined])(
		'pushes nothing for the instance %p, whose group may be another one',
		async (instance) => {
			const { push, failures } = await reportOf({ items: [guard], parameters: { instance } });
			expect(push).toEqual([]);
			expect(failures).toMatchObject([
				{ cause: 'bad_parameter', action: expect.stringContaining('Instance: ') },
			]);
		},
	);

	it('hands over one failed item that says which step failed, and names no field "error"', async () => {
		const { push, failures } = await reportOf({ items: [failed('dead_cookie', { id: 3 })] });
		expect(push.map(({ group }) => group)).toEqual(['flow', 'session']);
		expect(failures).toEqual([
			{
				failed: true,
				cause: 'dead_cookie',
				message: 'It ended as dead_cookie.',
				action: 'Do this next.',
				until: null,
				node: 'A step',
				operation: 'torrent:get',
				at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
				lines: expect.arrayContaining(['Done: grabbed=0 dry_run=False']),
			},
		]);
	});

	it('treats a manual run that failed before any policy as a dry run', async () => {
		const { push, failures } = await reportOf({ items: [failed('timeout')], mode: 'manual' });
		expect(push.map(({ url }) => url)).toEqual([
			'http://pushgateway:9091/metrics/job/mam-freeleech-grabber/kind/dry_run',
		]);
		expect(failures).toHaveLength(1);
	});

	it('pushes nothing without an address, and still reports the run and marks a failed one', async () => {
		const parameters = { pushgatewayUrl: '' };
		const healthy = await reportOf({ items: [guard], parameters });
		expect([healthy.push, healthy.failures]).toEqual([[], []]);
		expect(healthy.report).toMatchObject({ outcome: 'nothing_to_do', flow: 'grabber' });
		const { report, push, failures } = await reportOf({
			items: [failed('dead_cookie')],
			parameters,
		});
		expect([push.length, failures.length]).toEqual([0, 1]);
		expect(report).toMatchObject({ outcome: 'failed', cause: 'dead_cookie' });
	});

	it('fails the run on an unusable address, without quoting it', async () => {
		const parameters = { pushgatewayUrl: 'http://user:secret@pushgateway:9091' };
		const result = await reportOf({ items: [guard], parameters });
		expect(result.push).toEqual([]);
		expect(result.failures).toMatchObject([
			{
				cause: 'bad_parameter',
				message: expect.stringContaining('Pushgateway URL'),
				action: expect.stringContaining('Pushgateway URL: leave user'),
				node: 'Report Run',
				operation: 'reportMetrics',
			},
		]);
		expect(JSON.stringify(result)).not.toContain('secret');
	});

	it('fails the run when the address is an expression that yields nothing', async () => {
		const parameters = { pushgatewayUrl: undefined };
		const { failures } = await reportOf({ items: [guard], parameters });
		expect(failures).toMatchObject([{ cause: 'bad_parameter' }]);
	});

	it('reports an expression that throws, and what else failed first', async () => {
		const parameters = { pushgatewayUrl: new TypeError('no such node') };
		const { failures } = await reportOf({ items: [failed('dead_cookie')], parameters });
		expect(failures).toMatchObject([{ cause: 'dead_cookie' }]);
		expect(failures[0].lines).toContainEqual(expect.stringMatching(/^Failed: cause=bad_parameter/));
	});

	it('fails the run when the job is not one of the four, and pushes into no group', async () => {
		const { report, push, failures } = await reportOf({ items: [guard], parameters: { job: 'x' } });
		expect(push).toEqual([]);
		expect(report).toMatchObject({ outcome: 'failed', flow: 'unknown' });
		expect(failures).toMatchObject([
			{ cause: 'bad_parameter', action: expect.stringContaining('Job') },
		]);
	});

	it("puts outcome and line into n8n's execution, short enough that n8n does not complain", async () => {
		const customData = new Map<string, string>();
		const items = [{ ...judged501(), planned: {}, line: 'x'.repeat(500) }];
		await reportOf({ items, parameters: { job: 'farming-janitor' }, customData });
		expect([...customData.keys()]).toEqual(['outcome', 'farming_janitor_line']);
		expect(customData.get('outcome')).toBe('nothing_to_do');
		expect(customData.get('farming_janitor_line')).toHaveLength(255);
	});

	it('survives when n8n refuses the line', async () => {
		const customData = {
			set: () => {
				throw new TypeError('refused');
			},
		};
		const { push } = await reportOf({ items: [guard], customData });
		expect(push).toHaveLength(4);
	});
});

describe('the report of a run', () => {
	it('begins with the outcome, and names neither torrents nor whose account it is', async () => {
		const hash = 'a'.repeat(40);
		const { report } = await reportOf({
			items: [ranked5, ...grabs5.map((grab) => ({ ...grab, title: 'A Title', infoHash: hash }))],
		});
		expect(Object.keys(report)[0]).toBe('outcome');
		expect(report).toMatchObject({ outcome: 'acted', acted: 5, held: 95, points: 25_551.5 });
		const text = JSON.stringify(report);
		for (const secret of ['A Title', hash, account.username, String(account.uid)])
			expect(text).not.toContain(secret);
	});

	it('is a dry run when nothing may be done', async () => {
		const { report } = await reportOf({
			items: [{ ...plan50, dryRun: true }],
			parameters: { job: 'bp-spender' },
		});
		expect(report).toMatchObject({ outcome: 'dry_run', acted: 0, spent: 0, cause: null });
	});

	it('is a dry run even when it failed, and says why', async () => {
		const { report } = await reportOf({ items: [failed('timeout')], mode: 'manual' });
		expect(report).toMatchObject({ outcome: 'dry_run', cause: 'timeout' });
		expect(report.message).toMatch(/^Dry run: nothing was done\. The run failed at A step: /);
	});
});

it('fails when every file that was asked for is missing in three scheduled runs in a row', async () => {
	const staticData = {};
	const selected = { ...ranked5, numbers: { ...ranked5.numbers, selected: 1 } };
	const run = async (mode: string) =>
		(await reportOf({ items: [guard, selected, failed('gone')], staticData, mode })).failures;
	for (const mode of ['trigger', 'manual', 'retry', 'trigger']) expect(await run(mode)).toEqual([]);
	expect(await run('trigger')).toMatchObject([
		{ cause: 'gone', message: expect.stringContaining('in 3 runs in a row') },
	]);
	await reportOf({ items: [guard, selected, { result: 'added' }], staticData });
	expect(staticData).not.toHaveProperty('badFileRuns');
});

it('counts the runs with missing files in no scheduled dry run, and in no other workflow', async () => {
	const staticData = { badFileRuns: 2 };
	const planned = [
		{ ...ranked5, dryRun: true },
		{ result: 'added', simulated: true },
	];
	await reportOf({ items: [guard, ...planned], staticData });
	const parameters = { job: 'client-keeper' };
	await reportOf({ items: [failed('gone')], parameters, staticData });
	expect(staticData).toMatchObject({ badFileRuns: 2 });
});

describe('the messages of a run', () => {
	const events = ({ notify }: { notify: IDataObject[] }) => notify.map(({ event }) => event);

	it('are about more than one run only where something is remembered: the report says when nothing is', async () => {
		const staticData = {};
		const says = async (mode?: string) =>
			String((await reportOf({ items: [guard], staticData, mode })).report.message).includes(
				'Nothing is known of earlier runs.',
			);
		const told = [await says('manual'), await says('retry'), await says(), await says()];
		expect(told).toEqual([false, false, true, false]);
	});

	it('come once, by the static data of the workflow', async () => {
		const staticData = { grabs: { added: {}, tried: {} } };
		const failing = { items: [failed('dead_cookie')], staticData };
		expect(events(await reportOf(failing))).toEqual(['failed']);
		expect(events(await reportOf(failing))).toEqual([]);
		expect(events(await reportOf({ items: [guard], staticData }))).toEqual(['recovered']);
		expect(staticData).toEqual({ grabs: { added: {}, tried: {} }, events: {}, runs: 3 });
	});

	it('do not come from a dry run, a manual run or a retry, and none changes what is remembered', async () => {
		const staticData = {};
		const dry = { ...plan50, dryRun: true, failure: failed('timeout') };
		const parameters = { job: 'bp-spender' };
		expect(events(await reportOf({ items: [dry], parameters, staticData }))).toEqual([]);
		const items = [failed('dead_cookie')];
		for (const mode of ['manual', 'retry'])
			expect(events(await reportOf({ items, staticData, mode }))).toEqual([]);
		expect(staticData).toEqual({ runs: 1 });
	});

	it('that could not be sent come again, once, before those of the run, and the report says so', async () => {
		const unsent = {
			event: 'mouse',
			severity: 'critical',
			title: 'MAM: the account is a Mouse',
			message: 'Buy upload credit.',
			flow: 'grabber',
			instance: '',
			at: '2026-09-06T09:02:00.000Z',
			tries: 1,
			tried: '2026-09-06T09:02:00.000Z',
		};
		const staticData: IDataObject = { unsent: [unsent, { event: 'no message' }] };
		const dry = await reportOf({ items: [guard], staticData, mode: 'manual' });
		expect(events(dry)).toEqual([]);
		const told = await reportOf({ items: [failed('dead_cookie')], staticData });
		expect(events(told)).toEqual(['mouse', 'failed']);
		expect(told.notify[0]).toEqual({
			...unsent,
			message: 'Buy upload credit. (From 2026-09-06 09:02 UTC; it could not be sent then.)',
		});
		for (const { report } of [dry, told])
			expect(report.message).toContain(
				'1 message could not be sent, and will be sent again: check the address and the topic in Tell Me.',
			);
		const next = await reportOf({ items: [failed('dead_cookie')], staticData });
		expect(events(next)).toEqual([]);
		expect(next.report.message).not.toContain('could not be sent');
	});

	it('that wait stay while a policy has Dry Run switched on', async () => {
		const unsent = [{ event: 'mouse' }];
		const staticData: IDataObject = { unsent };
		await reportOf({ items: [{ ...ranked5, dryRun: true }], staticData });
		expect(staticData.unsent).toBe(unsent);
	});

	it('stay what they are when the job is not one of the four', async () => {
		const at = '2026-09-06T09:02:00.000Z';
		const before = { events: { stale: { since: at, sent: at } }, unsent: [{ event: 'stale' }] };
		const staticData: IDataObject = structuredClone(before);
		const parameters = { job: 'x' };
		expect(events(await reportOf({ items: [guard], parameters, staticData }))).toEqual([]);
		expect(staticData).toEqual({ ...before, runs: 1 });
	});

	it('can be tried by hand, and on schedule the test is silent', async () => {
		const parameters = { notifyOn: ['test'] };
		const items = [{ ...ranked5, dryRun: true }];
		expect(events(await reportOf({ items, parameters, mode: 'manual' }))).toEqual(['test']);
		expect(events(await reportOf({ items, parameters }))).toEqual([]);
	});

	it.each([[['failed', 'x']], ['failed'], [undefined]])(
		'report the failure of a choice %j that cannot be used',
		async (notifyOn) => {
			const result = await reportOf({ items: [guard], parameters: { notifyOn } });
			expect(result.failures).toMatchObject([{ cause: 'bad_parameter' }]);
			expect(events(result)).toEqual(['failed']);
		},
	);
});
