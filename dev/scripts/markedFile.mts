import { readFile, writeFile } from 'node:fs/promises';

import { format, resolveConfig } from 'prettier';

/** A Markdown file of which the part between two marks is generated. */
export interface MarkedFile {
	path: string;
	begin: string;
	end: string;
}

/** The whole file as it must be: with `content` between its marks, formatted. Throws where it has no such marks. */
export async function markedText(file: MarkedFile, content: string): Promise<string> {
	const { path, begin, end } = file;
	const now = await readFile(path, 'utf8');
	const from = now.indexOf(begin);
	const to = now.indexOf(end);
	if (from === -1 || to < from) throw new Error(`${path} has no "${begin}" before "${end}".`);
	const text = [now.slice(0, from + begin.length), content, now.slice(to)].join('\n\n');
	return await format(text, { ...(await resolveConfig(path)), parser: 'markdown' });
}

/** Writes `content` between the marks of the file. */
export async function writeMarked(file: MarkedFile, content: string): Promise<void> {
	await writeFile(file.path, await markedText(file, content));
}
