"""What lies in the tables of an office, looked at from outside."""

import pathlib
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent
                       / 'lib'))
import office as lib  # noqa: E402

PASSPHRASE = 'gente inventada para mirar y probar'
PURPOSES = ('person', 'case', 'donor', 'office', 'pepper', 'index', 'audit',
            'session', 'draft', 'sign')
NUMBER = {name: i + 1 for i, name in enumerate(PURPOSES)}


def purpose_id(name):
    return NUMBER[name].to_bytes(16, 'big').hex()


def psql(office, sql):
    return subprocess.run(['psql', '-qXAt', '-F', '|', '-c', sql,
                           office.postgres], check=True, capture_output=True,
                          text=True).stdout.splitlines()


def columns(office):
    """Every (table, column) that holds bytes."""
    if office.postgres:
        return [one.split('|') for one in psql(
            office, "SELECT table_name, column_name FROM "
            "information_schema.columns WHERE table_schema = 'public' AND "
            "(udt_name = 'bytea' OR domain_name = 'blob')")]
    base = sqlite3.connect(f'file:{office.folder}/db/office.sqlite?mode=ro',
                           uri=True)
    found = [(t, row[1]) for t, in base.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for row in base.execute(f'PRAGMA table_info("{t}")')
        if row[2] == 'BLOB']
    base.close()
    return found


def named(office):
    """(key, epoch) -> how many sealed records name it, by their heads."""
    places = columns(office)
    found = {}
    if office.postgres:
        heads = [bytes.fromhex(one) for one in psql(office, ' UNION ALL '.join(
            f"SELECT encode(substring(\"{c}\"::bytea from 1 for 24), 'hex') "
            f'FROM "{t}" WHERE octet_length("{c}") >= 224'
            for t, c in places))]
    else:
        base = sqlite3.connect(
            f'file:{office.folder}/db/office.sqlite?mode=ro', uri=True)
        heads = [h for t, c in places for h, in base.execute(
            f'SELECT substr("{c}", 1, 24) FROM "{t}" '
            f'WHERE length("{c}") >= 224')]
        base.close()
    for head in heads:
        if head[:2] == b'\xa1\x01':
            name = head[8:24].hex(), int.from_bytes(head[4:8], 'big')
            found[name] = found.get(name, 0) + 1
    return found


def keys(office):
    """The rows of `key`: (id, epoch)."""
    if office.postgres:
        rows = [one.split('|') for one in psql(
            office, "SELECT encode(id, 'hex'), epoch FROM key")]
        return {(i, int(e)) for i, e in rows}
    base = sqlite3.connect(f'file:{office.folder}/db/office.sqlite?mode=ro',
                           uri=True)
    rows = {(i.hex(), e) for i, e in base.execute(
        'SELECT id, epoch FROM key')}
    base.close()
    return rows


def wrong(office):
    """What must not be: '' or a sentence.  The office is at rest."""
    there = keys(office)
    newest = {}
    for name, epoch in there:
        newest[name] = max(newest.get(name, 0), epoch)
    for (name, epoch), n in named(office).items():
        if name in newest and (name, epoch) not in there:
            return f'{n} records name {name} {epoch}, which is deleted'
        if name in newest and epoch != newest[name]:
            return f'{n} records still name {name} {epoch}'
    return ''


def settled(dora, seconds=60):
    """The page of keys once nothing is under way."""
    end = time.monotonic() + seconds
    while True:
        got = dora.must('GET', '/vault/keys')
        if not got['rotation']['running'] or time.monotonic() > end:
            return got
        time.sleep(0.05)


def of(got, name):
    return next(k for k in got['keys'] if k['name'] == name)


def sound(dora):
    """What the doctor says of keys, rows and tree: '' or what is not ok."""
    got = dora.must('POST', '/audit/verify', {'deep': True})
    if not got['good']:
        return 'audit verify --deep: ' + ' '.join(
            str(got[k]) for k in ('first_bad', 'bad_note', 'said'))
    bad = [one['name'] for one in dora.must('GET', '/system')['lines']
           if one['state'] != 'ok' and one['name'] in (
               'keys', 'rotation', 'slots', 'header', 'projection', 'tree')]
    return ' '.join(bad)


def header(office):
    if office.postgres:
        return bytes.fromhex(psql(
            office, "SELECT encode(header, 'hex') FROM vault")[0])
    base = sqlite3.connect(office.folder / 'db/office.sqlite')
    got, = base.execute('SELECT header FROM vault').fetchone()
    base.close()
    return got


def put_header(office, bytes_):
    """By hand, while nobody serves."""
    if office.postgres:
        psql(office, f"UPDATE vault SET header = '\\x{bytes_.hex()}'")
        return
    base = sqlite3.connect(office.folder / 'db/office.sqlite')
    base.execute('UPDATE vault SET header = ?', (bytes_,))
    base.commit()
    base.close()


def purpose_rows(office):
    """Rows of purpose keys as they are, to be put back later."""
    if office.postgres:
        return [(bytes.fromhex(i), int(e), bytes.fromhex(r))
                for i, e, r in (one.split('|') for one in psql(
                    office, "SELECT encode(id, 'hex'), epoch, "
                    "encode(record, 'hex') FROM key WHERE kind = 1"))]
    base = sqlite3.connect(office.folder / 'db/office.sqlite')
    rows = base.execute('SELECT id, epoch, record FROM key WHERE kind = 1'
                        ).fetchall()
    base.close()
    return rows


def put_purpose_rows(office, rows):
    if office.postgres:
        for i, e, r in rows:
            psql(office, f"UPDATE key SET record = '\\x{r.hex()}' WHERE "
                 f"kind = 1 AND id = '\\x{i.hex()}' AND epoch = {e}")
        return
    base = sqlite3.connect(office.folder / 'db/office.sqlite')
    base.executemany('UPDATE key SET record = ? WHERE kind = 1 AND id = ? '
                     'AND epoch = ?', [(r, i, e) for i, e, r in rows])
    base.commit()
    base.close()
