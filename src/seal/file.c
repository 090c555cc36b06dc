#include "seal.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
	AT_VERSION = 8, AT_ALGORITHM = 10, AT_CHUNK = 11, AT_FILE = 16,
	AT_PADDED = 32, AT_STREAM = 40, AT_COMMITMENT = 64,

	VERSION = 1, SECRETSTREAM = 1, CHUNK_LOG2 = 16,
	STREAM_HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
	COMMITMENT = 32,
	PADDED_MIN = 1024,
	BOUND = 16 + 8,			/* file id, index of the chunk */
};
_Static_assert(AF1_CHUNK == 1 << CHUNK_LOG2, "as the header says");
_Static_assert(AF1_TAG == crypto_secretstream_xchacha20poly1305_ABYTES,
    "bytes added to a chunk");
_Static_assert(AT_COMMITMENT - AT_STREAM == STREAM_HEADER, "the layout");

/* Lives in a secret. */
struct stream {
	crypto_secretstream_xchacha20poly1305_state state;
	struct { key32 stream, com; } keys;	/* only while beginning */
	uint8_t plain[AF1_CHUNK];
};

/* Where both directions stand. */
struct course {
	struct secret secret;
	struct stream *stream;
	id file;
	uint64_t length, padded, chunks, index;
	size_t held;			/* bytes of the chunk at hand */
	bool broken;
};

struct file_sealer { struct course c; uint64_t added; };
struct file_opener { struct course c; uint8_t sealed[AF1_CHUNK + AF1_TAG]; };

/* Padmé: the length keeps as many leading bits as its exponent has. */
uint64_t file_padded(uint64_t length)
{
	if (length <= PADDED_MIN)
		return PADDED_MIN;
	int e = 63 - __builtin_clzll(length);
	int s = 32 - __builtin_clz((unsigned int)e);
	uint64_t mask = ((uint64_t)1 << (e - s)) - 1;
	return (length + mask) & ~mask;
}

static uint64_t chunks_of(uint64_t padded)
{
	return (padded + AF1_CHUNK - 1) / AF1_CHUNK;
}

uint64_t file_sealed(uint64_t length)
{
	uint64_t padded = file_padded(length);

	return AF1_HEADER + padded + chunks_of(padded) * AF1_TAG;
}

/* Padded bytes of the chunk at hand; only the last may be short. */
static size_t chunk_size(const struct course *c)
{
	uint64_t left = c->padded - c->index * AF1_CHUNK;

	return left < AF1_CHUNK ? (size_t)left : AF1_CHUNK;
}

/* Bytes of the content among the first `padded` padded ones. */
static uint64_t real_bytes(const struct course *c, uint64_t padded)
{
	return padded < c->length ? padded : c->length;
}

static void bound_of(const struct course *c, uint8_t ret[BOUND])
{
	memcpy(ret, c->file.b, sizeof(c->file.b));
	put_u64(ret + 16, c->index);
}

static uint8_t tag_of(const struct course *c)
{
	return c->index + 1 == c->chunks ?
	    crypto_secretstream_xchacha20poly1305_TAG_FINAL :
	    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
}

/* The whole header follows from the keys, the id, the length, the draw. */
static void header_write(const struct course *c,
    const uint8_t draw[STREAM_HEADER], uint8_t ret[AF1_HEADER])
{
	memset(ret, 0, AF1_HEADER);
	memcpy(ret, "ALASFIL1", 8);
	put_u16(ret + AT_VERSION, VERSION);
	ret[AT_ALGORITHM] = SECRETSTREAM;
	ret[AT_CHUNK] = CHUNK_LOG2;
	memcpy(ret + AT_FILE, c->file.b, sizeof(c->file.b));
	put_u64(ret + AT_PADDED, c->padded);
	memcpy(ret + AT_STREAM, draw, STREAM_HEADER);
	crypto_generichash(ret + AT_COMMITMENT, COMMITMENT, ret,
	    AT_COMMITMENT, c->stream->keys.com.b, sizeof(key32));
}

/*
 * init_pull for both directions: it is init_push but for the header, which
 * init_push draws itself and we take from the chance given.
 */
