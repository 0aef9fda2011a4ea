import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..', '..');

/** What readers see: texts and comments of what is shipped, of the documents and of what an operator takes. */
const AREAS = {
	nodes: ['nodes/*.ts', 'nodes/*.json'],
	credentials: ['credentials/*.ts'],
	workflows: ['workflows/*.json'],
	documents: ['*.md', '.ci/run', ':!deploy'],
	deploy: ['deploy'],
};

interface Wording {
	/** Matched without case, as words; a space also stands for the end of a line, of a comment too. */
	banned: string;
	better: string;
	/** A phrase that it must find. */
	example: string;
}

const WORDINGS: Wording[] = [
	{ banned: 'anew', better: '"again"', example: 'plans anew' },
	{
		banned: '(?:told|tells?|telling) (?:\\w+ ){0,3}apart',
		better: '"distinguish"',
		example: 'they are told apart',
	},
	{ banned: 'told', better: '"reported", "said" or "distinguished from"', example: 'is told once' },
	{
		banned: '(?:leaves?|left) by',
		better: '"public IP address"',
		example: 'the address that n8n leaves by',
	},
	{
		banned: '(?<!there )is no(?= \\w)(?! (?:longer|less|more than|better|different))',
		better: '"is not a"',
		example: 'is no address of a WebUI',
	},
	{
		banned: 'at (?:most|least)(?=[.;:)"\'`|])',
		better: 'the number after "at most" or "at least"',
		example: 'sells 50 GiB at least.',
	},
	{
		banned:
			'(?-i:Least|Fewest)|(?<!at )(?:least|fewest) (?:size|number|ratio|time|amount|value|one|torrents|leechers|seeders)',
		better: '"minimum"',
		example: 'Least size in MiB',
	},
	{
		banned: '(?:largest|greatest|highest) number|most (?:\\w+ )?(?:torrents|seeders) (?:of|to|in)',
		better: '"maximum number"',
		example: 'Most completed torrents to delete',
	},
	{
		banned:
			'(?:once|twice|times|(?:one|a|at most \\d+) \\w+) an? (?:run|torrent|flow|operation|record|call|cause)',
		better: '"per run", "per torrent" …',
		example: 'one file an operation',
	},
	{
		banned: 'in silence',
		better: '"silently", or what does not happen',
		example: 'ends in silence',
	},
	{ banned: 'without a word', better: '"silently"', example: 'stops seeding without a word' },
	{ banned: 'pass(?:es|ed)? over', better: '"ignore"', example: 'versions pass over it' },
	{
		banned: 'see (?:that|whether)',
		better: '"check that" or "check whether"',
		example: 'See whether n8n runs',
	},
	{
		banned: '(?:go|goes|going|went|gone) on',
		better: '"continue" or "resume"',
		example: 'buying goes on',
	},
	{ banned: 'for long(?! enough)', better: '"for a long time"', example: 'Stalled for long, but' },
	{
		// Not the else of a shell script.
		banned: 'else:|(?<=[;,]\\x20)else(?! if)(?![^\\n]*; fi)',
		better: '"otherwise"',
		example: 'mended; else paste a new session',
	},
	{ banned: 'so many', better: '"this many"', example: 'after so many days' },
	{ banned: 'mend(?:s|ed|ing)?', better: '"fix" or "correct"', example: 'mend the password' },
	{
		// A Kubernetes Deployment has a capital letter.
		banned: '(?-i:the deployment)',
		better: 'what is meant: readers know no deployment',
		example: 'that cost the deployment Hit & Runs',
	},
	{
		banned: '(?:is|are|not|come|comes) whole|whole lists?',
		better: '"complete"',
		example: 'a list that is not whole',
	},
	{ banned: 'right before', better: '"just before"', example: 'checked right before' },
	{ banned: 'dear(?:er)?', better: '"expensive"', example: 'VIP that is too dear' },
	{ banned: 'for ever', better: '"forever"', example: 'kept for ever' },
	{ banned: 'if need be', better: '"if necessary"', example: 'restart it if need be' },
	{ banned: 'no more(?! than)', better: '"no longer" or "not … again"', example: 'asks no more' },
	{ banned: '(?:the|an) own', better: '"its own"', example: 'for the own one' },
	{ banned: 'something else than', better: '"differs from"', example: 'says something else than' },
	{ banned: 'neither of both', better: '"neither"', example: 'that is neither of both' },
	{ banned: 'stays? so', better: '"does not help"', example: 'If it stays so' },
	{ banned: 'content(?=\\?| with)', better: '"happy"', example: 'Content? Publish' },
	{ banned: 'ends? as an?', better: '"becomes"', example: 'which ends as a Hit & Run' },
	{ banned: 'untold', better: '"unreported"', example: 'of them untold' },
	{ banned: 'cause why', better: '"cause of"', example: 'the cause why a run failed' },
	{ banned: 'endings', better: '"results" or "outcomes"', example: 'Gather Endings' },
];

/** Good English that comes near to a banned wording. */
const ALLOWED = [
	'There is no such file, and it is no longer there.',
	'at least 50 GiB, at most 5 per run, no more than 20',
	'Enter a whole number; the preferences hold for the whole client.',
	'once a day, 48 times a week',
	'the largest file, the most people, most torrents, those that earn the fewest points',
	"the site's own API; a folder of its own",
	'The Deployment of n8n has one replica.',
	'const amended = recommend(goOn, passedOver);',
	'the content of the folder, sending a request, depending on it',
	'if (a) return b; else if (c) return d;',
];

function expression({ banned }: Wording): RegExp {
	const space = '(?:\\s|\\n\\s*(?:\\*|//|#)\\s)+';
	return new RegExp(`(?<!\\w)(?:${banned.replaceAll(' ', space)})(?!\\w)`, 'gi');
}

/** Every banned wording in `text`, as `line: "what stands there": write something better`. */
function findings(text: string): string[] {
	return WORDINGS.flatMap((wording) =>
		[...text.matchAll(expression(wording))].map((match) => {
			const line = text.slice(0, match.index).split('\n').length;
			const found = match[0].replace(/\s+/g, ' ');
			return `${line}: "${found}": write ${wording.better}`;
		}),
	);
}

function tracked(patterns: string[]): string[] {
	const { stdout } = spawnSync('git', ['ls-files', '--', ...patterns], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	return stdout.split('\n').filter((name) => /\.(?:[jt]s|json|md|ya?ml|example)$|run$/.test(name));
}

async function textOf(file: string): Promise<string> {
	const text = await readFile(join(ROOT, file), 'utf8');
	// In JSON a line of a text ends with \n, whose n must not count as part of the next word.
	return file.endsWith('.json') ? text.replaceAll('\\n', '  ') : text;
}

for (const [area, patterns] of Object.entries(AREAS)) {
	test(`${area}: plain English, without the wordings that keep coming back`, async () => {
		const files = tracked(patterns);
		assert.notEqual(files.length, 0);
		const found = await Promise.all(
			files.map(async (file) => findings(await textOf(file)).map((one) => `${file}:${one}`)),
		);
		assert.equal(found.flat().length, 0, found.flat().join('\n'));
	});
}

for (const wording of WORDINGS) {
	test(`"${wording.example}" is found`, () => {
		assert.match(wording.example, expression(wording));
	});
}

test('good English is left alone', () => {
	assert.deepEqual(ALLOWED.flatMap(findings), []);
});
