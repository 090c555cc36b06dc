"""Turns ASCII files into C strings: embed.py OUT.c IN …"""

import pathlib
import re
import sys


def array(data, width=12):
    for at in range(0, len(data), width):
        yield "\t" + " ".join(f"{b}," for b in data[at:at + width])


out = ["/* Made by embed.py. */", '#include "front.h"', ""]
for path in map(pathlib.Path, sys.argv[2:]):
    name = re.sub(r"\W", "_", path.name.removesuffix(".in"))
    # Bytes, for a C string may have only 4,095 characters; 0 ends it.
    out += [f"const char front_{name}[] = {{",
            *array(path.read_bytes() + b"\0"), "};"]
pathlib.Path(sys.argv[1]).write_text("\n".join(out) + "\n")
