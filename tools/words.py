#!/usr/bin/env python3
"""The catalogues: compile them, and add to both at once.

  words.py compile [--also DIR] es.po en.po es.mo en.mo
  words.py add < lines of "key | Spanish | English"
  words.py missing      keys that the C code seems to use and no file has

A key ending in ".n" has two forms, "one ~ many", in each language.  Adding
a key that exists replaces its message.  Files stay sorted by key, so that
two people who add words seldom touch the same line.
"""
import pathlib
import re
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LANGS = ("es", "en")
HEADER = '''msgid ""
msgstr ""
"Language: {lang}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
'''
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def unquote(line):
    found = STRING.search(line)
    if not found:
        sys.exit(f"not a string: {line}")
    return found.group(1).replace("\\n", "\n").replace('\\"', '"').replace(
        "\\\\", "\\")


def quote(s):
    s = s.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{s}"'


def read(path):
    """{key: [form, ...]} of a catalogue, without its header."""
    messages, key, forms, now = {}, None, [], None

    def keep():
        if key:
            messages[key] = list(forms)

    for line in path.read_text(encoding="utf-8").splitlines() + ['msgid ""']:
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("msgid_plural"):
            now = None
        elif line.startswith("msgid"):
            keep()
            key, forms, now = unquote(line), [], "key"
        elif line.startswith("msgstr"):
            forms.append(unquote(line))
            now = "form"
        elif now == "form":
            forms[-1] += unquote(line)
        elif now == "key":
            key += unquote(line)
    return messages


def write(path, lang, messages):
    out = [HEADER.format(lang=lang)]
    for key in sorted(messages):
        forms = messages[key]
        out.append(f"msgid {quote(key)}")
        if key.endswith(".n"):
            out.append(f"msgid_plural {quote(key)}")
            out += [f"msgstr[{i}] {quote(f)}" for i, f in enumerate(forms)]
        else:
            out.append(f"msgstr {quote(forms[0])}")
        out.append("")
    path.write_text("\n".join(out).rstrip("\n") + "\n", encoding="utf-8")


def add():
    paths = {lang: ROOT / "po" / f"{lang}.po" for lang in LANGS}
    books = {lang: read(p) if p.exists() else {} for lang, p in paths.items()}
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [p.strip().replace("\\n", "\n") for p in line.split(" | ")]
        if len(parts) != 3 or not all(parts):
            sys.exit(f"line {number}: key | Spanish | English, not {line!r}")
        for lang, said in zip(LANGS, parts[1:]):
            forms = said.split(" ~ ") if parts[0].endswith(".n") else [said]
            if parts[0].endswith(".n") and len(forms) != 2:
                sys.exit(f"line {number}: {parts[0]} needs one ~ many")
            books[lang][parts[0]] = forms
    for lang in LANGS:
        write(paths[lang], lang, books[lang])


def missing():
    """Literals like "person.add.title" with a first part that is known."""
    book = read(ROOT / "po" / "es.po")
    areas = {key.split(".")[0] for key in book}
    literal = re.compile(r'"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)"')
    for path in sorted((ROOT / "src").rglob("*.[ch]")):
        for key in sorted(set(literal.findall(path.read_text()))):
            if key not in book and key.split(".")[0] in areas:
                print(f"{key}\t{path.relative_to(ROOT)}")


def catalogue(lang, messages):
    """The bytes of a .mo file (GNU gettext manual, "The Format of GNU MO
    Files"): little-endian, sorted by key, without the optional hash table."""
    header = "".join(unquote(line) for line in
                     HEADER.format(lang=lang).splitlines()[2:])
    pairs = {b"": header.encode()}
    for key, forms in messages.items():
        original = [key, key] if key.endswith(".n") else [key]
        pairs["\0".join(original).encode()] = "\0".join(forms).encode()
    strings, tables, at = b"", [], 28 + 16 * len(pairs)
    ordered = sorted(pairs.items())
    for column in zip(*ordered):
        for text in column:
            tables.append(struct.pack("<II", len(text), at + len(strings)))
            strings += text + b"\0"
    n = len(ordered)
    return struct.pack("<7I", 0x950412de, 0, n, 28, 28 + 8 * n, 0,
                       28 + 16 * n) + b"".join(tables) + strings


def checked(path):
    """A catalogue's messages; ends where one says nothing or too much."""
    messages = read(path)
    for key, forms in messages.items():
        if len(forms) != (2 if key.endswith(".n") else 1) or not all(forms):
            sys.exit(f"{path}: {key} has {len(forms)} forms, or an empty one")
    return messages


def compile_all(args):
    also = None
    if args[0] == "--also":
        also, args = pathlib.Path(args[1]), args[2:]
        also.mkdir(parents=True, exist_ok=True)
    half = len(args) // 2
    for po, mo in zip(map(pathlib.Path, args[:half]), args[half:]):
        made = catalogue(po.stem, checked(po))
        pathlib.Path(mo).write_bytes(made)
        if also:
            new = also / (pathlib.Path(mo).name + ".new")
            new.write_bytes(made)
            new.replace(also / pathlib.Path(mo).name)


if __name__ == "__main__":
    if sys.argv[1:2] == ["compile"]:
        compile_all(sys.argv[2:])
    elif sys.argv[1:] == ["add"]:
        add()
    elif sys.argv[1:] == ["missing"]:
        missing()
    else:
        sys.exit(__doc__)
