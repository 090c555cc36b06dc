"""An office at rest, harmed, and served again: what is said of it?"""

import collections
import contextlib
import hashlib
import itertools
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent
                       / 'lib'))
import office as lib  # noqa: E402
import samples  # noqa: E402

DB, WAL = 'db/office.sqlite', 'db/office.sqlite-wal'
HEADER, HEAD = 'db/vault.hdr', 'db/head'

# What became of it: served and without fault, served and the fault named,
# not served and the reason said.
Seen = collections.namedtuple('Seen', 'what said lines people paper')
copies = itertools.count()


def make(persons=12):
    """One whose process was killed: the write-ahead log is still there, and
    the head that was acknowledged is that of its last leaf.  One
    person has a paper."""
    office = lib.Office.make('whole', persons=persons)
    with office.serving():
        sara = office.enter('sara')
        for n in range(6):
            sara.must('POST', '/people', {
                'name_given': 'Prueba' + 'abcdef'[n],
                'name_first_surname': 'Daño', 'department': '15',
                'new_reason': 'Otra persona'})
        made = sara.must('GET', '/people?limit=1')['rows'][0]['code']
        got = sara.upload(f'/people/{made}/documents', {
            'kind': 'letter', 'title': 'Oficio', 'dated_on': '2026-11-20'},
            [('oficio.pdf', samples.pdf())])
        assert got.status == 201, got.text
        time.sleep(2.2)
        shutil.copytree(office.folder, office.folder.parent / 'killed',
                        ignore=shutil.ignore_patterns('front', 'run'))
    return lib.Office(office.folder.parent / 'killed')


@contextlib.contextmanager
def copy_of(office):
    other = lib.Office(lib.FOLDER / f'harmed{next(copies)}')
    shutil.copytree(office.folder, other.folder)
    yield other
    shutil.rmtree(other.folder, ignore_errors=True)
    pathlib.Path(f'{other.folder}.log').unlink(missing_ok=True)


def sql(office, *statements):
    db = sqlite3.connect(office.folder / DB)
    try:
        for one in statements:
            db.execute(*(one if isinstance(one, tuple) else (one,)))
        db.commit()
    finally:
        db.close()


def ask(office, statement, *args):
    db = sqlite3.connect(office.folder / DB)
    try:
        return db.execute(statement, args).fetchall()
    finally:
        db.close()


def everybody(who):
    """Each person's file as it is shown, by code."""
    found, cursor = {}, ''
    while cursor is not None:
        got = who.ask('GET', '/people?limit=50' +
                      (f'&cursor={cursor}' if cursor else ''))
        if got.status != 200:
            return {'list': got.status}
        for row in got.json['rows']:
            if row.get('within'):
                one = who.ask('GET', f'/people/{row["code"]}')
                found[row['code']] = one.json if one.status == 200 \
                    else one.status
        cursor = got.json.get('next')
    return found


def papers(who, people):
    """The bytes of each paper; those that were cut short or refused are
    damaged."""
    found = {}
    for person, one in people.items():
        for paper in one.get('documents', ()) if isinstance(one, dict) \
                else ():
            got = who.ask('POST', f'/people/{person}/documents/'
                          f'{paper["id"]}/original')
            good = got.status == 200 and \
                len(got.body) == int(got.header('Content-Length'))
            found[paper['id']] = {
                'bytes': hashlib.sha256(got.body).hexdigest()} \
                if good else {'damaged': True}
    return found


def log(office):
    return pathlib.Path(f'{office.folder}.log').read_text(errors='replace')


def serve(office, now='2026-11-24T10:00'):
    """Serve it, and look at everything."""
    office.port = lib.free_port()
    with open(f'{office.folder}.log', 'ab') as out:
        child = subprocess.Popen(
            [lib.BUILD / 'alas', 'serve', '--data', office.folder, '--port',
             str(office.port), '--now', now, '--door-rate', '1000r/s'],
            stdout=out, stderr=out, start_new_session=True)
    try:
        end = time.monotonic() + 20
        while child.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError, IndexError, ValueError):
                if office.send('net', 'GET', '/sign-in').status == 200:
                    return look(office)
            time.sleep(0.05)
        return Seen('refused', log(office), {}, {}, {})
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(signal.SIGTERM)
        child.wait(30)


def look(office):
    try:
        dora = office.enter('dora').step_up()
        sara = office.enter('sara')
    except (AssertionError, OSError, IndexError, ValueError) as wrong:
        return Seen('named', f'nobody can sign in: {wrong}', {}, {}, {})
    got = dora.ask('GET', '/system')
    lines = {one['name']: one['state'] for one in got.json['lines']} \
        if got.status == 200 else {'system': got.status}
    said = ''
    got = dora.ask('POST', '/audit/verify', {'deep': True})
    if got.status != 200:
        said = f'verify: {got.status} {got.code}'
    elif not got.json['good']:
        said = got.json['said'] or f'leaf {got.json["first_bad"]}'
    bad = [n for n, state in lines.items() if state not in ('ok', 'warn')]
    if bad:
        said += ' doctor: ' + ' '.join(bad)
    people = everybody(sara)
    return Seen('named' if said else 'fine', said, lines, people,
                papers(sara, people))


def damaged(people):
    return [c for c, p in people.items()
            if not isinstance(p, dict) or p.get('damaged')]
