// Everything here is an addition: each page works without it.  What a page
// wants is written on its plain HTML as a data- attribute.  Only text nodes
// and properties are written, so the strict policy (Trusted Types) holds.
'use strict';
(() => {
	const doc = document;
	const body = doc.body;
	const all = (what, from = doc) => from.querySelectorAll(what);
	const one = (what, from = doc) => from.querySelector(what);
	const said = (what) => body.dataset[what] || '';

	function make(name, text, type) {
		const e = doc.createElement(name);
		if (text) e.textContent = text;
		if (type) e.className = type;
		return e;
	}

	function button(text, type, press) {
		const b = make('button', text, type);
		b.type = 'button';
		b.addEventListener('click', press);
		return b;
	}

	const live = make('p', '', 'live');
	live.setAttribute('role', 'status');
	body.append(live);
	let gone;
	function announce(text, stays) {
		live.textContent = text;
		clearTimeout(gone);
		if (!stays) gone = setTimeout(() => { live.textContent = ''; }, 4000);
	}

	// A form as the server would get it, to an address of our own.
	function post(to, data) {
		return fetch(to, {
			method: 'POST', body: new URLSearchParams(data),
			headers: { 'X-Requested-With': 'script' },
			credentials: 'same-origin', redirect: 'manual',
		});
	}

	// ---- focus goes to what needs reading first ----
	const focus = one('[data-focus]');
	if (focus) focus.focus();

	// ---- show a passphrase while it is typed ----
	for (const input of all('input[data-show]')) {
		const row = make('span', '', 'with-show');
		const b = button(input.dataset.show, 'quiet', () => {
			const shown = input.type === 'text';
			input.type = shown ? 'password' : 'text';
			b.setAttribute('aria-pressed', String(!shown));
			input.focus();
		});
		b.setAttribute('aria-pressed', 'false');
		input.replaceWith(row);
		row.append(input, b);
	}

	// ---- drafts: what is typed is kept, every 20 seconds ----
	for (const form of all('form[data-draft]')) {
		let typed = false;
		form.addEventListener('input', () => { typed = true; });
		form.addEventListener('submit', () => { typed = false; });
		setInterval(async () => {
			if (!typed) return;
			typed = false;
			const data = new FormData(form);
			for (const [name, value] of [...data])
				if (value instanceof File || name === '_idem') data.delete(name);
			data.set('form', form.dataset.draft);
			data.set('at', location.pathname);
			try {
				const got = await post('/drafts', data);
				if (got.ok || got.type === 'opaqueredirect')
					announce(said('drafted'));
				else typed = true;
			} catch { typed = true; }
		}, 20000);
	}

	// ---- the session ends after 20 minutes: say so at 15 ----
	if (body.hasAttribute('data-idle')) {
		let last = Date.now(), warned = false;
		const touch = () => { last = Date.now(); };
		for (const what of ['submit', 'pageshow']) addEventListener(what, touch);
		setInterval(() => {
			const minutes = (Date.now() - last) / 60000;
			if (minutes >= 15 && !warned) {
				warned = true;
				announce(said('idle'), true);
			}
			if (minutes < 15) warned = false;
		}, 15000);
	}

	// ---- copy a text without content ----
	for (const from of all('[data-copy]')) {
		from.after(button(from.dataset.copy, 'quiet', async () => {
			await navigator.clipboard.writeText(from.textContent.trim());
			announce(from.dataset.copied);
		}));
	}

	for (const a of all('[data-print]'))
		a.addEventListener('click', (e) => { e.preventDefault(); print(); });

	// ---- discreet without leaving the page: asks, then reads it anew ----
	for (const b of all('button[data-discreet]')) {
		b.addEventListener('click', async (e) => {
			const dirty = one('form[data-draft]');
			e.preventDefault();
			b.setAttribute('aria-pressed',
			    String(b.getAttribute('aria-pressed') !== 'true'));
			try {
				await post(b.form.action, new FormData(b.form));
				if (!dirty) location.reload();
			} catch { b.form.submit(); }
		});
	}

	// ---- long code lists: type to narrow ----
	for (const select of all('select[data-suggest]')) {
		if (select.options.length < 13) continue;
		const filter = make('input');
		filter.type = 'search';
		filter.autocomplete = 'off';
		filter.placeholder = select.dataset.suggest;
		filter.setAttribute('aria-label', filter.placeholder);
		const plain = (s) => s.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
		const options = [...select.options];
		filter.addEventListener('input', () => {
			const want = plain(filter.value);
			const chosen = select.value;
			const kept = options.filter((o) => !o.value || o.value === chosen || plain(o.text).includes(want));
			select.replaceChildren(...kept);
			const fits = kept.filter((o) => o.value && plain(o.text).includes(want));
			if (want && fits.length) select.value = fits[0].value;
		});
		filter.addEventListener('keydown', (e) => {
			if (e.key === 'Enter') { e.preventDefault(); select.focus(); }
		});
		select.before(filter);
	}

	// ---- several files: name and size before they go ----
	for (const input of all('input[type=file][multiple]')) {
		const list = make('ul', '', 'items');
		input.after(list);
		input.addEventListener('change', () => {
			list.replaceChildren(...[...input.files].map((f) => {
				const mib = (f.size / 1048576).toFixed(1);
				const big = f.size > 26214400;
				return make('li', f.name + ' · ' + mib + ' MiB' + (big ?
				    ' · ' + input.dataset.big : ''),
				    big ? 'error' : '');
			}));
		});
	}

	// ---- palette: every link of this page and of the bar, by its words ----
	let dialog;
	function palette() {
		if (dialog) { dialog.showModal(); return; }
		dialog = make('dialog', '', 'palette');
		const input = make('input');
		const list = make('ul', '', 'items');
		const links = [...all('nav a[href], .buttons a[href], .block-head a[href], .foot a[href]')];
		const seen = new Set();
		const items = links.filter((a) => !seen.has(a.href) && seen.add(a.href));
		const draw = () => {
			const want = input.value.toLowerCase();
			list.replaceChildren(...items
			    .filter((a) => a.textContent.toLowerCase().includes(want))
			    .slice(0, 12).map((a) => {
				const li = make('li');
				const link = make('a', a.textContent.trim());
				link.href = a.href;
				li.append(link);
				return li;
			}));
		};
		input.type = 'search';
		input.setAttribute('aria-label', said('palette'));
		input.placeholder = said('palette');
		input.addEventListener('input', draw);
		input.addEventListener('keydown', (e) => {
			const first = one('a', list);
			if (e.key === 'Enter' && first) { e.preventDefault(); first.click(); }
			if (e.key === 'ArrowDown' && first) { e.preventDefault(); first.focus(); }
		});
		dialog.append(input, list);
		body.append(dialog);
		draw();
		dialog.showModal();
	}

	// ---- keys: single ones only where the user has them on ----
	const single = body.hasAttribute('data-keys');
	const press = (what) => { const e = one(what); if (e) e.click(); return !!e; };
	let go = 0, escaped = 0;

	addEventListener('keydown', (e) => {
		const at = e.target;
		const typing = at.matches && at.matches('input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]');
		if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
			e.preventDefault();
			palette();
			return;
		}
		if (e.key === 'Escape') {
			const now = Date.now();
			if (now - escaped < 600 && !one('dialog[open]')) press('[data-lock]');
			escaped = now;
			return;
		}
		if (!single || typing || e.ctrlKey || e.metaKey || e.altKey) return;
		let done = false;
		if (Date.now() - go < 1200) {
			go = 0;
			done = press('[data-go="' + CSS.escape(e.key) + '"]');
		} else if (e.key === 'g') {
			go = Date.now();
			done = true;
		} else if (e.key === '/') {
			const box = one('[data-search]');
			if (box) box.focus();
			done = !!box;
		} else if (e.key === 'n') done = press('[data-new]');
		else if (e.key === 'e') done = press('[data-edit]');
		else if (e.key === 's') done = press('[data-save]');
		else if (e.key === '?') { location.href = '/help#keys'; done = true; }
		if (done) e.preventDefault();
	});
})();
