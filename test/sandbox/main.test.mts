import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { http } from '../../dev/http.mts';

const program = fileURLToPath(new URL('../../dev/sandbox/main.mts', import.meta.url));
const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
const printed: Record<string, string> = {};

before(async () => {
	for await (const line of createInterface(child.stdout)) {
		const [, name, value] = /^([^:]+):\s+(.+)$/.exec(line) ?? [];
		printed[name] = value;
		if (name === 'Session') return;
	}
});
after(async () => {
	child.kill();
	await once(child, 'exit');
});

test('the program prints where it listens and a session value that works', async () => {
	const headers = { 'user-agent': 'test', cookie: `mam_id=${printed.Session}` };
	const answer = await http.get<string>(`${printed['MAM stand-in']}/jsonLoad.php`, { headers });
	assert.equal((JSON.parse(answer.data) as { classname: string }).classname, 'User');
	const announce = await http.get<string>(`${printed.Tracker}?info_hash=none`);
	assert.match(announce.data, /failure reason/);
});
