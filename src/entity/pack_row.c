#include "entity.h"
#include "pack.h"

#include <string.h>

/*
 * Tags of a class ascend in the file of entities, but not always in its
 * order (a field added later stands where it reads well): so pick the next
 * tag each time.  Entities have at most 64 fields.
 */
static const struct field *
next_field(const struct entity *e, enum in_class class, uint16_t after)
{
	const struct field *best = NULL;

	for (size_t i = 0; i < e->n; i++) {
		const struct field *f = &e->fields[i];

		if (f->class != class || f->tag <= after)
			continue;
		if (best == NULL || f->tag < best->tag)
			best = f;
	}
	return best;
}

static void
write_texts(struct buf *b, const texts *t)
{
	for (size_t i = 0; i < t->n; i++) {
		buf_u16(b, (uint16_t)t->p[i].n);
		buf_text(b, t->p[i]);
	}
}

static void
write_file(struct buf *b, const file_ref *f)
{
	buf_add(b, f->key, sizeof(f->key));
	buf_u64(b, f->length);
	buf_add(b, f->sealed_sha256, 32);
	buf_add(b, f->original_sha256, 32);
	buf_u16(b, (uint16_t)f->type.n);
	buf_text(b, f->type);
	buf_u16(b, (uint16_t)f->name.n);
	buf_text(b, f->name);
}

/* The value's bytes: formats.md, Fields. */
static void
write_value(struct buf *b, const struct field *f, const void *row)
{
	const void *p = (const char *)row + f->at;

	switch (f->kind) {
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_CODE:
	case KIND_DIGITS:
		buf_text(b, *(const text *)p);
		return;
	case KIND_CODES:
		write_texts(b, p);
		return;
	case KIND_INTEGER:
	case KIND_MINUTES:
		buf_u64(b, (uint64_t)((const whole *)p)->value);
		return;
	case KIND_BOOLEAN:
		buf_char(b, ((const yesno *)p)->value ? 1 : 0);
		return;
	case KIND_DAY:
		buf_u32(b, (uint32_t)((const day *)p)->n);
		buf_char(b, (char)((const day *)p)->precision);
		return;
	case KIND_INSTANT:
		buf_u64(b, (uint64_t)((const instant *)p)->ms);
		return;
	case KIND_MONEY:
		buf_u64(b, (uint64_t)((const money *)p)->minor);
		buf_add(b, ((const money *)p)->currency, 3);
		return;
	case KIND_RATE:
		buf_u64(b, (uint64_t)((const rate *)p)->mantissa);
		buf_char(b, (char)((const rate *)p)->scale);
		return;
	case KIND_ID:
		buf_add(b, p, sizeof(id));
		return;
	case KIND_FILE:
		write_file(b, p);
		return;
	}
}

result
entity_pack(const struct entity *e, const void *row, enum in_class class,
    struct buf *out)
{
	struct packer packer = pack_begin(out);
	CLEANUP(buf_free) struct buf value = buf_new(RECORD_PLAIN_MAX);
	const struct field *f;

	for (uint16_t tag = 0; (f = next_field(e, class, tag)) != NULL;
	    tag = f->tag) {
		if (field_empty(f, row))
			continue;
		buf_clear(&value);
		write_value(&value, f, row);
		TRY(buf_end(&value));
		pack_add(&packer, f->tag, value.p, value.n);
	}
	return pack_end(&packer);
}

static bool
read_texts(struct arena *a, text v, texts *ret)
{
	text *list = arena_array(a, LIST_VALUES_MAX, sizeof(text));
	size_t n = 0;

	if (list == NULL)
		return false;
	while (v.n > 0) {
		size_t length;

		if (v.n < 2 || n == LIST_VALUES_MAX)
			return false;
		length = get_u16(v.p);
		if (v.n - 2 < length ||
		    !text_is_utf8((text){ v.p + 2, length }))
			return false;
		list[n++] = (text){ v.p + 2, length };
		v = (text){ v.p + 2 + length, v.n - 2 - length };
	}
	*ret = (texts){ list, n };
	return true;
}

