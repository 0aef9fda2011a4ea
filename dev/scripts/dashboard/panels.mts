import {
	BigValueColorMode,
	BigValueGraphMode,
	BigValueTextMode,
	LegendDisplayMode,
	LegendPlacement,
	LineInterpolation,
	ReduceDataOptionsBuilder,
	StackingConfigBuilder,
	StackingMode,
	VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
	MappingType,
	ThresholdsConfigBuilder,
	ThresholdsMode,
	type Panel,
	type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';

/** A row of the dashboard. */
export interface Row {
	title: string;
	panels: PanelBuilder[];
}

/** A panel whose place and number the dashboard gives. */
export type PanelBuilder = Builder<Panel> & { id(id: number): unknown };

/** A query and what its series are called; `{{label}}` stands for the value of a label. */
export type Query = [expression: string, legend: string];

/** From which value on a number is shown in which colour, the lowest first. */
export type Steps = Array<[from: number, colour: 'green' | 'orange' | 'red' | 'text']>;

const SOURCE = { type: 'prometheus', uid: '${datasource}' };

/** `expression` for the instances that are chosen at the top of the dashboard. */
function ofInstance(expression: string): string {
	return expression.replace(
		/\b((?:mam|qbt|push)_[a-z_]+)(?:\{([^}]*)\})?/g,
		(_match, metric: string, matchers?: string) =>
			`${metric}{${[matchers, 'instance=~"$instance"'].filter(Boolean).join(',')}}`,
	);
}

function target([expression, legend]: Query, index: number): DataqueryBuilder {
	return new DataqueryBuilder()
		.refId(String.fromCharCode('A'.charCodeAt(0) + index))
		.expr(ofInstance(expression))
		.legendFormat(`${legend} {{instance}}`);
}

/** Over a range, a series that ended long ago would still show its last value. */
function targetNow(query: Query, index: number): DataqueryBuilder {
	return target(query, index).instant();
}

function thresholds([[, lowest], ...steps]: Steps): ThresholdsConfigBuilder {
	return new ThresholdsConfigBuilder()
		.mode(ThresholdsMode.Absolute)
		.steps([{ value: null, color: lowest }, ...steps.map(([value, color]) => ({ value, color }))]);
}

function legend(): VizLegendOptionsBuilder {
	return new VizLegendOptionsBuilder()
		.displayMode(LegendDisplayMode.Table)
		.placement(LegendPlacement.Bottom)
		.showLegend(true)
		.calcs(['lastNotNull', 'max']);
}

/** Words for the values of a 0-or-1 metric, the good one green. */
export function words(zero: string, one: string, good: 0 | 1): ValueMapping[] {
	const color = (value: 0 | 1) => (value === good ? 'green' : 'red');
	return [
		{
			type: MappingType.ValueToText,
			options: { 0: { text: zero, color: color(0) }, 1: { text: one, color: color(1) } },
		},
	];
}

/** The value now, large; six of them abreast. */
export function stat(title: string, unit: string, steps: Steps, ...queries: Query[]): StatBuilder {
	return new StatBuilder()
		.title(title)
		.datasource(SOURCE)
		.targets(queries.map(targetNow))
		.unit(unit)
		.thresholds(thresholds(steps))
		.colorMode(BigValueColorMode.Value)
		.graphMode(BigValueGraphMode.None)
		.textMode(BigValueTextMode.Auto)
		.reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
		.noValue('unknown')
		.height(4)
		.span(4);
}

/** Values over time; they change at runs, so they are drawn in steps. */
export function lines(title: string, unit: string, ...queries: Query[]): TimeseriesBuilder {
	return new TimeseriesBuilder()
		.title(title)
		.datasource(SOURCE)
		.targets(queries.map(target))
		.unit(unit)
		.lineInterpolation(LineInterpolation.StepAfter)
		.legend(legend())
		.height(9)
		.span(12);
}

/** Values over time that add up. */
export function stacked(title: string, unit: string, ...queries: Query[]): TimeseriesBuilder {
	return lines(title, unit, ...queries)
		.stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
		.fillOpacity(40)
		.min(0);
}

/** When something was in which state. */
export function timeline(
	title: string,
	states: ValueMapping[],
	...queries: Query[]
): TimelineBuilder {
	return new TimelineBuilder()
		.title(title)
		.datasource(SOURCE)
		.targets(queries.map(target))
		.mappings(states)
		.thresholds(thresholds([[0, 'text']]))
		.height(9)
		.span(12);
}

/** `expression`, and a zero for `label="none"` while it has no series. */
export function orNone(expression: string, label: string): string {
	return `${expression} or on() label_replace(vector(0), "${label}", "none", "", "")`;
}
