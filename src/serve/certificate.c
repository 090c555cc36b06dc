/*
 * Only as much of X.509 as leads to one date.  Nothing is decided by it
 * but a line of the doctor: whether a certificate is good is for nginx and
 * for browsers.
 */
#include "certificate.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

enum { PEM_MAX = 64 * KIB };

/* ---- DER -------------------------------------------------------------- */

enum tag { TAG_INTEGER = 0x02, TAG_UTC = 0x17, TAG_GENERAL = 0x18,
	TAG_SEQUENCE = 0x30, TAG_VERSION = 0xa0 };

static bool length(text *from, size_t *ret)
{
	enum { LONG = 0x80, BYTES_MAX = 3 };
	uint8_t first = (uint8_t)from->p[0];
	size_t bytes = first & (LONG - 1u);
	size_t n = 0;

	from->p++;
	from->n--;
	if (first < LONG) {
		*ret = first;
		return first <= from->n;
	}
	if (bytes == 0 || bytes > BYTES_MAX || bytes > from->n)
		return false;
	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | (uint8_t)from->p[i];
	from->p += bytes;
	from->n -= bytes;
	*ret = n;
	return n <= from->n;
}

/* The next element's tag and content; `from` stands behind it. */
static bool element(text *from, uint8_t *ret_tag, text *ret)
{
	size_t n;

	if (from->n < 2)
		return false;
	*ret_tag = (uint8_t)from->p[0];
	from->p++;
	from->n--;
	if (!length(from, &n))
		return false;
	*ret = (text){ from->p, n };
	from->p += n;
	from->n -= n;
	return true;
}

static bool expect(text *from, enum tag tag, text *ret)
{
	uint8_t got;

	return element(from, &got, ret) && got == (uint8_t)tag;
}

/* ---- a time ----------------------------------------------------------- */

static bool digits(text *from, size_t n, int *ret)
{
	int64_t value;

	if (from->n < n || from->p[0] == '-' ||
	    !text_integer((text){ from->p, n }, &value))
		return false;
	from->p += n;
	from->n -= n;
	*ret = (int)value;
	return true;
}

/* YYMMDDhhmmssZ until 2049, YYYYMMDDhhmmssZ later (RFC 5280, 4.1.2.5). */
static result time_of(uint8_t tag, text t, instant *ret)
{
	enum { CENTURY_FROM = 50, FAR = 2200 };
	int part[6];		/* year, month, day, hour, minute, second */
	bool good = tag == TAG_UTC || tag == TAG_GENERAL;

	for (size_t i = 0; good && i < LENGTH(part); i++)
		good = digits(&t, i == 0 && tag == TAG_GENERAL ? 4 : 2,
		    &part[i]);
	if (!good || !text_same(t, T("Z")))
		return refuse(INVALID);
	if (tag == TAG_UTC)
		part[0] += part[0] < CENTURY_FROM ? 2000 : 1900;
	if (part[0] > FAR)
		part[0] = FAR;	/* 9999: it has no end */
	if (!ymd_valid(part[0], part[1], part[2]))
		return refuse(INVALID);
	ret->ms = (((int64_t)day_of(part[0], part[1], part[2]).n * 24 +
	    part[3]) * 60 + part[4]) * 60000 + (int64_t)part[5] * 1000;
	ret->known = true;
	return OK;
}

/* Certificate { tbs { [0] version, serial, algorithm, issuer, validity {
 * from, until } … } … } */
static result end_in(text der, instant *ret)
{
	text all, tbs, skipped, validity, until;
	uint8_t tag;

	if (!expect(&der, TAG_SEQUENCE, &all) ||
	    !expect(&all, TAG_SEQUENCE, &tbs) ||
	    !element(&tbs, &tag, &skipped))
		return refuse(INVALID);
	if (tag == TAG_VERSION && !element(&tbs, &tag, &skipped))
		return refuse(INVALID);
	if (tag != TAG_INTEGER || !expect(&tbs, TAG_SEQUENCE, &skipped) ||
	    !expect(&tbs, TAG_SEQUENCE, &skipped) ||
	    !expect(&tbs, TAG_SEQUENCE, &validity) ||
	    !element(&validity, &tag, &skipped) ||
	    !element(&validity, &tag, &until))
		return refuse(INVALID);
	return time_of(tag, until, ret);
}

/* ---- PEM -------------------------------------------------------------- */

result certificate_end_of(text pem, instant *ret)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	static const char end[] = "-----END CERTIFICATE-----";
	static uint8_t der[PEM_MAX];
	const char *from = pem.n == 0 ? NULL :
	    memmem(pem.p, pem.n, begin, sizeof(begin) - 1);
	const char *to;
	size_t n;

	if (from == NULL)
		return refuse(INVALID);
	from += sizeof(begin) - 1;
	to = memmem(from, (size_t)(pem.p + pem.n - from), end,
	    sizeof(end) - 1);
	if (to == NULL || sodium_base642bin(der, sizeof(der), from,
	    (size_t)(to - from), " \t\r\n", &n, NULL,
	    sodium_base64_VARIANT_ORIGINAL) != 0)
		return refuse(INVALID);
	return end_in((text){ (const char *)der, n }, ret);
}

result certificate_end(const char *path, instant *ret)
{
	static char pem[PEM_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, pem, sizeof(pem));

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return refuse(INVALID);
	return certificate_end_of((text){ pem, (size_t)n }, ret);
}
