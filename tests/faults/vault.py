"""The header of a demonstration, opened and sealed again from its
description in docs/reference/formats.md, by nothing of the program's own."""

import ctypes
import ctypes.util
import hashlib
import struct

PASSPHRASE = 'gente inventada para mirar y probar'
SLOT, SLOTS, MAC, SUM = 128, 448, 4032, 4064

sodium = ctypes.CDLL(ctypes.util.find_library('sodium'))
if sodium.sodium_init() < 0:
    raise OSError('libsodium does not start')


def kdf(key, number, label, n):
    out = ctypes.create_string_buffer(n)
    assert sodium.crypto_kdf_derive_from_key(
        out, ctypes.c_size_t(n), ctypes.c_uint64(number), label, key) == 0
    return out.raw


def root_key(header, number=0, passphrase=PASSPHRASE):
    """What slot `number` holds."""
    slot = header[SLOT + number * SLOTS:SLOT + (number + 1) * SLOTS]
    passes, memory = struct.unpack('>IQ', slot[4:16])
    kek = ctypes.create_string_buffer(32)
    assert sodium.crypto_pwhash(
        kek, ctypes.c_uint64(32), passphrase.encode(),
        ctypes.c_uint64(len(passphrase.encode())), slot[16:32],
        ctypes.c_uint64(passes), ctypes.c_size_t(memory), 2) == 0
    record = slot[96:320]
    epoch = struct.unpack('>I', header[12:16])[0]
    key = kdf(kek.raw, 9, b'alasREC1', 64)[:32]
    bound = b'alas/rec/1\0vault\0\x09' + header[16:32] + \
        struct.pack('>Q', 256 * epoch + number) + record[:80]
    plain = ctypes.create_string_buffer(128)
    n = ctypes.c_uint64()
    assert sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain, ctypes.byref(n), None, record[80:],
        ctypes.c_uint64(len(record) - 80), bound,
        ctypes.c_uint64(len(bound)), record[24:48], key) == 0
    assert plain.raw[:4] == b'\0\x01\0\x20'
    return plain.raw[4:36]


def signed(header, root):
    """With the MAC and the checksum that it should have."""
    body = bytes(header[:MAC])
    mac = hashlib.blake2b(body, digest_size=32,
                          key=kdf(root, 1, b'alasVHDR', 32)).digest()
    body += mac
    return body + hashlib.blake2b(body, digest_size=32).digest()


def without_slot(header, number):
    """The same with one slot empty."""
    root = root_key(header)
    changed = bytearray(header)
    at = SLOT + number * SLOTS
    changed[at:at + SLOTS] = bytes(SLOTS)
    return signed(changed, root)
