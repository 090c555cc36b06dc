'use strict';
// What is looked for in every page: axe-core, html-validate, and what
// neither of them knows of alas.
const fs = require('fs');
const { HtmlValidate } = require('html-validate');

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

// Rules of taste and of old browsers are off; what a reader of the page
// could stumble over is on.
const validator = new HtmlValidate({
	extends: ['html-validate:recommended', 'html-validate:a11y'],
	rules: {
		'attribute-boolean-style': 'off',
		'attribute-empty-style': 'off',
		'doctype-style': 'off',
		// ticks of one list, and an empty one for none of them
		'form-dup-name': 'off',
		'long-title': 'off',		// ours end in a name of the program
		'no-trailing-whitespace': 'off',
		'prefer-native-element': 'off',
		'void-style': 'off',
	},
});

// "person.add.title" seen by a reader is a word that no catalogue has.
const KEY = /(?:^|[\s(«])([a-z][a-z_]*(?:\.[a-z][a-z_]*)+)(?=$|[\s),»:])/;

async function validate(html) {
	const said = await validator.validateString(html);

	return said.results.flatMap((r) => r.messages).map(
	    (m) => `html ${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
}

async function axe(tab) {
	await tab.evaluate(AXE);
	const said = await tab.evaluate((tags) => window.axe.run(document, {
		runOnly: { type: 'tag', values: tags },
		resultTypes: ['violations', 'incomplete'],
	}), TAGS);
	const told = (v) => v.nodes.map((n) => `axe ${v.id}: ` +
	    `${n.target.join(' ')} ${(n.any.concat(n.all, n.none)[0] || {})
	        .message || ''}`);

	return { wrong: said.violations.flatMap(told),
		unsure: said.incomplete.flatMap(told) };
}

// One h1, unique ids, labelled fields, real links, words that are there.
function own(tab) {
	return tab.evaluate(() => {
		const wrong = [];
		const all = (q) => [...document.querySelectorAll(q)];
		const ids = all('[id]').map((e) => e.id);

		if (all('h1').length !== 1) {
			wrong.push(`${all('h1').length} h1`);
		}
		ids.filter((id, i) => ids.indexOf(id) !== i)
		    .forEach((id) => wrong.push(`id twice: ${id}`));
		all('input, select, textarea').filter((e) => e.type !== 'hidden' &&
		    e.labels.length === 0 && !e.getAttribute('aria-label') &&
		    !e.getAttribute('aria-labelledby'))
		    .forEach((e) => wrong.push(`no label: ${e.outerHTML}`));
		all('[aria-describedby], [aria-labelledby], label[for]')
		    .forEach((e) => ['aria-describedby', 'aria-labelledby', 'for']
		    .flatMap((a) => (e.getAttribute(a) || '').split(' '))
		    .filter((id) => id && !document.getElementById(id))
		    .forEach((id) => wrong.push(`points at nothing: ${id}`)));
		all('a[href^="#"]').map((e) => e.getAttribute('href').slice(1))
		    .filter((id) => id && !document.getElementById(id))
		    .forEach((id) => wrong.push(`link to nothing: #${id}`));
		all('[style], style, [onclick]')
		    .forEach((e) => wrong.push(`inline: ${e.outerHTML}`));
		if (!document.documentElement.lang) {
			wrong.push('no lang');
		}
		return { wrong, title: document.title,
			text: document.body.innerText,
			links: all('a[href]').map((e) => e.getAttribute('href')) };
	});
}

// No page may be wider than its window (WCAG 1.4.10).
function sideways(tab) {
	return tab.evaluate(() => {
		const wide = document.documentElement.clientWidth;
		const over = [...document.querySelectorAll('body *')]
		    .filter((e) => e.getBoundingClientRect().right > wide + 1)
		    .slice(0, 3).map((e) => e.outerHTML.slice(0, 120));

		return document.documentElement.scrollWidth > wide ?
			[`wider than ${wide}: ${over.join(' | ')}`] : [];
	});
}

function keys(text) {
	return text.split('\n').map((line) => KEY.exec(line))
	    .filter((m) => m !== null && !/\.(py|js|csv|pdf|conf)$/.test(m[1]))
	    .map((m) => `a word is missing: ${m[1]}`);
}

module.exports = { validate, axe, own, sideways, keys, TAGS };
