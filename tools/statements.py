#!/usr/bin/env python3
"""Compile SQL files into C.

    statements.py OUT.h OUT.c ROOM FILE.sql...
        one `const struct statement sql_<name>` per statement, and
        `<room>_statements[]` with all of them
    statements.py --check FOLDER
        every statement of the rooms below FOLDER is used by its room's
        .c files, and no other is: a failure of the tests otherwise
    statements.py --migrations OUT.c DEPFILE FOLDER
        FOLDER/NNNN-name.sql as store_migrations[]
    statements.py --tables OUT.c NAME FILE.sql...
        NAME[]: each CREATE of the files as one text, in order, ended by
        NULL, for a database in memory (store_options.tables)

A statement has a name, a line or more that says its contract, and one text
for both engines that ends with a semicolon:

    -- name: person_get
    -- One person by id; columns as the table.
    SELECT id, v FROM person WHERE id = :id;

Arguments are :names.  What only one engine knows, what asks the engine for
the time or for chance, and text typed into a statement are refused.
"""
import pathlib
import re
import sys

ARGS_MAX = 48           # SQL_ARGS_MAX of limits_alas.h
BYTES_MAX = 4000        # C17 promises literals of 4,095

NAME = re.compile(r"[a-z][a-z0-9_]*")
HEAD = re.compile(r"--\s*name:\s*(.*?)\s*$")
TOKEN = re.compile(r"""
      (?P<space>\s+)
    | (?P<comment>--[^\n]*)
    | (?P<string>'(?:[^']|'')*')
    | (?P<quoted>"[a-z_][a-z0-9_]*")
    | (?P<arg>:[A-Za-z_][A-Za-z0-9_]*)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>[0-9]+(?![A-Za-z0-9_.]))
    | (?P<operator><=|>=|<>|\|\||/(?!\*)|[-+*%(),.<>=;])
    """, re.VERBOSE)
CODE = re.compile(r"'[A-Za-z0-9_.-]{0,40}'")
VERBS = {"SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE"}
WRITES = {"INSERT", "UPDATE", "DELETE"}
READS = VERBS - WRITES
# One engine's own, or the clock and chance, which come from the operation.
REFUSED = {
    "REPLACE": "one engine's", "IGNORE": "one engine's",
    "ILIKE": "one engine's", "GLOB": "one engine's", "ROWID": "one engine's",
    "IFNULL": "one engine's: say COALESCE", "PRAGMA": "one engine's",
    "ANY": "one engine's", "ARRAY": "one engine's",
    "INTERVAL": "one engine's", "SHARE": "one engine's",
    "BOOLEAN": "one engine's", "REAL": "not exact", "FLOAT": "not exact",
    "DOUBLE": "not exact",
    "CURRENT_TIMESTAMP": "a clock", "CURRENT_DATE": "a clock",
    "CURRENT_TIME": "a clock", "LOCALTIMESTAMP": "a clock",
    "LOCALTIME": "a clock",
    "BEGIN": "tx_begin's", "COMMIT": "tx_commit's", "ROLLBACK": "tx_abort's",
}
# The same, but only when called: as the name of a column they are innocent.
REFUSED_CALLS = {
    "NOW": "a clock", "DATE": "a clock", "TIME": "a clock",
    "DATETIME": "a clock", "JULIANDAY": "a clock", "STRFTIME": "a clock",
    "UNIXEPOCH": "a clock", "CLOCK_TIMESTAMP": "a clock", "AGE": "a clock",
    "RANDOM": "chance", "RANDOMBLOB": "chance", "GEN_RANDOM_UUID": "chance",
    "LAST_INSERT_ROWID": "one engine's", "NEXTVAL": "one engine's",
}


class Wrong(Exception):
    pass


class Statement:
    def __init__(self, path, line, name):
        self.path, self.line, self.name = path, line, name
        self.contract, self.body = [], []

    def wrong(self, what):
        return Wrong(f"{self.path}:{self.line}: {self.name}: {what}")


# ---- reading ---------------------------------------------------------------

def blocks(path):
    """The statements of a file, as lines; what comes before the first name
    is the file's own comment."""
    made, this = [], None
    for number, line in enumerate(
            pathlib.Path(path).read_text(encoding="utf-8").split("\n"), 1):
        head = HEAD.match(line)
        if head:
            this = Statement(path, number, head[1])
            made.append(this)
        elif this is None:
            if line.strip() and not line.startswith("--"):
                raise Wrong(f"{path}:{number}: SQL before the first name")
        elif line.startswith("--") and not this.body:
            this.contract.append(line[2:].strip())
        elif line.strip() and this.body and ends(this.body):
            if not line.startswith("--"):
                raise this.wrong(f"goes on after its end in line {number}")
        elif line.strip():
            this.body.append(line)
    if not made:
        raise Wrong(f"{path}: no statement")
    return made


def ends(body):
    return re.sub(r"--.*", "", body[-1]).rstrip().endswith(";")


