// Imports the shipped workflows that this n8n lacks, unpublished. Those that it has stay as they are: importing one again
// would replace its thresholds and unpublish it. Run where n8n runs, as its user: node importMissingWorkflows.mjs
import { execFileSync } from 'node:child_process';
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const SHIPPED = join(
	process.env.N8N_USER_FOLDER || homedir(),
	'.n8n/nodes/node_modules/n8n-nodes-myanonamouse/workflows',
);

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** What n8n's command line prints, also where it ends with a failure. */
function n8n(command, ...args) {
	try {
		return execFileSync('n8n', [command, ...args], { encoding: 'utf8', stdio: 'pipe' });
	} catch (error) {
		return `${error.stdout}${error.stderr}${error.message}`;
	}
}

/** All workflows, or all credentials (encrypted), of this n8n. Having none is a failure to n8n, but not here. */
function exported(kind, folder) {
	const file = join(folder, `${kind}.json`);
	const printed = n8n(`export:${kind}`, '--all', `--output=${file}`);
	if (existsSync(file)) return readJson(file);
	if (/No \w+ found/.test(printed)) return [];
	throw new Error(`n8n export:${kind} failed:\n${printed}`);
}

function importMissing(folder) {
	const present = new Set(exported('workflow', folder).map(({ id }) => id));
	const missing = readdirSync(SHIPPED).filter(
		(file) => !present.has(readJson(join(SHIPPED, file)).id),
	);
	if (missing.length === 0) return 'No shipped workflow is missing: nothing imported.';
	// An imported node keeps the credential that has this type and name now; one created later is not found.
	const wanted = missing.flatMap((file) =>
		readJson(join(SHIPPED, file)).nodes.flatMap(({ credentials = {} }) =>
			Object.entries(credentials).map(([type, { name }]) => `${name} (${type})`),
		),
	);
	const credentials = exported('credentials', folder).map(({ name, type }) => `${name} (${type})`);
	const lacking = [...new Set(wanted)].filter((credential) => !credentials.includes(credential));
	if (lacking.length > 0)
		return `Nothing imported: first create these credentials in the editor, under these names: ${lacking.join(', ')}.`;
	const input = join(folder, 'missing');
	mkdirSync(input);
	for (const file of missing) copyFileSync(join(SHIPPED, file), join(input, file));
	const printed = n8n('import:workflow', '--separate', `--input=${input}`);
	if (!printed.includes(`Successfully imported ${missing.length} workflow`))
		throw new Error(`n8n import:workflow failed:\n${printed}`);
	return `Imported, unpublished: ${missing.join(', ')}.`;
}

const folder = mkdtempSync(join(tmpdir(), 'import-'));
try {
	console.log(importMissing(folder));
} finally {
	rmSync(folder, { recursive: true, force: true });
}
