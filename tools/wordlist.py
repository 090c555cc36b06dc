#!/usr/bin/env python3
"""Words for passphrases: wordlist.py DICTIONARY OUT.h OUT.c

The plain words of Debian's wspanish: small letters a to z, four to seven of
them, so that they can be read aloud and typed on any keyboard.  In the order
of their bytes, each once: the program looks a word up by halving.
"""
import pathlib
import re
import sys

WORDS_MIN = 20000
PLAIN = re.compile("[a-z]{4,7}")

path, out_h, out_c = sys.argv[1:]
lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
words = sorted({w for w in lines if PLAIN.fullmatch(w)})
if len(words) < WORDS_MIN:
    sys.exit(f"{path}: only {len(words)} plain words; six of them would not "
             "make a passphrase (Debian's package wspanish is meant)")

pathlib.Path(out_h).write_text(f"""/* Made by tools/wordlist.py. */
#ifndef ALAS_WORDLIST_H
#define ALAS_WORDLIST_H

enum {{ WORDLIST_N = {len(words)}, WORDLIST_ROOM = 8 }};
/* NUL-ended, in the order of their bytes. */
extern const char wordlist[WORDLIST_N][WORDLIST_ROOM];

#endif
""", encoding="utf-8")
with open(out_c, "w", encoding="utf-8") as f:
    f.write('/* Made by tools/wordlist.py. */\n#include "wordlist.h"\n\n'
            "const char wordlist[WORDLIST_N][WORDLIST_ROOM] = {\n")
    for i in range(0, len(words), 6):
        f.write("\t" + " ".join(f'"{w}",' for w in words[i:i + 6]) + "\n")
    f.write("};\n")
