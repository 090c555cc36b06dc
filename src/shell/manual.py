"""Writes what `alas man SOURCE` prints: manual.py ALAS SOURCE OUT …"""

import pathlib
import subprocess
import sys

alas, source, *outs = sys.argv[1:]
page = subprocess.run([alas, "--lang", "en", "man", source], check=True,
                      capture_output=True).stdout
for out in map(pathlib.Path, outs):
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(page)
