"""An office from which things can be taken away while it serves.

    b = Broken(office)          its program is the office behind the shim
    with office.serving(program=b.program): …
        b.trip('write', 3, errno.ENOSPC)    the third write from now fails
        b.heal()
"""

import ctypes
import mmap
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent
                       / 'lib'))
import office as lib  # noqa: E402

SHIM = lib.BUILD / 'tests/faults/alas-shim.so'
FACTS, PROJECTION = 1, 2


class Trip(ctypes.Structure):
    _fields_ = [(n, ctypes.c_int32) for n in
                ('left', 'error', 'for_ever', 'seen', 'fired')]


class Control(ctypes.Structure):
    """As in shim.c."""
    _fields_ = [(n, Trip) for n in
                ('alloc', 'write', 'sync', 'rename', 'open')] + \
        [(n, ctypes.c_int32) for n in
         ('no_landlock', 'no_mlock', 'free_mib', 'socket_opens',
          'core_limit', 'clock_s', 'boot_s', 'sql_for', 'sql_code')] + \
        [('sql', ctypes.c_char * 1024), ('swaps', ctypes.c_char * 256)]


class Broken:
    def __init__(self, office, binary=None):
        self.office = office
        path = pathlib.Path(f'{office.folder}.shim')
        path.write_bytes(bytes(ctypes.sizeof(Control)))
        self.file = open(path, 'r+b')
        self.map = mmap.mmap(self.file.fileno(), 0)
        self.control = Control.from_buffer(self.map)
        self.program = pathlib.Path(f'{office.folder}.program')
        self.program.write_text(
            f'#!/bin/sh\nALAS_SHIM={path} LD_PRELOAD={SHIM} '
            f'exec {binary or lib.BUILD / "alas-office"} "$@"\n')
        self.program.chmod(0o755)
        self.heal()

    def heal(self):
        for name in ('alloc', 'write', 'sync', 'rename', 'open'):
            getattr(self.control, name).error = 0
            getattr(self.control, name).left = -1
        for name in ('no_landlock', 'no_mlock', 'free_mib', 'socket_opens',
                     'core_limit', 'clock_s', 'boot_s'):
            setattr(self.control, name, 0)
        self.control.swaps = b''

    def trip(self, what, n, error, for_ever=False):
        t = getattr(self.control, what)
        t.error = 0
        t.left, t.for_ever, t.seen, t.fired = n, int(for_ever), 0, 0
        t.error = error
        return t

    def sql(self, where, sql, ask):
        """Another hand's SQL, before the office's next statement."""
        self.control.sql = sql.encode()
        self.control.sql_code = -1
        self.control.sql_for = where
        ask()
        assert self.control.sql_code == 0, (sql, self.control.sql_code)

    def pid(self):
        return int((self.office.folder / 'run/lock').read_text())