def tokens(st):
    text = "\n".join(st.body)
    at = 0
    while at < len(text):
        m = TOKEN.match(text, at)
        if not m:
            where = text[at:at + 20].split("\n")[0]
            raise st.wrong(f"not understood or not allowed: {where}")
        at = m.end()
        if m.lastgroup == "comment":
            yield "space", " "
        elif m.lastgroup == "space":
            yield "space", " "
        else:
            yield m.lastgroup, m[0]


def compile_one(st):
    """Fills st.sql, st.postgres, st.args; comments and line ends go."""
    if not NAME.fullmatch(st.name):
        raise st.wrong("a name is a-z, 0-9 and _")
    if not any(len(line.split()) > 1 for line in st.contract):
        raise st.wrong("needs a line that says its contract")
    sql, postgres, st.args, words = [], [], [], []
    last = ""
    for kind, text in tokens(st):
        if kind == "space":
            if sql and sql[-1] != " ":
                sql.append(" ")
                postgres.append(" ")
            continue
        if kind == "arg":
            name = text[1:]
            if not NAME.fullmatch(name):
                raise st.wrong(f"{text}: an argument is a-z, 0-9 and _")
            if name not in st.args:
                st.args.append(name)
            sql.append(text)
            postgres.append(f"${st.args.index(name) + 1}")
            continue
        if kind == "string" and not CODE.fullmatch(text):
            raise st.wrong(f"{text}: only codes are constants; "
                           "text is an argument")
        if kind == "word":
            words.append(text.upper())
            if text.upper() in REFUSED:
                raise st.wrong(f"{text}: {REFUSED[text.upper()]}")
        if text == "(" and last.upper() in REFUSED_CALLS:
            raise st.wrong(f"{last}(): {REFUSED_CALLS[last.upper()]}")
        last = text
        sql.append(text)
        postgres.append(text)
    while sql and sql[-1] == " ":
        sql.pop()
        postgres.pop()
    if not sql or sql[-1] != ";":
        raise st.wrong("does not end with a semicolon")
    if ";" in sql[:-1]:
        raise st.wrong("is more than one statement")
    sql.pop()
    postgres.pop()
    check_words(st, words)
    st.sql, st.postgres = "".join(sql).rstrip(), "".join(postgres).rstrip()
    if len(st.sql.encode()) > BYTES_MAX:
        raise st.wrong(f"is longer than {BYTES_MAX} bytes")
    if len(st.args) > ARGS_MAX:
        raise st.wrong(f"has more than {ARGS_MAX} arguments")


def check_words(st, words):
    if not words or words[0] not in VERBS:
        raise st.wrong("begins with none of " + ", ".join(sorted(VERBS)))
    if words[0] in READS and WRITES & set(words):
        raise st.wrong("reads and writes: make it two")
    if words[0] in {"UPDATE", "DELETE"} and "LIMIT" in words:
        raise st.wrong("LIMIT of a write is one engine's")


def compile_all(paths):
    made = {}
    for path in paths:
        for st in blocks(path):
            compile_one(st)
            if st.name in made:
                first = made[st.name]
                raise st.wrong(f"is in {first.path}:{first.line} as well")
            made[st.name] = st
    return list(made.values())


# ---- writing ---------------------------------------------------------------

def c_string(text):
    """One literal, in lines of some words."""
    pieces, line = [], ""
    for word in re.findall(r"\S+\s*", text):
        if line and len(line) + len(word) > 64:
            pieces.append(line)
            line = ""
        line += word
    pieces.append(line)
    return "\n".join('\t    "' + p.replace("\\", "\\\\").replace('"', '\\"')
                     + '"' for p in pieces)


def header(room, statements, names):
    guard = f"ALAS_{room.upper()}_SQL_H"
    out = [f"/* Made by tools/statements.py from {names}. */",
           f"#ifndef {guard}", f"#define {guard}", "", '#include "store.h"',
           ""]
    for st in statements:
        said = [line for line in st.contract if line]
        if len(said) == 1:
            out.append(f"/* {c_comment(said[0])} */")
        else:
            out.append("/*")
            out += [f" * {c_comment(line)}" for line in said]
            out.append(" */")
        out.append(f"extern const struct statement sql_{st.name};")
    out += ["", "/* All of them, ended by NULL. */",
            f"extern const struct statement *const {room}_statements[];", "",
            "#endif"]
    return out


def c_comment(text):
    return text.replace("*/", "* /").replace("/*", "/ *")


def body(room, statements, own_header, names):
    out = [f"/* Made by tools/statements.py from {names}. */",
           f'#include "{own_header}"', "", "#include <stddef.h>", ""]
    for st in statements:
        args = "NULL"
        if st.args:
            args = f"args_{st.name}"
            out += [f"static const char *const {args}[] = {{",
                    *[f'\t"{a}",' for a in st.args], "};"]
        out += [f"const struct statement sql_{st.name} = {{",
                f'\t.name = "{st.name}",',
                f"\t.sql =\n{c_string(st.sql)},",
                f"\t.sql_postgres =\n{c_string(st.postgres)},",
                f"\t.args = {args},",
                f"\t.args_n = {len(st.args)},",
                f'\t.file = "{pathlib.Path(st.path).name}",', "};", ""]
    out.append(f"const struct statement *const {room}_statements[] = {{")
    out += [f"\t&sql_{st.name}," for st in statements] + ["\tNULL,", "};"]
    return out


