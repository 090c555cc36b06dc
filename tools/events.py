#!/usr/bin/env python3
"""Compile data/events.csv: events.py CSV OUT.h OUT.c"""
import csv
import sys

path, out_h, out_c = sys.argv[1:]
rows = list(csv.DictReader(open(path, encoding="utf-8", newline="")))
numbers = [int(r["number"]) for r in rows]
if len(set(numbers)) != len(numbers) or numbers != sorted(numbers):
    sys.exit(f"{path}: numbers ascend and none is used twice")
quote = lambda s: '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'
with open(out_h, "w", encoding="utf-8") as f:
    f.write("/* Made from data/events.csv by tools/events.py. */\n"
            "#ifndef ALAS_EVENTS_H\n#define ALAS_EVENTS_H\n\n"
            '#include "words.h"\n\nenum event {\n')
    for r in rows:
        f.write(f"\tEVENT_{r['name'].upper()} = {r['number']},\n")
    f.write("};\n\n/* Name and label; NULL for a number unknown here. */\n"
            "struct event_row { uint16_t number; const char *name, "
            "*label[LANGS]; };\n"
            "const struct event_row *event_row(uint16_t number);\n\n#endif\n")
with open(out_c, "w", encoding="utf-8") as f:
    f.write("/* Made from data/events.csv by tools/events.py. */\n"
            '#include "events.h"\n\n#include "base.h"\n\n'
            "static const struct event_row rows[] = {\n")
    for r in rows:
        f.write("\t{ %s, %s, { %s, %s } },\n" % (
            r["number"], quote(r["name"]), quote(r["label_es"]),
            quote(r["label_en"])))
    f.write("};\n\nconst struct event_row *\nevent_row(uint16_t number)\n{\n"
            "\tfor (size_t i = 0; i < LENGTH(rows); i++) {\n"
            "\t\tif (rows[i].number == number)\n\t\t\treturn &rows[i];\n"
            "\t}\n\treturn NULL;\n}\n")
