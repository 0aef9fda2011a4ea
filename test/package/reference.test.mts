import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { markedText } from '../../dev/scripts/markedFile.mts';
import { builtNodes, operationsOf } from '../../dev/scripts/nodeFields.mts';
import { REFERENCE, referenceFields } from '../../dev/scripts/reference.mts';
import { REPOSITORY } from '../../dev/stack/packPackage.mts';
import { readWorkflow } from '../../dev/stack/workflowFiles.mts';

interface Threshold {
	operation: string;
	label: string;
	isOption: boolean;
	byDefault: string;
	/** What the shipped workflows set; the default where they set nothing. */
	inWorkflows: string;
}

const page = await readFile(join(REPOSITORY, 'docs', 'thresholds.md'), 'utf8');

function thresholds(): Threshold[] {
	const table = /<!-- thresholds.*?-->(.*?)<!-- end of thresholds -->/s.exec(page)?.[1] ?? '';
	const [, , ...rows] = table.trim().split('\n');
	return rows.map((row) => {
		const [, operation, field, values] = row.split('|').map((cell) => cell.trim());
		const label = field.replace(/ \(_option_\)$/, '');
		const [, byDefault, inWorkflows = byDefault] = /^(.*?)(?:; workflows: (.*))?$/.exec(values)!;
		return { operation, label, isOption: label !== field, byDefault, inWorkflows };
	});
}

test('docs/reference.md lists every field of the built nodes with its default; otherwise: npm run reference', async () => {
	assert.equal(
		await readFile(REFERENCE.path, 'utf8'),
		await markedText(REFERENCE, referenceFields()),
	);
});

test('every field of the built nodes says what it is for', () => {
	const fields = builtNodes().flatMap((node) => operationsOf(node).flatMap((one) => one.fields));
	assert.ok(fields.length > 100);
	const silent = fields.filter(
		({ property }) => !property.description && property.type !== 'collection',
	);
	assert.deepEqual(
		silent.map(({ label }) => label),
		[],
	);
});

const policy = operationsOf(builtNodes().find(({ name }) => name === 'mamPolicy')!);
const files = await readdir(join(REPOSITORY, 'workflows'));
const shipped = await Promise.all(files.map(async (file) => await readWorkflow(file)));

interface Assignments {
	assignments: { assignments: Array<{ name: string; value: unknown }> };
}

/** `set`, or what it takes from Settings. */
function setting(nodes: (typeof shipped)[number]['nodes'], set: string): string {
	const [, name] = /^=\{\{ \$\('Settings'\)\.first\(\)\.json\.(\w+) \}\}$/.exec(set) ?? [];
	if (name === undefined) return set;
	const { parameters } = nodes.find((node) => node.name === 'Settings')!;
	const { assignments } = (parameters as unknown as Assignments).assignments;
	return String(assignments.find((one) => one.name === name)!.value);
}

for (const { operation, label, isOption, byDefault, inWorkflows } of thresholds()) {
	test(`thresholds: ${operation}, ${label} is the field's name, unit and default, in the workflows too`, () => {
		const { value, fields } = policy.find(({ title }) => title === operation)!;
		const field = fields.find((candidate) => candidate.label === label);
		assert.ok(field, `one of: ${fields.map((candidate) => candidate.label).join(', ')}`);
		assert.equal(isOption, field.isOption);
		assert.equal(byDefault, String(field.property.default));
		for (const { nodes } of shipped) {
			for (const { parameters } of nodes) {
				if (parameters.operation !== value) continue;
				const { [field.name]: set } = isOption
					? (parameters.options as Record<string, unknown>)
					: parameters;
				assert.equal(set === undefined ? byDefault : setting(nodes, String(set)), inWorkflows);
			}
		}
	});
}

test('docs/thresholds.md has its table', () => {
	assert.ok(thresholds().length >= 15);
});
