import { NodeHelpers, type INode, type INodeParameters, type INodeTypeDescription } from 'n8n-workflow';

import { MamPolicy } from '../../nodes/MamPolicy/MamPolicy.node';
import { MyAnonamouse } from '../../nodes/MyAnonamouse/MyAnonamouse.node';
import { QBittorrent } from '../../nodes/QBittorrent/QBittorrent.node';
import { ownType, SHIPPED } from './files';

const DESCRIPTIONS: Record<string, INodeTypeDescription> = {
	mamPolicy: new MamPolicy().description,
	myAnonamouse: new MyAnonamouse().description,
	qBittorrent: new QBittorrent().description,
};

/** The warnings among a node's fields, as n8n decides about showing them. */
function warnings(node: INode, change: INodeParameters = {}): string[] {
	const description = DESCRIPTIONS[ownType(node)!];
	const parameters = { ...node.parameters, ...change };
	const { properties } = description;
	const all = NodeHelpers.getNodeParameters(properties, parameters, true, false, node, description)!;
	return properties
		.filter(({ type }) => type === 'notice')
		.filter((property) => NodeHelpers.displayParameter(all, property, node, description))
		.map(({ name }) => name);
}

const own = SHIPPED.flatMap(({ workflow }) => workflow.nodes).filter((node) => ownType(node));

test.each(own.map((node) => [node.name, node]))('%s, as shipped, has nothing to warn of', (_, node) => {
	expect(warnings(node)).toEqual([]);
});

test.each([
	['Guard Account', { blockedClasses: 'User' }, 'mouseWarning'],
	['Guard Account', { blockedClasses: '' }, 'mouseWarning'],
	['Guard Account', { ratioFloor: 0.99 }, 'ratioWarning'],
	['Rank Candidates', { dryRun: false }, 'dryRunWarning'],
	['Rank Candidates', { options: { onlyFree: false } }, 'notFreeWarning'],
	['Judge Torrents', { dryRun: false }, 'dryRunWarning'],
	['Delete Torrents', { onlyIfUnchanged: false }, 'unchangedWarning'],
	['Delete Torrents', { simulate: false }, 'simulateWarning'],
	['Plan Spend', { dryRun: false }, 'dryRunWarning'],
	['Buy Upload', { simulate: false }, 'simulateWarning'],
	['Buy VIP', { simulate: false }, 'simulateWarning'],
	['Reconcile Preferences', { dryRun: false }, 'dryRunWarning'],
])('%s warns of %j', (name, change, warning) => {
	const node = own.find((candidate) => candidate.name === name)!;
	expect(warnings(node, change)).toEqual([warning]);
});

test.each([
	['Guard Account', { blockedClasses: 'user, MOUSE' }],
	['Guard Account', { ratioFloor: 1 }],
	['Guard Account', { ratioFloor: '={{ 0.5 }}' }],
	['Rank Candidates', { options: { onlyFree: false, minProjectedRatio: 1.5 } }],
	['Delete Torrents', { onlyIfUnchanged: false, deleteFiles: false }],
])('%s does not warn of %j', (name, change) => {
	const node = own.find((candidate) => candidate.name === name)!;
	expect(warnings(node, change)).toEqual([]);
});
