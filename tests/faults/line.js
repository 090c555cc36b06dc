'use strict';
// Chromium before the line of line.test: node line.js ORIGIN ADDRESS PIN
// COOKIE FOLDER.  Prints what it saw of two visits, one JSON a line; between
// them the browser was closed, and kept what browsers keep.
const { browse } = require('../lib/office.js');

async function look(tab, address) {
	await tab.goto(address, { waitUntil: 'load', timeout: 60000 });
	await tab.waitForFunction(() => performance.getEntriesByName(
	    'first-contentful-paint').length > 0);
	return tab.evaluate(() => {
		const [page] = performance.getEntriesByType('navigation');
		const [paint] = performance.getEntriesByName(
		    'first-contentful-paint');
		const asked = performance.getEntriesByType('resource');

		return { painted: paint.startTime / 1000,
			connected: page.connectEnd / 1000,
			title: document.querySelector('h1').innerText,
			bytes: [page, ...asked].map((r) => r.transferSize),
			ended: [page, ...asked].map((r) => r.responseEnd / 1000),
			style: asked.find((r) => r.name.endsWith('.css'))
			    .transferSize };
	});
}

async function main() {
	const [origin, address, pin, value, folder] = process.argv.slice(2);
	const name = new URL(origin).hostname;

	for (let i = 0; i < 2; i++) {
		const context = await browse(folder, [
			`--host-resolver-rules=MAP ${name} ${address}`,
			`--ignore-certificate-errors-spki-list=${pin}`]);
		const tab = await context.newPage();

		await context.addCookies([{ name: '__Host-s', value,
			url: origin.replace(/^http:/, 'https:'), secure: true, httpOnly: true,
			sameSite: 'Strict' }]);
		console.log(JSON.stringify(await look(tab, `${origin}/today`)));
		await context.close();
	}
}

main();