static void course_start(struct course *c, const uint8_t draw[STREAM_HEADER])
{
	struct stream *s = c->stream;

	crypto_secretstream_xchacha20poly1305_init_pull(&s->state, draw,
	    s->keys.stream.b);
	sodium_memzero(&s->keys, sizeof(s->keys));
}

static result course_new(const key32 *file_key, id file_id, uint64_t length,
    struct course *c)
{
	*c = (struct course){ .file = file_id, .length = length,
		.padded = file_padded(length) };
	c->chunks = chunks_of(c->padded);
	TRY(secret_new(sizeof(struct stream), &c->secret));
	c->stream = (struct stream *)(void *)c->secret.p;
	crypto_kdf_derive_from_key((uint8_t *)&c->stream->keys,
	    sizeof(c->stream->keys), 1, "alasFIL1", file_key->b);
	return OK;
}

/* ---- sealing ---------------------------------------------------------- */

void file_sealer_free(struct file_sealer **s)
{
	if (*s == NULL)
		return;
	secret_free(&(*s)->c.secret);
	free(*s);
	*s = NULL;
}

result file_seal_begin(const struct chance *chance, const key32 *file_key,
    id file_id, uint64_t length, struct buf *out, struct file_sealer **ret)
{
	uint8_t draw[STREAM_HEADER];

	if (length > (uint64_t)1 << AF1_LENGTH_BITS)
		return refuse(TOO_LARGE);
	CLEANUP(file_sealer_free) struct file_sealer *s =
	    calloc(1, sizeof(*s));
	NEED(s);
	TRY(course_new(file_key, file_id, length, &s->c));
	uint8_t *header = buf_extend(out, AF1_HEADER);
	if (header == NULL)
		return buf_end(out);

	chance->fill(chance->self, draw, sizeof(draw));
	header_write(&s->c, draw, header);
	course_start(&s->c, draw);
	*ret = s;
	s = NULL;
	return OK;
}

static result seal_chunk(struct course *c, struct buf *out)
{
	uint8_t bound[BOUND];
	uint8_t *to = buf_extend(out, c->held + AF1_TAG);

	if (to == NULL)
		return buf_end(out);
	bound_of(c, bound);
	crypto_secretstream_xchacha20poly1305_push(&c->stream->state, to,
	    NULL, c->stream->plain, c->held, bound, sizeof(bound),
	    tag_of(c));
	sodium_memzero(c->stream->plain, c->held);
	c->held = 0;
	c->index++;
	return OK;
}

/* `p` NULL: zeros.  Never past the padded length, the callers saw to it. */
static result seal_bytes(struct course *c, const uint8_t *p, uint64_t n,
    struct buf *out)
{
	while (n > 0) {
		assert(c->index < c->chunks);
		size_t size = chunk_size(c);
		size_t take = size - c->held < n ? size - c->held : (size_t)n;

		/* What is held past `held` is zero already. */
		if (p != NULL) {
			memcpy(c->stream->plain + c->held, p, take);
			p += take;
		}
		c->held += take;
		n -= take;
		if (c->held == size)
			TRY(seal_chunk(c, out));
	}
	return OK;
}

/* Sealed bytes of this call go together or not at all. */
static result seal_whole(struct course *c, const uint8_t *p, uint64_t n,
    struct buf *out)
{
	size_t before = out->n;
	result r = seal_bytes(c, p, n, out);

	if (!is_ok(r)) {
		out->n = before;
		c->broken = true;
	}
	return r;
}

result file_seal_add(struct file_sealer *s, const void *p, size_t n,
    struct buf *out)
{
	if (s->c.broken)
		return fault(BUG);
	if (n > s->c.length - s->added) {
		s->c.broken = true;
		return refuse(INVALID);
	}
	TRY(seal_whole(&s->c, p, n, out));
	s->added += n;
	return OK;
}

result file_seal_end(struct file_sealer *s, struct buf *out)
{
	if (s->c.broken)
		return fault(BUG);
	if (s->added != s->c.length) {
		s->c.broken = true;
		return refuse(INVALID);
	}
	TRY(seal_whole(&s->c, NULL, s->c.padded - s->c.length, out));
	s->c.broken = true;		/* nothing may follow the end */
	return OK;
}

