import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { writeMarked, type MarkedFile } from './markedFile.mts';
import { REPOSITORY } from '../stack/packPackage.mts';
import { QBITTORRENT_VERSIONS } from '../stack/qbittorrentVersions.mts';

/** By version and `resource:operation`: the calls that the operation made when it was proven. */
export type Recording = Record<string, Record<string, string[]>>;

const RECORDING = join(import.meta.dirname, 'qbittorrentMatrix.json');

/** Where the table of operations and versions stands. */
export const OPERATIONS: MarkedFile = {
	path: join(REPOSITORY, 'docs', 'compatibility.md'),
	begin: '<!-- operations: written by test/e2e/qbittorrentMatrix.test.mts -->',
	end: '<!-- end of operations -->',
};

/** What the last recorded run proved. */
export async function readRecording(): Promise<Recording> {
	return JSON.parse(await readFile(RECORDING, 'utf8')) as Recording;
}

function codes(calls: string[]): string {
	return calls.map((call) => `\`${call}\``).join(', ');
}

/** Operations x versions as a Markdown table; a cell names the calls where they are not those of the newest version. */
export function operationsTable(recording: Recording): string {
	const newest = recording[QBITTORRENT_VERSIONS.at(-1)!];
	const rows = Object.entries(newest).map(([operation, calls]) => {
		const cells = QBITTORRENT_VERSIONS.map((version) => {
			const own = recording[version]?.[operation];
			if (own === undefined) return '-';
			// Refused before anything was sent.
			if (own.length === 0) return 'refused';
			return codes(own) === codes(calls) ? 'yes' : `yes, by ${codes(own)}`;
		});
		return `| ${[operation.replace(':', ': '), codes(calls), ...cells].join(' | ')} |`;
	});
	const head = ['operation', 'calls of the WebAPI', ...QBITTORRENT_VERSIONS];
	return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
}

/** Keeps what a run proved, and writes the table from it. */
export async function record(recording: Recording): Promise<void> {
	const config = await resolveConfig(RECORDING);
	await writeFile(
		RECORDING,
		await format(JSON.stringify(recording), { ...config, parser: 'json' }),
	);
	await writeMarked(OPERATIONS, operationsTable(recording));
}
