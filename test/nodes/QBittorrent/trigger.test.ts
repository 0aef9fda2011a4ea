import type { INodeParameters } from 'n8n-workflow';

import { CLIENT_URL, TestClient } from '../../helpers/qbittorrent';
import { newCredential, runNodeJson } from './runNode';
import { newStored, PublishedTrigger } from './runPoll';

const hash = (digit: number) => digit.toString(16).padStart(40, '0');
const ALL = ['added', 'deleted', 'finished', 'stateChanged', 'trackerMessageChanged'];
const WITHOUT_TRACKERS = ALL.slice(0, 4);

describe('the trigger', () => {
	it('reports nothing of what was there when it was published', async () => {
		const client = new TestClient();
		client.list(hash(1));
		const trigger = new PublishedTrigger({ events: ALL });
		expect(await trigger.poll()).toBeNull();
		expect(await trigger.poll()).toBeNull();
	});

	it('reports what is added, finished, changed and deleted, each once', async () => {
		const client = new TestClient();
		const trigger = new PublishedTrigger({ events: WITHOUT_TRACKERS });
		await trigger.poll();
		client.list(hash(1), { state: 'downloading', progress: 0, downloaded: 0, uploaded: 7 });
		expect(await trigger.poll()).toMatchObject([{ event: 'added', hash: hash(1), uploaded: 7 }]);
		client.list(hash(1), { state: 'stalledUP', progress: 1, downloaded: 50 });
		expect(await trigger.poll()).toMatchObject([
			{ event: 'finished', hash: hash(1), progress: 1 },
			{ event: 'stateChanged', state: 'stalledUP', previousState: 'downloading' },
		]);
		client.drop(hash(1));
		expect(await trigger.poll()).toEqual([
			{
				event: 'deleted',
				hash: hash(1),
				name: 'torrent 0000',
				category: 'mam-farming',
				tags: 'mam',
				state: 'stalledUP',
			},
		]);
		expect(await trigger.poll()).toBeNull();
	});

	it.each([
		['5.1.0', ['0', '1']],
		// Its numbers are not safe from other readers of the session.
		['4.5.2', ['0', '0']],
	] as const)('%s: asks only for what changed, where that is safe', async (version, asked) => {
		const client = new TestClient(version);
		const trigger = new PublishedTrigger({ events: ['added'] });
		await trigger.poll();
		await trigger.poll();
		expect(client.callsOf('sync/maindata').map(({ fields }) => fields.rid)).toEqual(asked);
	});

	it.each(['4.5.2', '5.1.0', '5.3.0'] as const)(
		'%s: misses nothing when others read the same session',
		async (version) => {
			const client = new TestClient(version);
			const credential = newCredential();
			const shared = newStored(credential);
			const trigger = new PublishedTrigger({ events: ['added'] }, shared);
			const other = new PublishedTrigger({ events: ['added'] }, shared);
			await trigger.poll();
			for (const digit of [1, 2, 3]) {
				client.list(hash(digit));
				if (digit === 2) await other.poll();
				else await runNodeJson({ resource: 'transfer', operation: 'get' }, { credential });
				expect(await trigger.poll()).toMatchObject([{ event: 'added', hash: hash(digit) }]);
			}
		},
	);

	it('starts again when the credential names another client', async () => {
		const client = new TestClient();
		const credential = newCredential();
		const trigger = new PublishedTrigger({ events: WITHOUT_TRACKERS }, newStored(credential));
		client.list(hash(1));
		await trigger.poll();
		client.list(hash(2));
		credential.url = `${CLIENT_URL}/`;
		expect(await trigger.poll()).toMatchObject([{ event: 'added', hash: hash(2) }, {}]);
		client.list(hash(3));
		credential.url = `${CLIENT_URL}/other`;
		client.prefix = '/other';
		expect(await trigger.poll()).toBeNull();
		client.list(hash(4));
		expect(await trigger.poll()).toMatchObject([{ event: 'added', hash: hash(4) }, {}]);
	});

	it.each([
		['empties', 0],
		['changes as a whole', 10],
	])('starts again when a list %s at once, not when a few torrents go', async (_how, others) => {
		const client = new TestClient();
		const trigger = new PublishedTrigger({ events: WITHOUT_TRACKERS });
		for (let digit = 0; digit < 10; digit++) client.list(hash(digit));
		await trigger.poll();
		client.drop(hash(9));
		expect(await trigger.poll()).toMatchObject([{ event: 'deleted', hash: hash(9) }]);
		for (let digit = 0; digit < 9; digit++) client.drop(hash(digit));
		for (let digit = 100; digit < 100 + others; digit++) client.list(hash(digit));
		expect(await trigger.poll()).toBeNull();
		client.list(hash(200));
		expect(await trigger.poll()).toMatchObject([{ event: 'added', hash: hash(200) }, {}]);
	});

	it.each(['4.5.2', '5.1.0'] as const)(
		'%s: notices a torrent that was deleted and added again between two polls',
		async (version) => {
			const client = new TestClient(version);
			const trigger = new PublishedTrigger({ events: ['added', 'deleted', 'finished'] });
			client.list(hash(1), { added_on: 1000, downloaded: 50 });
			await trigger.poll();
			client.list(hash(1), { added_on: 2000, progress: 0, downloaded: 0, state: 'downloading' });
			expect(await trigger.poll()).toMatchObject([
				{ event: 'deleted', hash: hash(1) },
				{ event: 'added', hash: hash(1) },
			]);
			client.list(hash(1), { added_on: 2000, downloaded: 50 });
			expect(await trigger.poll()).toMatchObject([{ event: 'finished', hash: hash(1) }]);
		},
	);

	it('reports another category and other tags, and what they were', async () => {
		const client = new TestClient();
		const trigger = new PublishedTrigger({ events: ['categoryChanged', 'tagsChanged'] });
		client.list(hash(1), { category: 'a', tags: 'x, y' });
		await trigger.poll();
		client.list(hash(1), { category: 'b', tags: 'y, x' });
		expect(await trigger.poll()).toMatchObject([
			{ event: 'categoryChanged', category: 'b', previousCategory: 'a' },
		]);
		client.list(hash(1), { category: 'b', tags: 'x' });
		expect(await trigger.poll()).toMatchObject([
			{ event: 'tagsChanged', tags: 'x', previousTags: 'y, x' },
		]);
	});

	it('does not repeat old events when it is published again', async () => {
		const client = new TestClient();
		const trigger = new PublishedTrigger({ events: ['deleted'] });
		await trigger.pollAgain();
		client.list(hash(1));
		client.list(hash(2));
		expect(await trigger.pollAgain()).toBeNull();
		const all = { events: ['added', 'deleted'] };
		expect(await trigger.republish('update', all)).toBeNull();
		client.list(hash(3));
		expect(await trigger.pollAgain()).toMatchObject([{ event: 'added', hash: hash(3) }]);
		client.list(hash(4));
		expect(await trigger.republish('activate')).toBeNull();
		// n8n names the way of publishing at each later poll too.
		for (const digit of [5, 6]) {
			client.list(hash(digit));
			expect(await trigger.pollAgain('trigger', 'activate')).toMatchObject([
				{ event: 'added', hash: hash(digit) },
			]);
		}
	});

	it('misses nothing and repeats nothing when the client was restarted', async () => {
		const client = new TestClient();
		client.list(hash(1));
		client.list(hash(2));
		const trigger = new PublishedTrigger({ events: WITHOUT_TRACKERS });
		await trigger.poll();
		client.endSessions();
		client.drop(hash(1));
		client.list(hash(3));
		expect(await trigger.poll()).toMatchObject([
			{ event: 'deleted', hash: hash(1) },
			{ event: 'added', hash: hash(3) },
			{ event: 'finished', hash: hash(3) },
		]);
		expect(await trigger.poll()).toBeNull();
	});

	it('does not take the number of another session for its own', async () => {
		const client = new TestClient();
		const shared = newStored();
		const trigger = new PublishedTrigger({ events: WITHOUT_TRACKERS }, shared);
		await trigger.poll();
		client.endSessions();
		client.list(hash(1), { progress: 0 });
		// The other trigger has got answer 1 of the new session, as this one had of the old.
		await new PublishedTrigger({ events: ['added'] }, shared).poll();
		expect(await trigger.poll()).toMatchObject([{ event: 'added', hash: hash(1) }]);
	});

	it('reports only once what two simultaneous polls would see', async () => {
		const client = new TestClient();
		const trigger = new PublishedTrigger({ events: ['added'], options: {} });
		await trigger.pollAgain();
		client.list(hash(1));
		const polls = await Promise.all([trigger.pollAgain(), trigger.pollAgain()]);
		expect(polls.flatMap((events) => events ?? [])).toHaveLength(1);
	});

	it('makes up for a poll that failed half-way', async () => {
		const client = new TestClient('5.1.0');
		const trigger = new PublishedTrigger({ events: WITHOUT_TRACKERS });
		await trigger.poll();
		client.list(hash(1), { progress: 0 });
		client.overrides.set('torrents/info', [500, 'oops']);
		await expect(trigger.poll()).rejects.toThrow('No qBittorrent answered');
		client.overrides.clear();
		expect(await trigger.poll()).toMatchObject([{ event: 'added', hash: hash(1) }]);
		const asked = client.callsOf('sync/maindata').map(({ fields }) => fields.rid);
		expect(asked).toEqual(['0', '1', '0']);
	});

	it('ignores an answer that is not the state of a client', async () => {
		const client = new TestClient();
		client.list(hash(1));
		const trigger = new PublishedTrigger({ events: ALL });
		await trigger.poll();
		client.overrides.set('sync/maindata', [200, '{}']);
		await expect(trigger.poll()).rejects.toThrow('something other than its state');
		client.overrides.clear();
		expect(await trigger.poll()).toBeNull();
	});

	it.each<[string, (name: string) => INodeParameters[string]]>([
		['as text', (name) => name],
		['from the list', (value) => ({ __rl: true, mode: 'list', value })],
	])('reports only the wanted torrents and states, named %s', async (_how, named) => {
		const client = new TestClient();
		const list = (state: string) => {
			client.list(hash(1), { state, category: 'books', tags: 'a, b' });
			client.list(hash(2), { state, category: 'films', tags: 'b' });
		};
		list('stalledUP');
		const options = { category: named('books'), tag: named('a'), states: ['missingFiles'] };
		const trigger = new PublishedTrigger({ events: ['stateChanged'], options });
		await trigger.poll();
		list('uploading');
		expect(await trigger.poll()).toBeNull();
		list('missingFiles');
		expect(await trigger.poll()).toMatchObject([{ hash: hash(1), previousState: 'uploading' }]);
	});

	it('reports a new tracker message, without the address that is a secret', async () => {
		const client = new TestClient('5.1.0');
		const says = (msg: string, status = 4) =>
			client.setTrackers(hash(1), [
				{ url: '** [DHT] **', status: 2, tier: -1, msg: 'private' },
				{ url: 'http://tracker.test/passkey-0123456789/announce', status, tier: 0, msg },
			]);
		client.list(hash(1));
		says('', 2);
		const trigger = new PublishedTrigger({ events: ['trackerMessageChanged'] });
		await trigger.poll();
		says('torrent not registered for passkey-0123456789');
		const [event] = (await trigger.poll()) ?? [];
		expect(event).toMatchObject({
			event: 'trackerMessageChanged',
			hash: hash(1),
			tracker: 'tracker.test',
			message: 'torrent not registered for (hidden)',
			previousMessage: '',
		});
		expect(JSON.stringify(event)).not.toContain('passkey');
		says('', 3);
		expect(await trigger.poll()).toBeNull();
	});

	it('keeps what two trackers on one host say apart', async () => {
		const client = new TestClient('5.1.0');
		const say = (one: string, other: string) =>
			client.setTrackers(hash(1), [
				{ url: 'http://tracker.test:80/key-one/announce', status: 4, tier: 0, msg: one },
				{ url: 'http://tracker.test:80/key-two/announce', status: 4, tier: 1, msg: other },
			]);
		client.list(hash(1));
		say('first', 'second');
		const trigger = new PublishedTrigger({ events: ['trackerMessageChanged'] });
		await trigger.poll();
		expect(await trigger.poll()).toBeNull();
		say('changed', 'second');
		expect(await trigger.poll()).toMatchObject([
			{ tracker: 'tracker.test', message: 'changed', previousMessage: 'first' },
		]);
	});

	it('shows a sample that its filters let through', async () => {
		const client = new TestClient();
		client.list(hash(1), { added_on: 1, category: 'books', tags: 'a', state: 'missingFiles' });
		client.list(hash(2), { added_on: 2, category: 'films', tags: 'a', state: 'missingFiles' });
		client.list(hash(3), { added_on: 3, category: 'books', tags: 'a' });
		const options = { category: 'books', tag: 'a', states: ['missingFiles'] };
		const trigger = new PublishedTrigger({ events: ['stateChanged'], options });
		expect(await trigger.poll('manual')).toMatchObject([{ hash: hash(1) }]);
		const none = new PublishedTrigger({ events: ['added'], options: { category: 'none' } });
		expect(await none.poll('manual')).toBeNull();
	});

	it('signs in with a wrong password once', async () => {
		const client = new TestClient();
		client.login.password = 'another';
		const trigger = new PublishedTrigger({ events: ['added'] });
		await expect(trigger.poll()).rejects.toThrow('refused the password');
		await expect(trigger.poll()).rejects.toThrow('refused the password');
		expect(client.callsOf('auth/login')).toHaveLength(1);
	});

	it('shows the newest torrent as a sample when tried by hand, and forgets it', async () => {
		const client = new TestClient();
		client.list(hash(1));
		const trigger = new PublishedTrigger({ events: ['finished'] });
		expect(await trigger.poll('manual')).toMatchObject([{ event: 'finished', hash: hash(1) }]);
		expect(await trigger.poll()).toBeNull();
	});
});
