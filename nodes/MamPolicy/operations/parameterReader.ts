import type { IExecuteFunctions } from 'n8n-workflow';

import { checkNumber, type BadParameter } from '../../shared/checks';
import { splitList } from '../../shared/lists';
import type { NumberField } from './fields';

/** Reads the parameters of a policy, once for all items. It never throws: the first bad one is in `bad`. */
export class ParameterReader {
	bad: BadParameter | null = null;

	constructor(private readonly context: IExecuteFunctions) {}

	/** A number within the limits of its field; the field's default once something is bad. */
	number(field: NumberField, isOption = false): number {
		const value = this.value(field.name, isOption ? field.default : undefined, isOption);
		const limits = { ...field.limits, label: field.displayName };
		const bad = checkNumber(field.name, value, limits);
		if (bad !== null) this.reject(bad);
		return bad === null ? (value as number) : field.default;
	}

	/** A comma-separated list; one number alone counts as a text. */
	list(name: string, fallback?: string): string[] {
		const value = this.value(name, fallback, fallback !== undefined);
		if (typeof value === 'string' || typeof value === 'number') return splitList(value);
		// A list of what is blocked or protected may not vanish because its expression yields nothing.
		this.reject({ field: name, fix: 'Enter a comma-separated list, or a text that is empty.' });
		return [];
	}

	/** A text without spaces around it, which may not be empty. */
	requiredText(name: string, label: string): string {
		const value = this.value(name);
		const text = typeof value === 'string' ? value.trim() : '';
		if (text === '') this.reject({ field: name, fix: `${label}: enter a text.` });
		return text;
	}

	/** A switch of the options. */
	option(name: string, fallback: boolean): boolean {
		return this.asSwitch(name, this.value(name, fallback, true), fallback);
	}

	/** A switch. */
	switchedOn(name: string): boolean {
		return this.asSwitch(name, this.value(name), false);
	}

	private asSwitch(name: string, value: unknown, fallback: boolean): boolean {
		if (typeof value === 'boolean') return value;
		this.reject({
			field: name,
			fix: 'Switch it on or off; an expression must yield true or false.',
		});
		return fallback;
	}

	/** Whether this is a dry run: anything but a plain false is one. */
	dryRun(): boolean {
		return this.value('dryRun') !== false;
	}

	/** Whatever the parameter holds; a JSON text is parsed. */
	json(name: string): unknown {
		const value = this.value(name);
		if (typeof value !== 'string') return value;
		try {
			return JSON.parse(value) as unknown;
		} catch {
			return undefined;
		}
	}

	/** Whatever the option holds. */
	optionValue(name: string, fallback: unknown): unknown {
		return this.value(name, fallback, true);
	}

	/** Notes that a parameter cannot be used; the first one stays. */
	reject(bad: BadParameter): void {
		this.bad ??= bad;
	}

	private value(name: string, fallback?: unknown, isOption = false): unknown {
		try {
			const path = isOption ? `options.${name}` : name;
			// Index 0 for all items: an expression over a long list is costly, and a policy decides over all.
			return this.context.getNodeParameter(path, 0, fallback as never);
		} catch (error) {
			this.reject({ field: name, fix: `Correct its expression: ${(error as Error).message}` });
			return undefined;
		}
	}
}
