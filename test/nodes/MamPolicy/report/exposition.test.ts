import fc from 'fast-check';

import { METRICS } from '../../../../nodes/MamPolicy/report/definitions';
import type { MetricName } from '../../../../nodes/MamPolicy/report/definitions';
import { exposition } from '../../../../nodes/MamPolicy/report/exposition';
import { parseExposition } from './parseExposition';

function held(reason: unknown, value = 1) {
	return { metric: 'mam_grabber_held' as const, value, labels: { reason } };
}

function labelsOf(reason: unknown): string {
	return Object.keys(parseExposition(exposition([held(reason)])).mam_grabber_held.series)[0];
}

describe('exposition', () => {
	it('writes HELP and TYPE once, the series of a metric together, and a final newline', () => {
		const body = exposition([
			held('too_large', 3),
			{ metric: 'mam_ratio', value: 1.25 },
			held('too_small', 2),
		]);
		expect(body).toBe(
			[
				`# HELP mam_grabber_held ${METRICS.mam_grabber_held.help}`,
				'# TYPE mam_grabber_held gauge',
				'mam_grabber_held{reason="too_large"} 3',
				'mam_grabber_held{reason="too_small"} 2',
				`# HELP mam_ratio ${METRICS.mam_ratio.help}`,
				'# TYPE mam_ratio gauge',
				'mam_ratio 1.25',
				'',
			].join('\n'),
		);
	});

	it.each([
		['a quote', 'a"b', String.raw`{reason="a\"b"}`],
		['a backslash', 'a\\b', String.raw`{reason="a\\b"}`],
		['a newline', 'a\nb', String.raw`{reason="a\nb"}`],
		['a carriage return and NUL', 'a\r\u0000b', '{reason="ab"}'],
		['right-to-left marks', 'a\u202e\u200fb', '{reason="ab"}'],
		['half a character', 'a\ud800b', '{reason="ab"}'],
		['HTML', '<b>&amp;</b>', '{reason="<b>&amp;</b>"}'],
		['a closing brace', 'x"} 5', String.raw`{reason="x\"} 5"}`],
		['nothing', '', '{reason="unknown"}'],
		['no text', { toString: 1 }, '{reason="unknown"}'],
	])('keeps %s inside the label', (_, reason, expected) => {
		expect(labelsOf(reason)).toBe(expected);
	});

	it('cuts a label of 10,000 characters at 100, never through a character', () => {
		expect(labelsOf('😀'.repeat(10_000))).toBe(`{reason="${'😀'.repeat(100)}"}`);
	});

	it('adds up counts whose reasons read the same', () => {
		const { series } = parseExposition(
			exposition([held('a\u0000', 2), held('a', 3)]),
		).mam_grabber_held;
		expect(series).toEqual({ '{reason="a"}': 5 });
	});

	it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])(
		'leaves out a value of %p: what is not known has no series',
		(value) => {
			expect(exposition([{ metric: 'mam_ratio', value }])).toBe('');
		},
	);

	it('leaves out a sum that is larger than a number can be', () => {
		const { series } = parseExposition(
			exposition([held('a', 1e308), held('a', 1e308)]),
		).mam_grabber_held;
		expect(series).toEqual({ '{reason="a"}': 1e308 });
	});

	it('sets a comma between labels', () => {
		const labels = { reason: 'a', kind: 'b' };
		expect(exposition([{ metric: 'mam_grabber_held', value: 1, labels }])).toContain(
			'mam_grabber_held{reason="a",kind="b"} 1\n',
		);
	});

	it('is well-formed for any text and number', () => {
		const names = fc.constantFrom(...(Object.keys(METRICS) as MetricName[]));
		const sample = fc.record({
			metric: names,
			value: fc.double(),
			reason: fc.string({ unit: 'binary' }),
		});
		fc.assert(
			fc.property(fc.array(sample, { minLength: 1 }), (samples) => {
				const body = exposition(
					samples.map(({ metric, value, reason }) => ({ metric, value, labels: { reason } })),
				);
				if (body !== '') parseExposition(body);
			}),
		);
	});
});

describe('the metrics', () => {
	const entries = Object.entries(METRICS);

	it('have names, help and units that Prometheus takes', () => {
		for (const [name, { help, labels }] of entries) {
			expect(name).toMatch(/^(mam|qbt)_[a-z_]+$/);
			expect(help).toMatch(/^\S[^\n\\]*\.$/);
			expect(labels.every((label) => /^[a-z]+$/.test(label))).toBe(true);
		}
	});

	it('are each in one group, so that no alert fires twice; the dry-run flag is meant to be in two', () => {
		const inTwo = entries.filter(([, { groups }]) => groups.length > 1).map(([name]) => name);
		expect(inTwo).toEqual(['mam_janitor_dry_run']);
	});

	it('keep the names that dashboards and alerts are built on', () => {
		expect(Object.keys(METRICS)).toEqual(
			expect.arrayContaining([
				'mam_farming_cookie_expired',
				'mam_ratio',
				'qbt_connected',
				'qbt_dht_nodes',
				'qbt_ul_speed_bytes',
				'qbt_dl_speed_bytes',
				'qbt_tracker_uploaded_bytes',
				'qbt_tracker_downloaded_bytes',
				'qbt_tracker_ratio',
				'qbt_tracker_size_bytes',
				'qbt_tracker_torrents_total',
				'qbt_tracker_seeding',
				'qbt_tracker_downloading',
				'qbt_tracker_unsatisfied',
				'qbt_tracker_seed_time_total',
				'mam_class_code',
				'mam_downloaded_bytes',
				'mam_uploaded_bytes',
				'mam_bp_balance',
				'mam_bp_spent_gb',
				'mam_bp_needed_gib',
				'mam_bp_affordable_gib',
				'mam_farming_grabbed',
				'mam_farming_total_seeding',
				'mam_farming_size_bytes',
				'mam_grabber_skipped_reason',
				'mam_grabber_last_run_timestamp',
				'mam_janitor_deleted_per_run',
				'mam_janitor_dry_run_candidates',
				'mam_janitor_preserved_hnr',
				'mam_janitor_skipped_active',
				'mam_janitor_tracker_down',
				'mam_janitor_dry_run',
				'mam_janitor_last_run_timestamp',
			]),
		);
	});
});
