#!/usr/bin/env python3
"""Draw the tab icon from the mark: src/pages/static/alas.ico and alas.png.

Needs rsvg-convert (Debian: librsvg2-bin).  The results are committed, so a
build needs neither.  An .ico may hold PNG pictures as they are.
"""
import pathlib
import re
import struct
import subprocess

STATIC = pathlib.Path(__file__).resolve().parent.parent / "src/pages/static"
LAKE = "#1f4e5f"
SIZES = (16, 32, 48)


def drawing(size):
    path = re.search(r' d="([^"]+)"', (STATIC / "mark.svg").read_text()).group(1)
    edge = 2 if size <= 16 else 4        # air around the wings
    scale = (32 - 2 * edge) / 32
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
            f'<rect width="32" height="32" rx="4" fill="{LAKE}"/>'
            f'<path fill="#fff" transform="translate({edge} {edge}) '
            f'scale({scale})" d="{path}"/></svg>')


def png(size):
    return subprocess.run(
        ["rsvg-convert", "-w", str(size), "-h", str(size)],
        input=drawing(size).encode(), stdout=subprocess.PIPE,
        check=True).stdout


def main():
    pictures = [png(s) for s in SIZES]
    at = 6 + 16 * len(SIZES)
    out = struct.pack("<HHH", 0, 1, len(SIZES))
    for size, picture in zip(SIZES, pictures):
        out += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32,
                           len(picture), at)
        at += len(picture)
    (STATIC / "alas.ico").write_bytes(out + b"".join(pictures))
    (STATIC / "alas.png").write_bytes(png(192))


if __name__ == "__main__":
    main()
