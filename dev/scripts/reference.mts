import { join } from 'node:path';

import type {
	INodeParameterResourceLocator,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import { REPOSITORY } from '../stack/packPackage.mts';
import { writeMarked, type MarkedFile } from './markedFile.mts';
import { builtCredentials, builtNodes, fieldsOf, operationsOf, type Field } from './nodeFields.mts';

/** Where the fields of the built nodes stand. */
export const REFERENCE: MarkedFile = {
	path: join(REPOSITORY, 'docs', 'reference.md'),
	begin: '<!-- reference: written by npm run reference, from the built nodes -->',
	end: '<!-- end of reference -->',
};

function code(value: unknown): string {
	return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** A field that is filled from a list of the service, or by hand. */
function isLocator(
	property: INodeProperties,
): property is INodeProperties & { default: INodeParameterResourceLocator } {
	return property.type === 'resourceLocator';
}

function defaultOf({ property }: Field): string {
	const { required, type } = property;
	const value = isLocator(property) ? property.default.value : property.default;
	if (value === '' || (Array.isArray(value) && value.length === 0))
		return required ? 'required' : 'empty';
	if (required && type === 'number') return 'required';
	return `default ${code(value)}`;
}

function typeOf({ property }: Field): string {
	const least = property.typeOptions?.minValue;
	if (isLocator(property))
		return (property.modes ?? []).map(({ displayName }) => displayName.toLowerCase()).join(' or ');
	if (property.type === 'number' && least !== undefined) return `number from ${least}`;
	const names: Record<string, string> = {
		string: 'text',
		boolean: 'switch',
		options: 'choice',
		multiOptions: 'choices',
		dateTime: 'time',
		json: 'JSON',
	};
	return names[property.type] ?? property.type;
}

function choicesOf({ property }: Field): string {
	if (property.type !== 'options' && property.type !== 'multiOptions') return '';
	const values = (property.options as INodePropertyOptions[]).map(({ value }) => code(value));
	return ` One of ${values.join(', ')}.`;
}

/** On which other fields it depends, e.g. `, when source is url`. */
function conditionOf({ property }: Field): string {
	return Object.entries(property.displayOptions?.show ?? {})
		.filter(([name]) => name !== 'resource' && name !== 'operation')
		.map(
			([name, values]) => `, when ${code(name)} is ${(values as unknown[]).map(code).join(' or ')}`,
		)
		.join('');
}

/** A sentence of a description, with what Markdown would read as its own escaped. */
function sentence(text = ''): string {
	const plain = text.replace(/[<>*_]/g, '\\$&').replace(/\{\{.*?\}\}/g, (part) => code(part));
	return plain === '' || plain.endsWith('.') ? plain : `${plain}.`;
}

function line(field: Field): string {
	const facts = [
		code(field.name),
		...(field.isOption ? ['option'] : []),
		typeOf(field),
		defaultOf(field) + conditionOf(field),
	];
	const text = `${sentence(field.property.description)}${choicesOf(field)}`.trim();
	return `- **${field.label}** (${facts.join(', ')})${text === '' ? '' : `: ${text}`}`;
}

function nodes(): string[] {
	return builtNodes().flatMap((node) => [
		`## ${node.displayName}`,
		`\`n8n-nodes-myanonamouse.${node.name}\`: ${sentence(node.description)}`,
		...operationsOf(node).flatMap(({ title, value, description, fields }) => [
			...(title === ''
				? []
				: [`### ${node.displayName}: ${title}`, `${code(value)}: ${sentence(description)}`]),
			fields.map(line).join('\n'),
		]),
	]);
}

function credentials(): string[] {
	return builtCredentials().flatMap(({ displayName, name, properties }) => [
		`## Credential ${displayName}`,
		code(name),
		fieldsOf(properties).map(line).join('\n'),
	]);
}

/** Every field of the built nodes and credentials, as Markdown. */
export function referenceFields(): string {
	return [...nodes(), ...credentials()].filter((part) => part !== '').join('\n\n');
}

if (import.meta.main) await writeMarked(REFERENCE, referenceFields());