def write(path, lines):
    pathlib.Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def generate(out_h, out_c, room, paths):
    if not NAME.fullmatch(room):
        raise Wrong(f"{room}: not a room")
    statements = compile_all(paths)
    names = ", ".join(pathlib.Path(p).name for p in paths)
    write(out_h, header(room, statements, names))
    write(out_c, body(room, statements, pathlib.Path(out_h).name, names))


# ---- the check -------------------------------------------------------------

def uses(path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    text = re.sub(r'"(?:\\.|[^"\\\n])*"', " ", text)
    return set(re.findall(r"\bsql_([a-z0-9_]+)\b(?!\s*=)", text))


def check(folder):
    wrong, rooms = [], 0
    for room in sorted(p for p in pathlib.Path(folder).iterdir()
                       if p.is_dir()):
        paths = sorted(room.glob("*.sql"))
        if not paths:
            continue
        rooms += 1
        statements = compile_all(paths)
        used = set().union(*(uses(c) for c in sorted(room.rglob("*.c"))))
        for st in statements:
            if st.name not in used:
                wrong.append(str(st.wrong("is used nowhere in its room")))
        for name in sorted(used - {st.name for st in statements}
                           - {"postgres"}):
            wrong.append(f"{room}: sql_{name} is in no .sql of the room")
    if not rooms:
        wrong.append(f"{folder}: no room with statements")
    if wrong:
        raise Wrong("\n".join(wrong))
    print(f"{rooms} rooms: every statement is used")


# ---- migrations ------------------------------------------------------------

def c_bytes(data):
    """As numbers: longer than a literal may be, and not only ASCII."""
    numbers = [str(b if b < 128 else b - 256) for b in data + b"\0"]
    return ["\t" + ", ".join(numbers[i:i + 16]) + ","
            for i in range(0, len(numbers), 16)]


def migrations(out_c, depfile, folder):
    paths = sorted(pathlib.Path(folder).glob("*.sql"))
    out = ["/* Made by tools/statements.py from src/store/migrations. */",
           '#include "store.h"', ""]
    rows, before = [], 0
    for path in paths:
        m = re.fullmatch(r"([0-9]{4})-([a-z0-9-]+)\.sql", path.name)
        if not m:
            raise Wrong(f"{path}: not called NNNN-name.sql")
        number = int(m[1])
        if number <= before:
            raise Wrong(f"{path}: number {m[1]} is taken")
        text = path.read_text(encoding="utf-8")
        if not re.sub(r"--.*", "", text).rstrip().endswith(";"):
            raise Wrong(f"{path}: does not end with a semicolon")
        if re.search(r"^\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA|SAVEPOINT)\b", text,
                     re.IGNORECASE | re.MULTILINE):
            raise Wrong(f"{path}: a migration is one transaction, "
                        "begun and ended by the store")
        before = number
        out += [f"static const char sql_{m[1]}[] = {{",
                *c_bytes(text.encode()), "};", ""]
        rows.append(f'\t{{ {number}, "{path.stem}", sql_{m[1]} }},')
    out += ["const struct migration store_migrations[] = {", *rows,
            "\t{ 0, NULL, NULL },", "};"]
    write(out_c, out)
    needs = " ".join(str(p).replace(" ", "\\ ") for p in [folder, *paths])
    write(depfile, [f"{out_c}: {needs}"])


# ---- tables of a database in memory ----------------------------------------

def tables(out_c, name, paths):
    if not NAME.fullmatch(name):
        raise Wrong(f"{name}: not a name")
    out = [f"/* Made by tools/statements.py from "
           f"{', '.join(pathlib.Path(p).name for p in paths)}. */",
           "#include <stddef.h>", "", f"extern const char *const {name}[];",
           f"const char *const {name}[] = {{"]
    for path in paths:
        text = pathlib.Path(path).read_text(encoding="utf-8")
        text = re.sub(r"--[^\n]*", " ", text)
        *made, rest = [" ".join(one.split()) for one in text.split(";")]
        if rest:
            raise Wrong(f"{path}: does not end with a semicolon")
        for one in made:
            if not one.startswith("CREATE "):
                raise Wrong(f"{path}: not a CREATE: {one[:40]}")
            if len(one.encode()) > BYTES_MAX:
                raise Wrong(f"{path}: longer than {BYTES_MAX} bytes: "
                            f"{one[:40]}")
            out.append(c_string(one) + ",")
    write(out_c, out + ["\tNULL,", "};"])


def main(args):
    try:
        if len(args) == 2 and args[0] == "--check":
            check(args[1])
        elif len(args) == 4 and args[0] == "--migrations":
            migrations(*args[1:])
        elif len(args) >= 4 and args[0] == "--tables":
            tables(args[1], args[2], args[3:])
        elif len(args) >= 4 and not args[0].startswith("-"):
            generate(args[0], args[1], args[2], args[3:])
        else:
            sys.exit(__doc__)
    except Wrong as wrong:
        sys.exit(f"statements.py: {wrong}")


if __name__ == "__main__":
    main(sys.argv[1:])
