import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { execute } from '../../../../nodes/MamPolicy/operations/reportMetrics.operation';
import { account, failed, judged501, summary } from '../report/runs';

interface Setting {
	items?: unknown[];
	parameters?: Record<string, unknown>;
	mode?: string;
	customData?: Pick<Map<string, string>, 'set'>;
}

async function reportOf(setting: Setting) {
	const parameters: Record<string, unknown> = {
		job: 'freeleech-grabber',
		pushgatewayUrl: 'http://pushgateway:9091',
		...setting.parameters,
	};
	const context = {
		getInputData: () => (setting.items ?? []).map((json) => ({ json: json as IDataObject })),
		getNodeParameter: (name: string) => {
			const value = parameters[name];
			if (value instanceof Error) throw value;
			return value;
		},
		getMode: () => setting.mode ?? 'trigger',
		customData: setting.customData,
	} as unknown as IExecuteFunctions;
	const [push, failures] = await execute.call(context);
	return { push: push.map((item) => item.json), failures: failures.map((item) => item.json) };
}

const guard = summary('guardAccount', { line: 'Skip grab', counts: { mouse_class: 1 }, account });

describe('reportMetrics', () => {
	it('pushes the groups of a healthy run, below an address with a trailing slash too', async () => {
		const parameters = { pushgatewayUrl: 'http://pushgateway:9091/' };
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
			lines: ['Skip grab', 'Done: grabbed=0 dry_run=False'],
		});
	});

	it('hands over one failed item, after the push, that names no field "error"', async () => {
		const { push, failures } = await reportOf({ items: [failed('dead_cookie', { id: 3 })] });
		expect(push.map(({ group }) => group)).toEqual(['flow', 'session']);
		expect(failures).toEqual([
			{
				failed: true,
				cause: 'dead_cookie',
				message: 'It ended as dead_cookie.',
				action: 'Do this next.',
				until: null,
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

	it('pushes nothing without an address, and still marks a failed run', async () => {
		const parameters = { pushgatewayUrl: '' };
		expect(await reportOf({ items: [guard], parameters })).toEqual({ push: [], failures: [] });
		const { push, failures } = await reportOf({ items: [failed('dead_cookie')], parameters });
		expect([push.length, failures.length]).toEqual([0, 1]);
	});

	it('fails the run on an unusable address, without quoting it', async () => {
		const parameters = { pushgatewayUrl: 'http://user:secret@pushgateway:9091' };
		const result = await reportOf({ items: [guard], parameters });
		expect(result.push).toEqual([]);
		expect(result.failures).toMatchObject([
			{
				cause: 'bad_parameter',
				message: expect.stringContaining('pushgatewayUrl'),
				action: expect.stringContaining('Pushgateway URL'),
			},
		]);
		expect(JSON.stringify(result)).not.toContain('secret');
	});

	it('reports an expression that throws, and what else failed first', async () => {
		const parameters = { pushgatewayUrl: new TypeError('no such node') };
		const { failures } = await reportOf({ items: [failed('dead_cookie')], parameters });
		expect(failures).toMatchObject([{ cause: 'dead_cookie' }]);
		expect(failures[0].lines).toContain('Failed: cause=unknown no such node');
	});

	it('fails the run when the job is not one of the four', async () => {
		const { push, failures } = await reportOf({ items: [guard], parameters: { job: 'x' } });
		expect(push).toEqual([]);
		expect(failures).toMatchObject([
			{ cause: 'bad_parameter', action: expect.stringContaining('Job') },
		]);
	});

	it("puts the run's line into n8n's execution list, short enough that n8n does not complain", async () => {
		const customData = new Map<string, string>();
		const items = [{ ...judged501(), planned: {}, line: 'x'.repeat(500) }];
		await reportOf({ items, parameters: { job: 'farming-janitor' }, customData });
		expect([...customData.keys()]).toEqual(['farming_janitor_line']);
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
