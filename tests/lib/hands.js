'use strict';
// Somebody with a keyboard and no mouse: Tab, arrows, Enter, Space, letters.
const TABS_MAX = 300;

class Hands {
	constructor(tab) {
		this.tab = tab;
		this.keys = 0;
	}

	async press(key, times = 1) {
		for (let i = 0; i < times; i++) await this.tab.keyboard.press(key);
		this.keys += times;
	}

	// What has the focus, as far as the hands can know it.
	at() {
		return this.tab.evaluate(() => {
			const e = document.activeElement;
			const box = e.getBoundingClientRect();

			return { tag: e.tagName, name: e.getAttribute('name'),
				type: e.type, value: e.value, href: e.getAttribute('href'),
				text: (e.innerText || '').trim(), shown: box.width > 0,
				checked: e.checked,
				index: e.tagName === 'SELECT' ? e.selectedIndex : -1 };
		});
	}

	// Tab until it is there; what cannot be reached fails the walk.
	async reach(good, what) {
		for (let i = 0; i < TABS_MAX; i++) {
			const now = await this.at();
			if (now.tag !== 'BODY' && good(now)) {
				if (!now.shown) throw new Error(`${what} is not seen`);
				return now;
			}
			await this.press('Tab');
		}
		throw new Error(`${what} cannot be reached in ` +
		    `${await this.tab.evaluate(() => window.location.pathname)}`);
	}

	async enter() {
		const [got] = await Promise.all([this.tab.waitForNavigation(),
			this.press('Enter')]);
		return got;
	}

	async link(words) {
		await this.reach((e) => e.tag === 'A' && (words instanceof RegExp ?
			words.test(e.text) || words.test(e.href) : e.text === words),
		`the link ${words}`);
		return this.enter();
	}

	async button(words) {
		await this.reach((e) => e.tag === 'BUTTON' && e.text.startsWith(
		    words), `the button ${words}`);
		return this.enter();
	}

	async unfold(words) {
		await this.reach((e) => e.tag === 'SUMMARY' &&
		    e.text.startsWith(words), `the fold ${words}`);
		await this.press('Enter');
	}

	async field(name, value) {
		const found = await this.reach((e) => e.name === name &&
		    ['INPUT', 'SELECT', 'TEXTAREA'].includes(e.tag) &&
		    (e.type !== 'checkbox' || e.value === value), `field ${name}`);

		if (found.tag === 'SELECT') return this.choose(value);
		if (found.type === 'checkbox') return this.press(' ');
		await this.press('Control+a');
		await this.tab.keyboard.type(value);
		this.keys += value.length;
		return undefined;
	}

	async choose(words) {
		const index = await this.tab.evaluate((w) => [...document
		    .activeElement.options].findIndex((o) => o.value === w ||
		    o.text.trim() === w), words);
		if (index < 0) throw new Error(`no choice ${words}`);
		await this.press('Home');
		await this.press('ArrowDown', index);
		const now = await this.at();
		if (now.index !== index) throw new Error(`${words} not chosen`);
	}

	async fill(values) {
		for (const [name, value] of Object.entries(values)) {
			await this.field(name, value);
		}
	}

	words() {
		return this.tab.evaluate(() => document.body.innerText);
	}

	// For a person who reads why a walk ended: where, and what was said.
	async why() {
		return this.tab.evaluate(() => [window.location.pathname,
			document.querySelector('h1').innerText,
			...[...document.querySelectorAll('.error, main .note a, ' +
			    '[role=alert] a')].map((e) => `${e.innerText} ` +
			    `${e.getAttribute('href') || e.parentElement.id}`),
			...[...document.querySelectorAll('main [name]')]
			    .filter((e) => e.value && e.type !== 'hidden')
			    .map((e) => `${e.name}=${e.value}`)].join('\n'));
	}
}

module.exports = { Hands };
