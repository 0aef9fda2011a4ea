import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { markedText } from '../../dev/scripts/markedFile.mts';
import { METRICS, metricsTable, MONITORING } from '../../dev/scripts/metrics.mts';

test('docs/monitoring.md lists every metric as it is defined; otherwise: npm run metrics', async () => {
	const text = await readFile(MONITORING.path, 'utf8');
	assert.equal(text, await markedText(MONITORING, metricsTable()));
	for (const name of Object.keys(METRICS)) assert.ok(text.includes(`| \`${name}\` `), name);
});
