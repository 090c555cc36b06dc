"""Words that are planted, and the search for them in every dress.

All canaries of one office begin with the same eight letters, drawn for that
office: whatever a program does to a text, these letters stay together, so a
few needles find them all.  What follows tells one canary from another.
"""

import base64
import bz2
import pathlib
import random
import re
import zlib

LETTERS = 'bcdfghjkmnpqrstvwxz'
TAIL = 6
INFLATED_MAX = 64 << 20
INFLATE_TRIES_MAX = 200000


class Canaries:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.marker = ''.join(self.random.choices(LETTERS, k=8))
        self.planted = {}       # tail → where it was typed
        self.needles = needles(self.marker)

    def new(self, where, most=200):
        """Another one; with a letter that no two encodings write alike,
        where there is room."""
        tail = ''.join(self.random.choices(LETTERS, k=TAIL))
        self.planted[tail] = where
        word = self.marker + tail
        return word if most < len(word) + 2 else word + 'ñ'

    def tails(self, data):
        """The canaries in some bytes, as they are."""
        found = re.findall(self.marker.encode() + b'([a-z]{%d})' % TAIL,
                           data.lower())
        return {f.decode() for f in found} & set(self.planted)

    def search(self, data):
        """Names of the dresses in which one is seen."""
        low = data.lower()
        return [name for name, needle, exact in self.needles
                if needle in (data if exact else low)]

    def search_file(self, path):
        """Also what is packed in it."""
        return self.search_deep(path.read_bytes())

    def search_deep(self, data):
        found = self.search(data)
        for piece in inflated(data):
            found += [f'{name}, packed' for name in self.search(piece)]
        return found

    def search_tree(self, folder, skip=()):
        """(file, dresses) below a folder, and how many bytes were read."""
        hits, size = [], 0
        for path in sorted(pathlib.Path(folder).rglob('*')):
            if not path.is_file() or path.is_symlink() or path in skip:
                continue
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                continue        # made and gone while it was looked for
            size += len(data)
            found = self.search_deep(data)
            if self.search(path.name.encode()):
                found.append('its name')
            if found:
                hits.append(f'{path}: {", ".join(sorted(set(found)))}')
        return hits, size


def needles(word):
    """(name, bytes, whether case counts)."""
    raw = word.encode()
    found = [('UTF-8', raw, False),
             ('UTF-16', word.encode('utf-16-le'), False),
             ('hex', raw.hex().encode(), False),
             ('percent', ''.join(f'%{b:02x}' for b in raw).encode(), False)]
    # A name may have got a capital, or be all capitals.
    for shape in {word, word.capitalize(), word.upper()}:
        for offset in range(3):
            found.append((f'base64 at {offset}',
                           base64_core(shape.encode(), offset), True))
    return found


def base64_core(raw, offset):
    """The characters that do not depend on what stands around."""
    whole = base64.b64encode(b'\0' * offset + raw)
    first = (offset * 8 + 5) // 6
    return whole[first:(offset + len(raw)) * 8 // 6]


def inflated(data):
    """Whatever in some bytes unpacks: gzip, zlib, zip's deflate, bzip2."""
    tries = 0
    view = memoryview(data)
    for m in re.finditer(rb'\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|'
                         rb'PK\x03\x04|BZh[1-9]', data):
        tries += 1
        if tries > INFLATE_TRIES_MAX:
            raise RuntimeError('too much that could be packed')
        at, head = m.start(), m[0]
        if head[:2] == b'PK':
            names = int.from_bytes(data[at + 26:at + 28], 'little') + \
                int.from_bytes(data[at + 28:at + 30], 'little')
            piece = unpack(zlib.decompressobj(-15), view[at + 30 + names:])
        elif head[:3] == b'BZh':
            piece = unpack(bz2.BZ2Decompressor(), view[at:])
        else:
            bits = 31 if head[:2] == b'\x1f\x8b' else 15
            piece = unpack(zlib.decompressobj(bits), view[at:])
        if piece:
            yield piece


def unpack(machine, data):
    out = b''
    try:
        if isinstance(machine, bz2.BZ2Decompressor):
            return machine.decompress(data, INFLATED_MAX)
        for at in range(0, len(data), 65536):
            out += machine.decompress(data[at:at + 65536],
                                      INFLATED_MAX - len(out) or 1)
            if machine.eof or len(out) >= INFLATED_MAX:
                break
    except (zlib.error, OSError):
        pass
    return out
