import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { INode, INodeParameters } from 'n8n-workflow';

import { REPOSITORY } from '../stack/packPackage.mts';
import { differences, readWorkflow, type WorkflowFile } from '../stack/workflowFiles.mts';
import { builtNodes } from './nodeFields.mts';

// Its ES modules name each other without an ending, which Node does not find.
const { NodeHelpers } = createRequire(import.meta.url)(
	'n8n-workflow',
) as typeof import('n8n-workflow');

const USAGE = `Compares the shipped workflows with those of your n8n. Export them first, then name the file or folder:

  n8n export:workflow --all --separate --output=exported/
  npm run workflows:diff -- exported/`;

const descriptions = new Map(
	builtNodes().map((node) => [`n8n-nodes-myanonamouse.${node.name}`, node]),
);

function say(line = ''): void {
	process.stdout.write(`${line}\n`);
}

/** The workflows of a file of `n8n export:workflow` or of the editor's download, or of a folder of them. */
async function readExport(path: string): Promise<WorkflowFile[]> {
	if ((await stat(path)).isDirectory()) {
		const files = (await readdir(path)).filter((name) => name.endsWith('.json'));
		return (
			await Promise.all(files.map(async (name) => await readExport(join(path, name))))
		).flat();
	}
	const content: unknown = JSON.parse(await readFile(path, 'utf8'));
	return (Array.isArray(content) ? content : [content]).filter(
		(workflow): workflow is WorkflowFile => Array.isArray(workflow?.nodes),
	);
}

/** With every default written out: the editor drops them when it saves. */
function withDefaults(node: INode): INodeParameters {
	const description = descriptions.get(node.type);
	if (description === undefined) return node.parameters;
	// A notice is a text of the form, not a value.
	const properties = description.properties.filter(({ type }) => type !== 'notice');
	return (
		NodeHelpers.getNodeParameters(properties, node.parameters, true, false, node, description) ??
		node.parameters
	);
}

/** What decides how a workflow runs: without ids, places on the canvas, sticky notes and your credentials. */
function essence({ name, nodes, connections, settings }: WorkflowFile & { settings?: unknown }) {
	const own = ({ id: _id, position: _position, credentials: _credentials, ...node }: INode) => ({
		...node,
		parameters: withDefaults(node as INode),
	});
	return {
		name,
		nodes: (nodes as unknown as INode[])
			.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote')
			.map(own),
		connections,
		settings,
	} as unknown as WorkflowFile;
}

/** Those that came from `shipped`: with its id, as the command line imports it, otherwise with its name. */
function descendants(shipped: WorkflowFile, exported: WorkflowFile[]): WorkflowFile[] {
	const same = exported.filter(({ id }) => id === shipped.id);
	return same.length > 0 ? same : exported.filter(({ name }) => name === shipped.name);
}

const paths = process.argv.slice(2);
if (paths.length === 0) {
	say(USAGE);
	process.exit(2);
}

let exported: WorkflowFile[];
try {
	exported = (await Promise.all(paths.map(readExport))).flat();
} catch (error) {
	say(`The export could not be read: ${(error as Error).message}\n\n${USAGE}`);
	process.exit(2);
}

for (const file of await readdir(join(REPOSITORY, 'workflows'))) {
	const shipped = await readWorkflow(file);
	say(`workflows/${file}: ${shipped.name}`);
	const yours = descendants(shipped, exported);
	if (yours.length === 0) say('  not in your export');
	for (const workflow of yours) {
		const found = differences(essence(shipped), essence(workflow));
		if (yours.length > 1) say(`  your workflow ${workflow.id}`);
		if (found.length === 0) say('  no difference');
		for (const line of found) say(`  ${line}`);
	}
	say();
}
