#include "mo.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEADER_BYTES = 28,
	ENTRY_BYTES = 8,
};

static const uint32_t MAGIC_LITTLE = 0x950412de;

/* The one rule for forms that this reader follows; spaces do not matter. */
static const char RULE[] = "Plural-Forms:nplurals=2;plural=(n!=1);";

static uint32_t little_u32(const char *p)
{
	unsigned char b[4];

	memcpy(b, p, sizeof(b));
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	    (uint32_t)b[3] << 24;
}

/* FNV-1a: keys are ours, nobody can choose them to collide. */
static uint32_t hash(text t)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < t.n; i++)
		h = (h ^ (unsigned char)t.p[i]) * 16777619u;
	return h;
}

/* A string of the file: inside it, and ended by a NUL as the format says. */
static bool string_at(text bytes, size_t table, uint32_t i, text *ret)
{
	const char *entry = bytes.p + table + (size_t)i * ENTRY_BYTES;
	size_t n = little_u32(entry);
	size_t at = little_u32(entry + 4);

	if (at >= bytes.n || n >= bytes.n - at || bytes.p[at + n] != '\0')
		return false;
	*ret = (text){ bytes.p + at, n };
	return true;
}

static bool table_fits(text bytes, size_t at, uint32_t n)
{
	return at <= bytes.n && n <= (bytes.n - at) / ENTRY_BYTES;
}

/* The stored key of a message with forms is "one NUL many": keep "one". */
static text key_of(text original)
{
	return (text){ original.p, strnlen(original.p, original.n) };
}

static bool rule_agrees(text header)
{
	char line[sizeof(RULE)];
	size_t n = 0;

	while (header.n > 0) {
		text row = text_cut(&header, '\n');
		if (!text_starts(row, T("Plural-Forms:")))
			continue;
		for (size_t i = 0; i < row.n; i++) {
			if (row.p[i] == ' ')
				continue;
			if (n == sizeof(line))
				return false;
			line[n++] = row.p[i];
		}
		return text_same((text){ line, n }, text_of(RULE));
	}
	return true;
}

/* One form or two, each of them text. */
static bool forms_are_whole(text value)
{
	for (unsigned form = 0; form < MO_FORMS; form++)
		if (!text_is_utf8(mo_form(value, form)))
			return false;
	return true;	/* a third form would show its NUL in the second */
}

static result slots_build(struct mo *m)
{
	uint32_t size = 16;

	while (size < m->n * 2)
		size *= 2;
	m->slots = calloc(size, sizeof(*m->slots));
	NEED(m->slots);
	m->mask = size - 1;
	for (uint32_t i = 0; i < m->n; i++) {
		uint32_t at = hash(m->messages[i].key) & m->mask;
		while (m->slots[at] != 0)
			at = (at + 1) & m->mask;
		m->slots[at] = i + 1;
	}
	return OK;
}

static result messages_read(text bytes, struct mo *m)
{
	size_t keys = little_u32(bytes.p + 12);
	size_t values = little_u32(bytes.p + 16);

	if (!table_fits(bytes, keys, m->n) || !table_fits(bytes, values, m->n))
		return fault(CORRUPT);
	m->messages = calloc(m->n == 0 ? 1 : m->n, sizeof(*m->messages));
	NEED(m->messages);
	for (uint32_t i = 0; i < m->n; i++) {
		struct mo_message *now = &m->messages[i];
		if (!string_at(bytes, keys, i, &now->key) ||
		    !string_at(bytes, values, i, &now->value))
			return fault(CORRUPT);
		now->key = key_of(now->key);
		if (!forms_are_whole(now->value))
			return fault(CORRUPT);
		if (now->key.n == 0 && !rule_agrees(now->value))
			return fault(CORRUPT);
	}
	return slots_build(m);
}

void mo_free(struct mo *m)
{
	if (m == NULL)
		return;
	free(m->messages);
	free(m->slots);
	*m = (struct mo){ 0 };
}

text mo_form(text message, unsigned form)
{
	text rest = message;
	text now = text_cut(&rest, '\0');

	return form > 0 && now.n < message.n ? rest : now;
}

bool mo_find(const struct mo *m, text key, text *ret)
{
	if (m->slots == NULL || key.n == 0)
		return false;

	uint32_t at = hash(key) & m->mask;
	while (m->slots[at] != 0) {
		const struct mo_message *now = &m->messages[m->slots[at] - 1];
		if (text_same(now->key, key)) {
			*ret = now->value;
			return true;
		}
		at = (at + 1) & m->mask;
	}
	return false;
}

result mo_read(text bytes, struct mo *ret)
{
	struct mo m = { 0 };

	if (bytes.n > MO_BYTES_MAX)
		return refuse(TOO_LARGE);
	if (bytes.n < HEADER_BYTES || little_u32(bytes.p) != MAGIC_LITTLE ||
	    little_u32(bytes.p + 4) != 0)
		return fault(CORRUPT);
	m.n = little_u32(bytes.p + 8);
	if (m.n > MO_MESSAGES_MAX)
		return refuse(TOO_LARGE);

	result r = messages_read(bytes, &m);
	if (!is_ok(r)) {
		mo_free(&m);
		return r;
	}
	*ret = m;
	return OK;
}
