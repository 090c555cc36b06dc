#!/usr/bin/env python3
"""Compile data/entities.csv: structs, field rows, statements, DDL.

    entities.py rows CSV OUT.h OUT.c
        one struct and one table of field rows per entity
    entities.py facts CSV OUT.h OUT.c ENTITY...
        the statements that load and save rows of the entities named
    entities.py desk CSV OUT.h OUT.c ENTITY...
        the projection: one table of the listed fields per entity, and the
        statement that puts a row in
    entities.py ddl CSV ENTITY...
        CREATE TABLE texts for a new migration, to standard output
"""
import csv
import sys

KINDS = {
    "text": ("text", "KIND_TEXT"), "multiline": ("text", "KIND_MULTILINE"),
    "code": ("text", "KIND_CODE"), "codes": ("texts", "KIND_CODES"),
    "integer": ("whole", "KIND_INTEGER"), "boolean": ("yesno", "KIND_BOOLEAN"),
    "day": ("day", "KIND_DAY"), "instant": ("instant", "KIND_INSTANT"),
    "minutes": ("whole", "KIND_MINUTES"), "money": ("money", "KIND_MONEY"),
    "rate": ("rate", "KIND_RATE"), "id": (None, "KIND_ID"),
    "digits": ("text", "KIND_DIGITS"), "file": ("file_ref", "KIND_FILE"),
}
SEALED = ["identity", "sensitive", "case", "donor", "office"]
CLASSES = {c: "IN_" + c.upper() for c in SEALED + ["books", "clear"]}
KEYWORDS = {"case", "default", "register", "class", "switch", "long", "short",
            "int", "day", "text", "money", "rate", "instant", "id"}


