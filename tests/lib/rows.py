"""All rows of an office's database, whichever engine it has, also while the
office is served: {table: [row, …]}, a row by column, bytes as bytes."""

import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile


def tables(office):
    return postgres(office.postgres) if office.postgres else \
        sqlite(office.folder)


def sqlite(folder):
    """Of a copy: the office lets nobody else in.  Only at a quiet moment."""
    with tempfile.TemporaryDirectory(dir=os.environ.get('TMPDIR')) as scratch:
        for path in (pathlib.Path(folder) / 'db').glob('office.sqlite*'):
            shutil.copy(path, scratch)
        with sqlite3.connect(f'{scratch}/office.sqlite') as db:
            db.row_factory = sqlite3.Row
            names = [r[0] for r in db.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table'")]
            return {n: [dict(r) for r in db.execute(f'SELECT * FROM "{n}"')]
                    for n in names}


def psql(where, sql):
    return subprocess.run(['psql', '-qXAt', '-v', 'ON_ERROR_STOP=1', '-c',
                           sql, where], check=True, capture_output=True,
                          text=True).stdout


def postgres(where):
    names = psql(where, "SELECT tablename FROM pg_tables WHERE schemaname "
                 "NOT IN ('pg_catalog', 'information_schema')").split()
    return {n: [plain(json.loads(line)) for line in psql(
        where, f'SELECT to_jsonb(t) FROM "{n}" t').splitlines()]
        for n in names}


def plain(row):
    return {n: bytes.fromhex(v[2:]) if isinstance(v, str) and
            v[:2] == '\\x' else v for n, v in row.items()}