static bool
read_file(text v, file_ref *ret)
{
	file_ref r = { .known = true };
	size_t at = 32 + 8 + 32 + 32;

	if (v.n < at + 2)
		return false;
	memcpy(r.key, v.p, 32);
	r.length = get_u64(v.p + 32);
	memcpy(r.sealed_sha256, v.p + 40, 32);
	memcpy(r.original_sha256, v.p + 72, 32);
	r.type.n = get_u16(v.p + at);
	at += 2;
	if (v.n < at + r.type.n + 2)
		return false;
	r.type.p = v.p + at;
	at += r.type.n;
	r.name.n = get_u16(v.p + at);
	at += 2;
	if (v.n != at + r.name.n)
		return false;
	r.name.p = v.p + at;
	*ret = r;
	return text_is_utf8(r.type) && text_is_utf8(r.name);
}

/* What the calendar can write: the years 1 to 9999. */
enum { DAY_LEAST = -719162, DAY_MOST = 2932896, DAY_MS = 24 * 3600 * 1000 };

static bool
read_day(text v, day *ret)
{
	if (v.n != 5 || (unsigned char)v.p[4] > ESTIMATED)
		return false;
	*ret = (day){ (int32_t)get_u32(v.p), (uint8_t)v.p[4], true };
	return ret->n >= DAY_LEAST && ret->n <= DAY_MOST;
}

static bool
read_instant(text v, instant *ret)
{
	if (v.n != 8)
		return false;
	*ret = (instant){ (int64_t)get_u64(v.p), true };
	return ret->ms >= DAY_LEAST * (int64_t)DAY_MS &&
	    ret->ms < DAY_MOST * (int64_t)DAY_MS;
}

/* A currency is three capital letters. */
static bool
read_money(text v, money *ret)
{
	if (v.n != 11)
		return false;
	for (size_t i = 8; i < 11; i++) {
		if (v.p[i] < 'A' || v.p[i] > 'Z')
			return false;
	}
	ret->minor = (int64_t)get_u64(v.p);
	memcpy(ret->currency, v.p + 8, 3);
	ret->currency[3] = '\0';
	return true;
}

static bool
read_rate(text v, rate *ret)
{
	if (v.n != 9 || (unsigned char)v.p[8] > RATE_SCALE_MAX)
		return false;
	*ret = (rate){ (int64_t)get_u64(v.p), (uint8_t)v.p[8], true };
	return true;
}

static bool
read_value(struct arena *a, const struct field *f, text v, void *row)
{
	void *p = (char *)row + f->at;

	switch (f->kind) {
	case KIND_TEXT:
	case KIND_MULTILINE:
	case KIND_CODE:
	case KIND_DIGITS:
		*(text *)p = v;
		return text_is_utf8(v);
	case KIND_CODES:
		return read_texts(a, v, p);
	case KIND_INTEGER:
	case KIND_MINUTES:
		if (v.n != 8)
			return false;
		*(whole *)p = (whole){ (int64_t)get_u64(v.p), true };
		return true;
	case KIND_BOOLEAN:
		if (v.n != 1 || (unsigned char)v.p[0] > 1)
			return false;
		*(yesno *)p = (yesno){ v.p[0] == 1, true };
		return true;
	case KIND_DAY:
		return read_day(v, p);
	case KIND_INSTANT:
		return read_instant(v, p);
	case KIND_MONEY:
		return read_money(v, p);
	case KIND_RATE:
		return read_rate(v, p);
	case KIND_ID:
		if (v.n != sizeof(id))
			return false;
		memcpy(p, v.p, sizeof(id));
		return true;
	case KIND_FILE:
		return read_file(v, p);
	}
	return false;
}

static const struct field *
field_tagged(const struct entity *e, enum in_class class, uint16_t tag)
{
	for (size_t i = 0; i < e->n; i++) {
		if (e->fields[i].class == class && e->fields[i].tag == tag)
			return &e->fields[i];
	}
	return NULL;
}

result
entity_unpack(struct arena *a, const struct entity *e, enum in_class class,
    text plain, void *row)
{
	struct unpacker u = unpack_begin(plain.p, plain.n);
	struct packed one;

	while (unpack_next(&u, &one)) {
		const struct field *f = field_tagged(e, class, one.tag);

		if (f == NULL) {
			/* Written by a newer program: never rewrite it. */
			entity_row(row)->read_only = true;
			continue;
		}
		if (!read_value(a, f, one.value, row))
			return fault(CORRUPT);
	}
	TRY(unpack_end(&u));
	entity_row(row)->open |= 1u << class;
	return OK;
}
