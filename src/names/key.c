#include "names.h"

/*
 * How Andean Spanish sounds, one class per letter:
 *
 *   k  c k q cc qq qu g gu(e,i)      Ccori Qori Quri, Inca Inga
 *   b  b v w hu(a,e,i) gu(a,o) u(a…) Vilca Willca Huillca, Huamán Guamán
 *   s  s z c(e,i) x sh               Vásquez Basques, Máximo Másimo
 *   i  i e y ll                      Quispe Quispi, Ayala Allala
 *   u  o u w(at the end)             Poma Puma
 *   j  j g(e,i) x(at the start)      Jayo Xayo
 *   c  ch      n  n ñ m(b,p)         Ambrosio Anbrosio
 *   l  l, and ll before a consonant  Sullca Sulca
 *
 * h is mute (so th, ph, kh of Aymara are t, p, k) and doubled sounds are
 * one.  The classes are wide on purpose: what they confuse, the score of
 * the written word sorts out.
 */

struct sounds { text in; size_t at; char *out; size_t n; };

/* The letter `ahead` of here as ASCII, ñ as n, 0 outside the word. */
static char look(const struct sounds *s, size_t ahead)
{
	size_t i = s->at + ahead;

	if (i >= s->in.n)
		return 0;
	return s->in.p[i];
}

static bool is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

static bool is_front(char c)
{
	return c == 'e' || c == 'i' || c == 'y';
}

static void sound(struct sounds *s, char class, size_t letters)
{
	if (s->n == 0 || s->out[s->n - 1] != class)
		s->out[s->n++] = class;
	s->at += letters;
}

static void sound_c(struct sounds *s)
{
	if (look(s, 1) == 'h')
		sound(s, 'c', 2);
	else if (look(s, 1) == 'c')
		sound(s, 'k', 2);
	else
		sound(s, is_front(look(s, 1)) ? 's' : 'k', 1);
}

static void sound_g(struct sounds *s)
{
	char next = look(s, 1), after = look(s, 2);

	if (next == 'u' && (after == 'a' || after == 'o'))
		sound(s, 'b', 2);
	else if (next == 'u' && is_front(after))
		sound(s, 'k', 2);
	else
		sound(s, is_front(next) ? 'j' : 'k', 1);
}

/* "hu" before a vowel is a consonant; any other h is mute. */
static void sound_h(struct sounds *s)
{
	if (look(s, 1) == 'u' && is_vowel(look(s, 2)))
		sound(s, 'b', 2);
	else
		s->at++;
}

/* A glide between vowels or at the start: Cauana, Uamán. */
static void sound_u(struct sounds *s)
{
	char before = s->n == 0 ? 0 : s->out[s->n - 1];
	bool open = before == 0 || before == 'a' || before == 'i' ||
	    before == 'u';

	sound(s, open && is_vowel(look(s, 1)) ? 'b' : 'u', 1);
}

static void sound_l(struct sounds *s)
{
	char after = look(s, 2);

	if (look(s, 1) != 'l')
		sound(s, 'l', 1);
	else
		sound(s, is_vowel(after) || after == 'y' ? 'i' : 'l', 2);
}

static void sound_m(struct sounds *s)
{
	char next = look(s, 1);
	bool lips = next == 'b' || next == 'p' || next == 'v';

	sound(s, lips ? 'n' : 'm', 1);
}

/* Xayo is Jayo; Máximo, Roxana, Félix and Exaltación have an s. */
static void sound_x(struct sounds *s)
{
	sound(s, s->n == 0 && is_vowel(look(s, 1)) ? 'j' : 's', 1);
}

static void sound_w(struct sounds *s)
{
	sound(s, is_vowel(look(s, 1)) || look(s, 1) == 'y' ? 'b' : 'u', 1);
}

/* "qu" before e and i is one sound, and so it is written in qa, qo. */
static void sound_q(struct sounds *s)
{
	sound(s, 'k', look(s, 1) == 'u' && is_front(look(s, 2)) ? 2 : 1);
}

static void sound_next(struct sounds *s)
{
	char c = look(s, 0);

	switch (c) {
	case 'c': sound_c(s); return;
	case 'g': sound_g(s); return;
	case 'h': sound_h(s); return;
	case 'l': sound_l(s); return;
	case 'm': sound_m(s); return;
	case 'q': sound_q(s); return;
	case 'u': sound_u(s); return;
	case 'w': sound_w(s); return;
	case 'x': sound_x(s); return;
	case 'k': sound(s, 'k', 1); return;
	case 'b': case 'v': sound(s, 'b', 1); return;
	case 's': case 'z': sound(s, 's', 1); return;
	case 'i': case 'e': case 'y': sound(s, 'i', 1); return;
	case 'o': sound(s, 'u', 1); return;
	case '\xc3':
		/* ñ is the only folded letter of two bytes in Spanish. */
		if (look(s, 1) == '\xb1') {
			sound(s, 'n', 2);
			return;
		}
		break;
	}
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		sound(s, c, 1);
	else
		s->at++;
}

text names_key(struct arena *a, text folded)
{
	struct sounds s = { .in = folded };

	s.out = arena_take(a, folded.n);
	if (s.out == NULL)
		return (text){ 0 };
	while (s.at < folded.n)
		sound_next(&s);
	return (text){ s.out, s.n };
}
