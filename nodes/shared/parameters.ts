import type { IExecuteFunctions, INode, INodeProperties } from 'n8n-workflow';

import { failure } from './failure';
import { isRecord, parseJson } from './json';

/** A field of the editor, as far as its value is read: the limits that the editor enforces hold at run time too. */
export type Field = Pick<
	INodeProperties,
	'displayName' | 'name' | 'default' | 'typeOptions' | 'options' | 'required'
>;

/** What n8n's contexts of actions and of triggers have in common here. */
export interface ParameterSource {
	getNode(): INode;
	getNodeParameter: IExecuteFunctions['getNodeParameter'];
	getInputData?: IExecuteFunctions['getInputData'];
}

/** An expression that yields a field of the item as it is. */
const FIELD_OF_ITEM = /^=\{\{\s*\$json\.([a-zA-Z_]\w*)\s*\}\}$/;

/** An expression that asks how the workflow was started: the same for all items. */
const KIND_OF_RUN = /^=\{\{\s*\$execution\.mode\s*[!=]==\s*'\w+'\s*\}\}$/;

/** What {@link KIND_OF_RUN} yielded, by run of a node. */
const kindsOfRun = new WeakMap<ParameterSource, Map<string, unknown>>();

/** Splits a comma-separated list; trims, drops empty parts. */
export function splitList(text: string): string[] {
	return text
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');
}

/** The failure of a parameter that cannot be used: it names the field and the fix, and nothing was done. */
export function badParameter(node: INode, label: string, fix: string): Error {
	return failure(node, {
		cause: 'bad_parameter',
		sentence: `The parameter "${label}" cannot be used; nothing was done.`,
		action: `${label}: ${fix}`,
	});
}

function optionValues({ options = [] }: Field): unknown[] {
	return options.flatMap((option) => ('value' in option ? [option.value] : []));
}

/**
 * Reads the parameters of a node for one input item. An expression can put anything into a field, so every
 * value is checked against the field; one that yields nothing is an error (`bad_parameter`), never
 * "remove", "reset" or "the default".
 */
export class Parameters {
	constructor(
		private readonly context: ParameterSource,
		private readonly itemIndex: number,
		private readonly collection = '',
	) {}

	/** The fields of the collection Options: one that was not added has its default. */
	get options(): Parameters {
		return new Parameters(this.context, this.itemIndex, 'options');
	}

	/** The fields of the collection `field`: one that was not added has its default. */
	collectionOf({ name }: Pick<Field, 'name'>): Parameters {
		return new Parameters(this.context, this.itemIndex, name);
	}

	/** Whether the user added `field` to this collection. */
	has({ name }: Pick<Field, 'name'>): boolean {
		const { [this.collection]: fields } = this.context.getNode().parameters;
		return isRecord(fields) && name in fields;
	}

	/** Whatever the field holds; undefined when its expression yields nothing. */
	value(field: Field): unknown {
		return this.read(field, {});
	}

	/** A finite number within the field's minValue and maxValue; whole when its numberPrecision is 0. */
	number(field: Field): number {
		const value = this.read(field, {});
		const { minValue = -Infinity, maxValue = Infinity, numberPrecision } = field.typeOptions ?? {};
		if (typeof value !== 'number' || !Number.isFinite(value)) this.refuse(field, 'enter a number.');
		if (numberPrecision === 0 && !Number.isInteger(value))
			this.refuse(field, 'enter a whole number.');
		if (value < minValue) this.refuse(field, `enter a number of at least ${minValue}.`);
		if (value > maxValue) this.refuse(field, `enter a number of at most ${maxValue}.`);
		return value;
	}

	/** True or false. */
	flag(field: Field): boolean {
		const value = this.read(field, {});
		if (typeof value === 'boolean') return value;
		this.refuse(field, 'switch it on or off; an expression must yield true or false.');
	}

	/** One of the field's options. */
	choice<T extends string>(field: Field): T {
		const value = this.read(field, {});
		const values = optionValues(field);
		if (values.includes(value)) return value as T;
		this.refuse(field, `choose one of ${values.join(', ')}.`);
	}

	/** Some of the field's options. */
	choices<T extends string>(field: Field): T[] {
		const value = this.read(field, {});
		const values = optionValues(field);
		if (Array.isArray(value) && value.every((one) => values.includes(one))) return value as T[];
		this.refuse(field, `choose some of ${values.join(', ')}.`);
	}

	/** A text without spaces around it; empty only where the field is not required. A number counts as a text. */
	text(field: Field): string {
		return this.asText(field, this.read(field, {}));
	}

	/** What a resource locator names: chosen, typed, or a plain text from an expression. */
	locator(field: Field): string {
		const value = this.read(field, { extractValue: true });
		// Of an option that was not added, n8n gives the default as it is.
		return this.asText(field, isRecord(value) && 'mode' in value ? value.value : value);
	}

	/** The parts of a comma-separated list. */
	list(field: Field): string[] {
		return splitList(this.text(field));
	}

	/** A JSON value, given as such or as a text. */
	json(field: Field): unknown {
		const value = this.read(field, {});
		const parsed = typeof value === 'string' ? parseJson(value) : value;
		if (parsed !== undefined && parsed !== null) return parsed;
		this.refuse(field, 'enter JSON, or an expression that yields an object.');
	}

	/** Throws the failure of `field` with what to enter instead, as the end of a sentence. */
	refuse(field: Pick<Field, 'displayName'>, fix: string): never {
		throw badParameter(this.context.getNode(), field.displayName, fix);
	}

	private asText(field: Field, value: unknown): string {
		if (typeof value !== 'string' && typeof value !== 'number')
			this.refuse(field, 'enter text; an expression must yield text.');
		const text = String(value).trim();
		if (text === '' && field.required === true) this.refuse(field, 'enter some text.');
		return text;
	}

	private path(name: string): string {
		return this.collection === '' ? name : `${this.collection}.${name}`;
	}

	/** n8n takes about a millisecond per expression, so those of the shipped workflows are read without it where the result is the same. */
	private read(field: Field, options: { extractValue?: boolean }): unknown {
		const { parameters = {} } = this.context.getNode();
		const parameter: unknown = this.collection === '' ? parameters[field.name] : '';
		const isLocator = options.extractValue === true && isRecord(parameter);
		const expression = isLocator ? parameter.value : parameter;
		if (typeof expression !== 'string') return this.evaluate(field, options);
		if (KIND_OF_RUN.test(expression)) {
			const known = kindsOfRun.get(this.context) ?? new Map<string, unknown>();
			kindsOfRun.set(this.context, known);
			if (!known.has(expression)) known.set(expression, this.evaluate(field, options));
			return known.get(expression);
		}
		const [, name] = FIELD_OF_ITEM.exec(expression) ?? [];
		const json = this.context.getInputData?.()[this.itemIndex]?.json;
		if (name === undefined || !json || !Object.hasOwn(json, name))
			return this.evaluate(field, options);
		const value = json[name];
		return ['string', 'number', 'boolean'].includes(typeof value)
			? value
			: this.evaluate(field, options);
	}

	private evaluate(field: Field, options: { extractValue?: boolean }): unknown {
		const fallback = this.collection === '' ? undefined : field.default;
		try {
			return this.context.getNodeParameter(
				this.path(field.name),
				this.itemIndex,
				fallback as never,
				options,
			) as unknown;
		} catch (error) {
			this.refuse(field, `correct its expression: ${(error as Error).message}`);
		}
	}
}
