import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

import type {
	ICredentialType,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { REPOSITORY } from '../stack/packPackage.mts';

/** An operation of a node, or of a resource of a node, with its fields; the options of a collection follow it. */
export interface Operation {
	/** As the editor shows it, e.g. `Torrent: Search`; empty for a node without operations. */
	title: string;
	/** As a saved workflow has it, e.g. `torrent: search`. */
	value: string;
	description: string;
	fields: Field[];
}

/** A field of the editor. */
export interface Field {
	/** With its unit, e.g. `Min Size (MiB)`. */
	label: string;
	name: string;
	/** Whether it is found under Options. */
	isOption: boolean;
	property: INodeProperties;
}

interface Choice {
	name: string;
	value: string;
	description?: string;
}

const require = createRequire(import.meta.url);

function built<T>(kind: 'nodes' | 'credentials'): T[] {
	const { n8n } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
		n8n: Record<typeof kind, string[]>;
	};
	return n8n[kind].map((file) => {
		// As n8n does: the class has the name of its file.
		const { [basename(file).split('.')[0]]: Type } = require(join(REPOSITORY, file)) as Record<
			string,
			new () => T
		>;
		return new Type();
	});
}

/** The nodes as they were built last (`npm run build`). */
export function builtNodes(): INodeTypeDescription[] {
	return built<INodeType>('nodes').map(({ description }) => description);
}

/** The credentials as they were built last. */
export function builtCredentials(): ICredentialType[] {
	return built<ICredentialType>('credentials');
}

/** The fields among `properties` that a reader fills in; each collection is followed by its options. */
export function fieldsOf(properties: INodeProperties[]): Field[] {
	return properties
		.filter(({ type }) => type !== 'hidden' && type !== 'notice')
		.flatMap((property) =>
			property.type === 'collection'
				? (property.options as INodeProperties[]).map((option) => field(option, true))
				: [field(property, false)],
		);
}

function field(property: INodeProperties, isOption: boolean): Field {
	return { label: property.displayName, name: property.name, isOption, property };
}

function isShownFor(chosen: Record<string, string>, { displayOptions }: INodeProperties): boolean {
	return Object.entries(chosen).every(([name, value]) => {
		const shown = displayOptions?.show?.[name];
		return shown === undefined || (shown as unknown[]).includes(value);
	});
}

function selector(properties: INodeProperties[], name: string, chosen: Record<string, string>) {
	const found = properties.find(
		(property) => property.name === name && isShownFor(chosen, property),
	);
	return (found?.options ?? []) as Choice[];
}

/** Every operation of a node, in the order of the editor. */
export function operationsOf({ properties }: INodeTypeDescription): Operation[] {
	const own = properties.filter(({ name }) => name !== 'resource' && name !== 'operation');
	const resources = selector(properties, 'resource', {});
	const of = (resource: Choice | null) => {
		const inResource: Record<string, string> =
			resource === null ? {} : { resource: resource.value };
		return selector(properties, 'operation', inResource).map((operation): Operation => {
			const chosen = { ...inResource, operation: operation.value };
			return {
				title: [resource?.name, operation.name].filter(Boolean).join(': '),
				value: [resource?.value, operation.value].filter(Boolean).join(': '),
				description: operation.description ?? '',
				fields: fieldsOf(own.filter((property) => isShownFor(chosen, property))),
			};
		});
	};
	const operations = resources.length > 0 ? resources.flatMap(of) : of(null);
	return operations.length > 0
		? operations
		: [{ title: '', value: '', description: '', fields: fieldsOf(own) }];
}