def load(path):
    entities = {}
    with open(path, encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            entities.setdefault(row["entity"], []).append(row)
    for name, fields in entities.items():
        seen = set()
        for f in fields:
            if f["class"] in SEALED:
                key = (f["class"], f["tag"])
                if not f["tag"] or key in seen:
                    sys.exit(f"{path}: {name}.{f['field']}: tag missing or used")
                seen.add(key)
            elif f["class"] not in ("clear", "books"):
                sys.exit(f"{path}: {name}.{f['field']}: unknown class")
            if f["kind"] not in KINDS:
                sys.exit(f"{path}: {name}.{f['field']}: unknown kind")
    return entities


def member(field):
    return field + "_" if field in KEYWORDS else field


def c_text(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'


def classes_of(fields):
    return [c for c in SEALED if any(f["class"] == c for f in fields)]


def clear_of(fields):
    return [f for f in fields if f["class"] == "clear"]


def bounds_of(f):
    """Bounds as (least, most, pattern, entity)."""
    b = f["bounds"]
    if f["kind"] == "id":
        return 0, 0, None, b
    if ".." in b:
        lo, hi = b.split("..")
        return int(lo), int(hi), None, None
    if b.isdigit():
        return 0, int(b), None, None
    return 0, 0, b or None, None


def forms(e, fields):
    """What its form asks, in the order of column `form`; what is sensitive
    is asked in a form of its own."""
    for name, sensitive in (("FORM", False), ("SENSITIVE_FORM", True)):
        asked = sorted((f for f in fields if f["form"]
                        and (f["class"] == "sensitive") == sensitive),
                       key=lambda f: int(f["form"]))
        if asked:
            yield f"#define {e.upper()}_{name}(X) \\"
            yield ", \\\n".join(
                f"\tX({e}, {f['field']}, {e.upper()}_{f['field'].upper()})"
                for f in asked)


def rows(path, out_h, out_c):
    entities = load(path)
    h = ["/* Made from data/entities.csv by tools/entities.py. */",
         "#ifndef ALAS_ENTITY_ROWS_H", "#define ALAS_ENTITY_ROWS_H", ""]
    for e in entities:
        h.append(f"typedef struct {{ id raw; }} {e}_id;")
    h.append("")
    for e, fields in entities.items():
        h.append(f"struct {e} {{")
        h.append("\tstruct row row;")
        for f in fields:
            t = KINDS[f["kind"]][0] or f["bounds"] + "_id"
            h.append(f"\t{t} {member(f['field'])};")
        h.append("};")
        h.append("enum {")
        for f in fields:
            h.append(f"\t{e.upper()}_{f['field'].upper()},")
        h.append(f"\t{e.upper()}_FIELDS")
        h.append("};")
        h.append(f"extern const struct entity entity_{e};")
        h += forms(e, fields)
        h.append("")
    h.append("enum { ENTITIES = %d };" % len(entities))
    h.append("extern const struct entity *const entity_all[ENTITIES];")
    h.append("")
    h.append("#endif")

    c = ["/* Made from data/entities.csv by tools/entities.py. */",
         '#include "entity.h"', "", "#include <stddef.h>", ""]
    for e, fields in entities.items():
        c.append(f"static const struct field {e}_fields[] = {{")
        for f in fields:
            lo, hi, pattern, of = bounds_of(f)
            c.append("\t{ .name = %s, .tag = %s, .kind = %s, .class = %s,"
                     % (c_text(f["field"]), f["tag"] or "0",
                        KINDS[f["kind"]][1], CLASSES[f["class"]]))
            c.append("\t  .least = %d, .most = %d, .pattern = %s, .of = %s,"
                     % (lo, hi, c_text(pattern) if pattern else "NULL",
                        f"&entity_{of}" if of else "NULL"))
            c.append("\t  .codes = %s, .required = %s, .listed = %s, "
                     ".searched = %s,"
                     % (c_text(f["codes"]) if f["codes"] else "NULL",
                        *("true" if f[k] == "yes" else "false"
                          for k in ("required", "listed", "searched"))))
            c.append("\t  .at = offsetof(struct %s, %s),"
                     % (e, member(f["field"])))
            c.append("\t  .label = { %s, %s } },"
                     % (c_text(f["label_es"]), c_text(f["label_en"])))
        c.append("};")
        clear = clear_of(fields)
        c.append(f"const struct entity entity_{e} = {{")
        c.append(f"\t.name = {c_text(e)}, .number = {list(entities).index(e) + 1},")
        c.append(f"\t.fields = {e}_fields, .n = {len(fields)},")
        c.append(f"\t.size = sizeof(struct {e}),")
        c.append("\t.classes = " + (" | ".join(
            f"1u << IN_{x.upper()}" for x in classes_of(fields)) or "0") + ",")
        c.append(f"\t.parents_n = {len(clear)},")
        if clear:
            c.append("\t.parents = { " + ", ".join(
                f"{e.upper()}_{f['field'].upper()}" for f in clear) + " },")
        c.append("};")
        c.append("")
    c.append("const struct entity *const entity_all[ENTITIES] = {")
    for e in entities:
        c.append(f"\t&entity_{e},")
    c.append("};")
    write(out_h, h)
    write(out_c, c)


def columns(fields):
    """Columns of an entity's table, in the order the digest takes them."""
    cols = ["id", "v"]
    cols += [f["field"] for f in clear_of(fields)]
    if any(f["entity"] == "person_identifier" for f in fields):
        cols.append("bix")
    for c in classes_of(fields):
        cols += [c + "_v", column(c)]
    cols.append("seq")
    return cols


def column(c):
    return '"case"' if c == "case" else c


def ddl(path, names):
    entities = load(path)
    for e in names:
        fields = entities[e]
        if any(f["class"] == "books" for f in fields):
            sys.exit(f"{e}: books have a migration written by hand")
        lines = ["id BLOB NOT NULL PRIMARY KEY", "v BIGINT NOT NULL"]
        for f in clear_of(fields):
            need = " NOT NULL" if f["required"] == "yes" else ""
            lines.append(f"{f['field']} BLOB{need} "
                         f"REFERENCES {f['bounds']} (id)")
        if e == "person_identifier":
            lines.append("bix BLOB")
        for c in classes_of(fields):
            lines += [f"{c}_v BIGINT", f"{column(c)} BLOB"]
        lines.append("seq BIGINT NOT NULL")
        t = '"user"' if e == "user" else '"grant"' if e == "grant" else e
        print(f"CREATE TABLE {t} (\n\t" + ",\n\t".join(lines) + "\n);")
        for f in clear_of(fields):
            print(f"CREATE INDEX {e}_{f['field']} ON {t} ({f['field']});")
        if e == "person_identifier":
            print(f"CREATE INDEX {e}_bix ON {t} (bix);")
        print()


def statement(name, sql, args):
    """One `struct statement`; sql uses :name, each name from `args`."""
    postgres = sql
    for i, a in sorted(enumerate(args), key=lambda x: -len(x[1])):
        postgres = postgres.replace(":" + a, "$%d" % (i + 1))
    return [f"static const char *const {name}_args[] = {{ "
            + ", ".join(c_text(a) for a in args) + (" };" if args else "NULL };"),
            f"static const struct statement {name} = {{",
            f"\t.name = {c_text(name)},",
            f"\t.sql = {c_text(sql)},",
            f"\t.sql_postgres = {c_text(postgres)},",
            f"\t.args = {name}_args, .args_n = {len(args)},",
            "\t.file = \"entities.csv\",", "};"]


def facts(path, out_h, out_c, names):
    entities = load(path)
    h = ["/* Made from data/entities.csv by tools/entities.py. */",
         "#ifndef ALAS_FACTS_ROWS_H", "#define ALAS_FACTS_ROWS_H", "",
         '#include "entity.h"', '#include "store.h"', "",
         "/* The statements of one entity's table. */",
         "struct entity_statements {", "\tconst struct entity *entity;",
         "\tconst struct statement *insert, *update, *seq, *get, *find, *all;",
         "\tconst struct statement *after;",
         "\tconst struct statement *children[8];", "};",
         f"enum {{ LIVE_ENTITIES = {len(names)} }};",
         "extern const struct entity_statements live_entities[LIVE_ENTITIES];",
         "extern const struct statement *const entity_statements_all[];",
         "/* Each table's name and how many rows it has. */",
         "extern const struct statement entity_counts;",
         "", "#endif"]
    c = ["/* Made from data/entities.csv by tools/entities.py. */",
         '#include "facts_rows.h"', ""]
    every = ["entity_counts"]
    quoted = [f'"{e}"' if e in ("user", "grant") else e for e in names]
    c += [line.removeprefix("static ") if "struct statement" in line else line
          for line in statement("entity_counts", " UNION ALL ".join(
              f"SELECT '{e}' AS name, count(*) AS n FROM {t}"
              for e, t in zip(names, quoted)), [])]
    table = []
    for e in names:
        fields = entities[e]
        t = '"user"' if e == "user" else '"grant"' if e == "grant" else e
        cols = columns(fields)
        args = [x.strip('"') for x in cols]
        listed = ", ".join(cols)
        sets = ", ".join(f"{col} = :{a}" for col, a in zip(cols, args)
                         if a not in ("id", "v", "seq"))
        made = {
            "insert": (f"INSERT INTO {t} ({listed}) VALUES ("
                       + ", ".join(":" + a for a in args) + ")", args),
            "update": (f"UPDATE {t} SET v = :new_v, {sets} "
                       "WHERE id = :id AND v = :v",
                       ["new_v"] + [a for a in args if a != "seq"]),
            "seq": (f"UPDATE {t} SET seq = :seq WHERE id = :id",
                    ["seq", "id"]),
            "get": (f"SELECT {listed} FROM {t} WHERE id = :id", ["id"]),
            "find": (f"SELECT id FROM {t} WHERE id >= :low AND id <= :high "
                     "LIMIT 2", ["low", "high"]),
            "all": (f"SELECT {listed} FROM {t}", []),
            "after": (f"SELECT {listed} FROM {t} WHERE id > :id "
                      "ORDER BY id LIMIT :most", ["id", "most"]),
        }
        for f in clear_of(fields):
            made["of_" + f["field"]] = (
                f"SELECT {listed} FROM {t} WHERE {f['field']} = :parent",
                ["parent"])
        for k, (sql, a) in made.items():
            c += statement(f"{e}_{k}", sql, a)
            every.append(f"{e}_{k}")
        children = ", ".join(f"&{e}_of_{f['field']}" for f in clear_of(fields))
        table.append("\t{ .entity = &entity_%s, .insert = &%s_insert,\n"
                     "\t  .update = &%s_update, .seq = &%s_seq, .get = &%s_get,\n"
                     "\t  .find = &%s_find, .all = &%s_all,\n"
                     "\t  .after = &%s_after,\n"
                     "\t  .children = { %s } }," % (e, e, e, e, e, e, e, e,
                                                    children or "NULL"))
    c.append("const struct entity_statements live_entities[LIVE_ENTITIES] = {")
    c += table
    c.append("};")
    c.append("const struct statement *const entity_statements_all[] = {")
    c += [f"\t&{n}," for n in every]
    c += ["\tNULL", "};"]
    write(out_h, h)
    write(out_c, c)


PROJECTED = {
    "day": (("", "BIGINT"), ("_p", "BIGINT")),
    "money": (("_minor", "BIGINT"), ("_ccy", "TEXT")),
    "rate": (("_m", "BIGINT"), ("_s", "BIGINT")),
    "id": (("", "BLOB"),), "instant": (("", "BIGINT"),),
    "integer": (("", "BIGINT"),), "minutes": (("", "BIGINT"),),
    "boolean": (("", "BIGINT"),), "file": (("_name", "TEXT"),),
}


def is_projected(f):
    return f["listed"] == "yes"


def opened_for(fields):
    """The classes that are opened for it: searches read words as well."""
    return " | ".join("1u << " + CLASSES[c] for c in classes_of(
        [f for f in fields if is_projected(f) or f["searched"] == "yes"]))


def projected_columns(f):
    return [(f["field"] + suffix, kind) for suffix, kind in
            PROJECTED.get(f["kind"], (("", "TEXT"),))]


def desk(path, out_h, out_c, names):
    """Tables p_<entity>: id, then the listed fields in file order; a day
    has its precision beside it, a list of codes is one text with a space
    before and after each code.  Of an entity of which nothing is listed
    there is none."""
    entities = load(path)
    names = [n for n in names if any(map(is_projected, entities[n]))]
    h = ["/* Made from data/entities.csv by tools/entities.py. */",
         "#ifndef ALAS_DESK_ROWS_H", "#define ALAS_DESK_ROWS_H", "",
         '#include "entity.h"', '#include "store.h"', "",
         "/* `fields` are those of the columns after id: by index.  `classes`:",
         " * what is opened for them and for the words of searches. */",
         "struct projected {", "\tconst struct entity *entity;",
         "\tclass_mask classes;",
         "\tconst int *fields;", "\tsize_t fields_n;",
         "\tconst struct statement *put, *drop, *all;", "};",
         f"enum {{ PROJECTED_ENTITIES = {len(names)} }};",
         "extern const struct projected projected[PROJECTED_ENTITIES];",
         "/* Each ended by NULL, and in the order of `projected`; the indexes",
         " * are for tables that are full. */",
         "extern const char *const projected_tables[], "
         "*const projected_indexes[];",
         "extern const struct statement *const projected_statements[];",
         "", "#endif"]
    c = ["/* Made from data/entities.csv by tools/entities.py. */",
         '#include "desk_rows.h"', ""]
    every, table, ddls = [], [], []
    for e in names:
        fields = [f for f in entities[e] if is_projected(f)]
        cols = [("id", "BLOB NOT NULL")]
        cols += [c for f in fields for c in projected_columns(f)]
        ddls.append(f"CREATE TABLE p_{e} ("
                    + ", ".join(f'"{n}" {k}' for n, k in cols) + ")")
        names_of = [n for n, _ in cols]
        line = " || ',' || ".join(f'quote("{n}")' for n in names_of)
        made = {
            "put": (f"INSERT OR REPLACE INTO p_{e} ("
                    + ", ".join(f'"{n}"' for n in names_of) + ") VALUES ("
                    + ", ".join(":" + n for n in names_of) + ")", names_of),
            "drop": (f"DELETE FROM p_{e} WHERE id = :id", ["id"]),
            "all": (f"SELECT id, {line} AS line FROM p_{e} ORDER BY id", []),
        }
        for k, (sql, a) in made.items():
            c += statement(f"p_{e}_{k}", sql, a)
            every.append(f"p_{e}_{k}")
        c.append(f"static const int p_{e}_fields[] = {{")
        c += [f"\t{e.upper()}_{f['field'].upper()}," for f in fields]
        c.append("};")
        table.append(f"\t{{ .entity = &entity_{e},\n"
                     f"\t  .classes = {opened_for(entities[e])},\n"
                     f"\t  .fields = p_{e}_fields, "
                     f".fields_n = {len(fields)},\n"
                     f"\t  .put = &p_{e}_put, .drop = &p_{e}_drop,\n"
                     f"\t  .all = &p_{e}_all }},")
    c.append("const char *const projected_tables[] = {")
    c += ["\t" + c_text(d) + "," for d in ddls] + ["\tNULL", "};"]
    c.append("const char *const projected_indexes[] = {")
    c += [f'\t"CREATE UNIQUE INDEX p_{e}_id ON p_{e} (id)",' for e in names]
    c += ["\tNULL", "};"]
    c.append("const struct projected projected[PROJECTED_ENTITIES] = {")
    c += table + ["};"]
    c.append("const struct statement *const projected_statements[] = {")
    c += [f"\t&{n}," for n in every] + ["\tNULL", "};"]
    write(out_h, h)
    write(out_c, c)


def write(path, lines):
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    verb, path, *rest = sys.argv[1:]
    if verb == "rows":
        rows(path, *rest)
    elif verb == "facts":
        facts(path, rest[0], rest[1], rest[2:])
    elif verb == "desk":
        desk(path, rest[0], rest[1], rest[2:])
    elif verb == "ddl":
        ddl(path, rest)
    else:
        sys.exit(__doc__)
