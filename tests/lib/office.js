'use strict';
// A demonstration office for the tests that drive a browser, served whole:
// nginx, office, runner.  The twin of office.py.
const { execFileSync, spawn } = require('child_process');
const fs = require('fs');
const net = require('net');
const path = require('path');

const TOP = path.join(__dirname, '../..');
const BUILD = process.env.ALAS_BUILD || path.join(TOP, 'build');
const FOLDER = process.env.ALAS_TEST_DIR || '/nonexistent';
const NOW = '2026-11-24T09:00';
const FINISH_MS = 20000;

// Checks, counted and printed; end() prints the plan.
class Tap {
	constructor() {
		this.number = 0;
		this.failed = 0;
	}

	check(name, good, why = '') {
		this.number += 1;
		console.log(`${good ? '' : 'not '}ok ${this.number} - ${name}`);
		if (!good) {
			this.failed += 1;
			const lines = String(why).split('\n').slice(0, 40);
			console.log(lines.map((l) => `# ${l}`).join('\n'));
		}
		return good;
	}

	note(words) {
		console.log(`# ${String(words).replace(/\n/g, '\n# ')}`);
	}

	end() {
		console.log(`1..${this.number}`);
		process.exitCode = this.failed ? 1 : 0;
	}
}

function freePort() {
	return new Promise((resolve) => {
		const s = net.createServer();
		s.listen(0, '127.0.0.1', () => {
			const { port } = s.address();
			s.close(() => resolve(port));
		});
	});
}

// The connection string stands in a file, for others see a command line.
function database() {
	const where = process.env.ALAS_TEST_PG;
	const file = path.join(FOLDER, 'postgres');

	if (process.env.ALAS_TEST_ENGINE !== 'postgres' || !where) return [];
	fs.writeFileSync(file, `${where}\n`, { mode: 0o600 });
	return ['--postgres', file];
}

class Office {
	// persons: a number, or 'none' for the nine users alone.
	static make(name, persons, postgres = database()) {
		const office = new Office();
		office.folder = path.join(FOLDER, name);
		office.postgres = postgres;
		execFileSync(path.join(BUILD, 'alas-office'), ['make-demo',
			office.folder, '--persons', String(persons), '--now', NOW,
			...postgres], { stdio: 'pipe' });
		return office;
	}

	async serve() {
		this.port = await freePort();
		this.origin = `http://127.0.0.1:${this.port}`;
		const log = fs.openSync(`${this.folder}.log`, 'a');
		this.child = spawn(path.join(BUILD, 'alas'), ['serve', '--data',
			this.folder, '--port', String(this.port), '--now', NOW,
			'--door-rate', '1000r/s', ...this.postgres],
		{ stdio: ['ignore', log, log], detached: true });
		fs.closeSync(log);
		for (let i = 0; i < 600; i++) {
			try {
				const got = await fetch(`${this.origin}/sign-in`);
				if (got.status === 200) return this;
			} catch (error) { /* not yet */ }
			if (this.child.exitCode !== null) break;
			await new Promise((r) => setTimeout(r, 100));
		}
		throw new Error(fs.readFileSync(`${this.folder}.log`, 'utf8'));
	}

	stop() {
		return new Promise((resolve) => {
			if (this.child === undefined || this.child.exitCode !== null)
				return resolve();
			const late = setTimeout(() => this.child.kill('SIGKILL'),
				FINISH_MS);
			this.child.on('exit', () => {
				clearTimeout(late);
				resolve();
			});
			return this.child.kill('SIGTERM');
		});
	}

	// What things.py makes in this office, by codes.
	furnish() {
		return JSON.parse(execFileSync('python3', [path.join(__dirname,
			'things.py'), this.folder], { encoding: 'utf8' }));
	}
}

function operations() {
	return JSON.parse(fs.readFileSync(path.join(BUILD,
		'share/operations.json'), 'utf8')).operations;
}

// Debian's Chromium.  Its own sandbox wants namespaces that a chroot cannot
// have; the pages are ours.
function launch() {
	const { chromium } = require('playwright-core');

	return chromium.launch({ executablePath: '/usr/bin/chromium',
		args: ['--no-sandbox'] });
}

// One that keeps in this folder what browsers keep, and has more options.
function browse(folder, more) {
	const { chromium } = require('playwright-core');

	return chromium.launchPersistentContext(folder, { locale: 'es-PE',
		executablePath: '/usr/bin/chromium',
		args: ['--no-sandbox', ...more] });
}

// A browser of one user, signed in by one tap.
async function enter(browser, office, user, options = {}) {
	const context = await browser.newContext({ baseURL: office.origin,
		locale: 'es-PE', ...options });
	const tab = await context.newPage();

	await tab.goto('/sign-in');
	await tab.locator(`button[name="user"][value="${user}"]`).click();
	await tab.waitForURL('**/today*');
	return { context, tab, user };
}

module.exports = { Office, Tap, TOP, BUILD, FOLDER, NOW, operations, launch,
	browse, enter };