/* ---- opening ---------------------------------------------------------- */

void file_opener_free(struct file_opener **o)
{
	if (*o == NULL)
		return;
	secret_free(&(*o)->c.secret);
	free(*o);
	*o = NULL;
}

/*
 * Of the header only id and draw are free; with them it is made again and
 * compared whole, commitment and zeros included.
 */
result file_open_begin(const key32 *file_key, const void *header,
    uint64_t length, struct file_opener **ret)
{
	const uint8_t *h = header;
	uint8_t made[AF1_HEADER];
	id file_id;

	if (length > (uint64_t)1 << AF1_LENGTH_BITS)
		return fault(SEALED_RECORD);
	CLEANUP(file_opener_free) struct file_opener *o =
	    calloc(1, sizeof(*o));
	NEED(o);
	memcpy(file_id.b, h + AT_FILE, sizeof(file_id.b));
	TRY(course_new(file_key, file_id, length, &o->c));
	header_write(&o->c, h + AT_STREAM, made);
	if (sodium_memcmp(made, h, AF1_HEADER) != 0)
		return fault(SEALED_RECORD);

	course_start(&o->c, h + AT_STREAM);
	*ret = o;
	o = NULL;
	return OK;
}

/* Verified, then only the content: the padding must be zeros. */
static bool open_chunk(struct file_opener *o, struct buf *out)
{
	struct course *c = &o->c;
	uint8_t bound[BOUND], tag;
	size_t size = chunk_size(c);
	uint64_t start = c->index * AF1_CHUNK;
	uint64_t real = real_bytes(c, start + size) - real_bytes(c, start);

	bound_of(c, bound);
	if (crypto_secretstream_xchacha20poly1305_pull(&c->stream->state,
	    c->stream->plain, NULL, &tag, o->sealed, size + AF1_TAG, bound,
	    sizeof(bound)) != 0 || tag != tag_of(c))
		return false;
	if (!sodium_is_zero(c->stream->plain + real, size - (size_t)real))
		return false;
	buf_add(out, c->stream->plain, (size_t)real);
	sodium_memzero(c->stream->plain, size);
	c->held = 0;
	c->index++;
	return true;
}

static bool open_bytes(struct file_opener *o, const uint8_t *p, size_t n,
    struct buf *out)
{
	struct course *c = &o->c;

	while (n > 0) {
		if (c->index == c->chunks)
			return false;
		size_t size = chunk_size(c) + AF1_TAG;
		size_t take = size - c->held < n ? size - c->held : n;

		memcpy(o->sealed + c->held, p, take);
		c->held += take;
		p += take;
		n -= take;
		if (c->held == size && !open_chunk(o, out))
			return false;
	}
	return true;
}

/* Content bytes that adding `n` sealed bytes will give. */
static uint64_t yield_of(const struct course *c, size_t n)
{
	uint64_t start = c->index * AF1_CHUNK;
	uint64_t have = c->held + (uint64_t)n;
	uint64_t left = c->padded - start + (c->chunks - c->index) * AF1_TAG;
	uint64_t end = start + have / (AF1_CHUNK + AF1_TAG) * AF1_CHUNK;

	if (have >= left)
		end = c->padded;
	return real_bytes(c, end) - real_bytes(c, start);
}

result file_open_add(struct file_opener *o, const void *p, size_t n,
    struct buf *out)
{
	size_t before = out->n;

	if (o->c.broken)
		return fault(SEALED_RECORD);
	TRY(buf_end(out));
	if (yield_of(&o->c, n) > out->max - before)
		return refuse(TOO_LARGE);
	bool good = open_bytes(o, p, n, out);
	if (good && !out->failed)
		return OK;

	o->c.broken = true;
	sodium_memzero(o->c.stream->plain, AF1_CHUNK);
	if (out->n > before)
		sodium_memzero(out->p + before, out->n - before);
	out->n = before;
	return good ? fault(NO_MEMORY) : fault(SEALED_RECORD);
}

result file_open_end(struct file_opener *o)
{
	if (o->c.broken || o->c.index != o->c.chunks)
		return fault(SEALED_RECORD);
	return OK;
}
