"""Writers, an office that is killed under them, and the checker.

Each writer is a client like any other: through nginx, with a session's
token and an idempotency key for each write.  What was acknowledged is noted
outside the killed process.  A writer whose office died asks again with the
same key, or lets go: then the write is there whole, or not at all.
"""

import collections
import http.client
import json
import os
import pathlib
import random
import secrets
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent
                       / 'lib'))
import office as lib  # noqa: E402
import things  # noqa: E402

POSTGRES = lib.ENGINE == 'postgres'
WRITERS = ('rita', 'sara', 'lucia', 'benito')
SERVED_MAX = 4		# deaths, before `alas serve` is begun again
# Files that one user opens in ten minutes; the office allows 300.
OPENED_MAX = 280
# Rows that a read, a session or a second makes too.
NOT_COUNTED = {'audit', 'audit_head', 'checkpoint', 'session', 'once',
               'setting', 'credential', 'history', 'migration'}


def word(n):
    """A name of its own for each write, that sounds like no other: who may
    be the same as somebody gets one more row."""
    sounds = random.Random(n)
    return ''.join(sounds.choice('bdfglmnprt') + sounds.choice('aeiou')
                   for _ in range(7)).capitalize()


class Answered(Exception):
    """The office said no: not what a killed one does."""


class Writer(threading.Thread):
    def __init__(self, number, office, bearer, users, log, rng):
        super().__init__(daemon=True)
        self.number, self.office, self.rng = number, office, rng
        self.bearer, self.users, self.log = bearer, users, log
        self.token, self.user = bearer.token, bearer.user
        self.leads = bearer.user in ('lucia', 'benito')
        self.people = []
        self.acknowledged = collections.Counter()
        self.tried, self.done = {}, {}		# token: kind
        self.again = self.refused = 0
        self.n = number * 100000
        self.today = time.strftime('%Y-%m-%d',
                                   time.gmtime(time.time() - 86400))
        self.stop = threading.Event()
        self.trouble = None

    def run(self):
        try:
            while not self.stop.is_set():
                self.write(self.rng.choice(
                    ('person', 'note', 'call', 'task', 'matter')))
        except Exception as wrong:  # told by the test's own thread
            self.trouble = wrong

    def request(self, kind, token):
        if kind == 'matter' and not self.leads:
            kind = 'task'
        if kind == 'note' and self.user == 'rita':
            kind = 'call'
        if not self.people:
            kind = 'person'
        person = self.rng.choice(self.people) if self.people else None
        me = self.users[self.user]
        return kind, {
            'person': ('/people', {
                'name_given': token, 'name_first_surname': token[::-1],
                'department': '15', 'new_reason': 'Otra persona'}),
            'note': (f'/people/{person}/notes', {
                'kind': 'memo', 'text': token}),
            'call': (f'/people/{person}/contacts', {
                'direction': 'in', 'channel': 'phone', 'caller': 'authority',
                'caller_name': token,
                'mandate': 'yes'}),
            'task': ('/tasks', {
                'title': token, 'responsible': me, 'person': person}),
            'matter': ('/matters', {
                'person': person, 'type': 'habeas_corpus', 'title': token,
                'role': 'beneficiary', 'opened_on': self.today,
                'responsible': me, 'verdict': 'clear',
                'reason': 'Son homónimos'}),
        }[kind]

    def write(self, kind):
        self.n += 1
        token = word(self.n)
        kind, (path, values) = self.request(kind, token)
        key = secrets.token_hex(16)
        self.tried[token] = kind
        patient = self.rng.random() < 0.5
        tries = 0
        while True:
            tries += 1
            try:
                answer = self.send(path, values, key)
                break
            except (OSError, http.client.HTTPException):
                if not patient or self.stop.is_set():
                    self.rest()
                    return
                self.rest()
        self.again += tries > 1
        self.done[token] = kind
        self.acknowledged[kind] += 1
        self.log.write(f'{self.user} {kind} {token} {tries}\n')
        if kind == 'person' and len(self.people) < OPENED_MAX:
            self.people.append(answer['person']['id'])

    def rest(self):
        time.sleep(0.02)

    def send(self, path, values, key):
        h = http.client.HTTPConnection('127.0.0.1', self.office.port,
                                       timeout=30)
        try:
            h.request('POST', '/api/v1' + path, json.dumps(values), {
                'Authorization': 'Bearer ' + self.token,
                'Content-Type': 'application/json', 'Idempotency-Key': key})
            got = h.getresponse()
            body = got.read()
        finally:
            h.close()
        if got.status in (502, 503, 504):
            raise OSError(got.status)
        if got.status != 201:
            raise Answered(f'{self.user} {path} {got.status} {body[:300]}')
        return json.loads(body)


# ---- is a transaction open? ------------------------------------------------

def wal_sum(big, a, b, data):
    order = '>' if big else '<'
    words = struct.unpack(f'{order}{len(data) // 4}I', data)
    for i in range(0, len(words), 2):
        a = (a + words[i] + b) & 0xffffffff
        b = (b + words[i + 1] + a) & 0xffffffff
    return a, b


def uncommitted_frames(path):
    """Frames of the write-ahead log that belong to a transaction whose last
    frame is not there: valid, and following the last commit."""
    try:
        log = pathlib.Path(path).read_bytes()
    except FileNotFoundError:
        return 0
    if len(log) < 32:
        return 0
    magic, _, page = struct.unpack('>3I', log[:12])
    salts, big, step = log[16:24], magic & 1, 24 + page
    at, end, sums = 32, 0, struct.unpack('>2I', log[24:32])
    while at + step <= len(log) and log[at + 8:at + 16] == salts:
        if log[at + 4:at + 8] != b'\0\0\0\0':
            end, sums = at + step, struct.unpack('>2I', log[at + 16:at + 24])
        at += step
    at = end or 32
    found = 0
    while at + step <= len(log) and log[at + 8:at + 16] == salts:
        sums = wal_sum(big, *sums, log[at:at + 8])
        sums = wal_sum(big, *sums, log[at + 24:at + step])
        if struct.unpack('>2I', log[at + 16:at + 24]) != sums:
            break
        found += 1
        at += step
    return found


class Psql:
    """One that stays, since a stopped office is waiting."""

    def __init__(self, where):
        self.child = subprocess.Popen(
            ['psql', '-qXAt', where], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def ask(self, sql):
        self.child.stdin.write(sql + ';\n')
        self.child.stdin.flush()
        return self.child.stdout.readline().strip()

    def close(self):
        self.child.stdin.close()
        self.child.wait()


OPEN = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_xid IS NOT NULL AND state = 'idle in transaction'"""


class Killer:
    def __init__(self, office, rng):
        self.office, self.rng = office, rng
        self.kills = self.open = self.looks = 0
        self.psql = Psql(os.environ['ALAS_TEST_PG']) if POSTGRES else None

    def pid(self):
        return int((self.office.folder / 'run/lock').read_text())

    def in_transaction(self):
        """The office is stopped, so what is open now stays open.  What the
        server is still busy with may end by itself: it is not counted."""
        if POSTGRES:
            return int(self.psql.ask(OPEN.replace('\n', ' '))) > 0
        return uncommitted_frames(
            self.office.folder / 'db/office.sqlite-wal') > 0

    def kill(self, aimed):
        """True: a transaction was open."""
        hit = self.stop(aimed)
        os.kill(self.pid(), signal.SIGKILL)
        self.kills += 1
        self.open += hit
        return hit

    def stop(self, aimed):
        """Anywhere, and look; aimed ones only where a transaction is
        open.  True: one was."""
        end = time.monotonic() + 5
        while True:
            time.sleep(self.rng.uniform(0, 0.005 if aimed else 0.15))
            pid = self.pid()
            os.kill(pid, signal.SIGSTOP)
            while not stopped(pid):
                time.sleep(0.0002)
            self.looks += 1
            hit = self.in_transaction()
            if hit or not aimed or time.monotonic() > end:
                return hit
            os.kill(pid, signal.SIGCONT)


def stopped(pid):
    stat = pathlib.Path(f'/proc/{pid}/stat').read_text()
    return stat.rpartition(')')[2].split()[0] in 'TtZ'


# ---- what is there ---------------------------------------------------------

def counts(office):
    """Rows of each table, of an office at rest."""
    if POSTGRES:
        def ask(sql):
            return subprocess.run(
                ['psql', '-qXAt', '-c', sql, office.postgres], check=True,
                capture_output=True, text=True).stdout.split()
        names = ask("SELECT relname FROM pg_class WHERE relkind = 'r' AND "
                    "relnamespace = 'public'::regnamespace")
        union = ' UNION ALL '.join(f"SELECT '{n}' || '=' || count(*) "
                                   f'FROM "{n}"' for n in names)
        rows = (row.split('=') for row in ask(union))
    else:
        db = sqlite3.connect(office.folder / 'db/office.sqlite')
        names = [r[0] for r in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = [(n, db.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0])
                for n in names]
        db.close()
    return collections.Counter({name: int(n) for name, n in rows
                                if name not in NOT_COUNTED})


def minus(a, b):
    return {name: a[name] - b[name] for name in a if a[name] != b[name]}


def engine_check(office):
    """What the engine itself says about its files: '' when all is well."""
    if not POSTGRES:
        db = sqlite3.connect(office.folder / 'db/office.sqlite')
        said = [r[0] for r in db.execute('PRAGMA integrity_check')
                if r[0] != 'ok']
        said += [str(r) for r in db.execute('PRAGMA foreign_key_check')]
        db.close()
        return '\n'.join(said)
    said = dict(pair.split('=') for pair in office.postgres.split())
    programs = sorted(pathlib.Path('/usr/lib/postgresql').glob(
        '*/bin/pg_amcheck'))
    as_owner = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres',
                '--clear-groups'] if os.geteuid() == 0 else []
    got = subprocess.run(
        [*as_owner, programs[-1], '--install-missing', '-h', said['host'],
         '-U', 'postgres', said['dbname']], cwd='/', capture_output=True,
        text=True, check=False)
    return '' if got.returncode == 0 else got.stdout + got.stderr


def every(who, path):
    """The rows of a list, page after page."""
    found, cursor = [], ''
    while cursor is not None:
        got = who.must('GET', f'{path}?limit=50' +
                       (f'&cursor={cursor}' if cursor else ''))
        found += got['rows']
        cursor = got.get('next')
    return found


def tokens_of(who, code):
    """(kind, token) of what hangs under one person."""
    p = who.must('GET', f'/people/{code}')
    return [('person', n['given']) for n in p['names']] + \
        [('note', n['text']) for n in p.get('notes', ())] + \
        [('task', t['title']) for t in p['tasks']
         if t['kind'] != 'complete_intake'] + \
        [('matter', m['title']) for m in p['matters']]


def everything(office, users):
    """All that the writers can have written, as a client is shown it.
    Nobody opens more files in ten minutes than the office allows: what is
    left over is read later, by its clock."""
    found, left = collections.Counter(), None
    hour = time.time() + 86400	# after whatever was written
    while left is None or any(left.values()):
        now = time.strftime('%Y-%m-%dT%H:%M', time.gmtime(hour))
        with office.serving(now=now):
            readers = {user: office.enter(user) for user in WRITERS}
            if left is None:
                left = {user: files_of(who, users[user])
                        for user, who in readers.items()}
                for user, who in readers.items():
                    found.update(calls_of(who, users[user]))
            for user, who in readers.items():
                for code in left[user][:OPENED_MAX]:
                    found.update(tokens_of(who, code))
                left[user] = left[user][OPENED_MAX:]
        hour += 11 * 60
    return found


def files_of(who, me):
    """The persons that somebody added."""
    found = []
    for row in every(who, '/people'):
        given, _, surname = row.get('name', ' x').partition(' ')
        if row['responsible'] == me and given == surname[::-1]:
            found.append(row['code'])
    return found


def calls_of(who, me):
    return [('call', row['caller_name']) for row in every(who, '/contacts')
            if row['taken_by'] == me and row['caller'] == 'authority']


class Run:
    """An office, its writers and the one who kills it."""

    def __init__(self, seed, name='office'):
        self.rng = random.Random(seed)
        self.office = lib.Office.make(
            name, persons=20, now=time.strftime('%Y-%m-%dT%H:%M',
                                          time.gmtime(time.time() - 86400)))
        self.base = counts(self.office)
        self.up_ms = []
        self.writers = []

    def measure(self):
        """How many rows of which table one write of each kind makes."""
        self.cost = {}
        with self.office.serving(now=None):
            users = things.user_codes(self.office.enter('dora').step_up())
        with open(os.devnull, 'w', encoding='utf-8') as nothing:
            before = counts(self.office)
            w = None
            for kind in ('person', 'note', 'call', 'task', 'matter'):
                with self.office.serving(now=None):
                    people = w.people if w else []
                    w = Writer(9, self.office, self.office.enter('benito'),
                               users, nothing, random.Random(kind))
                    w.people = people
                    w.n += len(self.cost)
                    w.write(kind)
                after = counts(self.office)
                self.cost[kind] = minus(after, before)
                before = after
        self.base = before
        self.users = users

    def begin_writing(self, log):
        self.writers = [
            Writer(i, self.office, self.office.enter(user), self.users, log,
                   random.Random(self.rng.random()))
            for i, user in enumerate(WRITERS)]
        for w in self.writers:
            w.start()

    def told(self):
        """What was acknowledged by now, and what nobody knows of."""
        done, tried = {}, {}
        for w in self.writers:
            done.update(w.done)
            tried.update(w.tried)
        return done, {t: k for t, k in tried.items() if t not in done}

    def written(self):
        return sum(len(w.done) for w in self.writers)

    def wait_written(self, more, began):
        """Until so many more writes are acknowledged; how long it took."""
        wanted = self.written() + more
        while self.written() < wanted:
            for w in self.writers:
                if w.trouble is not None:
                    raise w.trouble
            if time.monotonic() - began > 30:
                raise TimeoutError('no write is acknowledged any more')
            time.sleep(0.002)
        return (time.monotonic() - began) * 1000

    def end_writing(self):
        for w in self.writers:
            w.stop.set()
        for w in self.writers:
            w.join()

    def kill(self, times, each):
        """So often; and so many writes go well after each."""
        killer = Killer(self.office, self.rng)
        try:
            while killer.kills < times:
                with self.office.serving(now=None):
                    if not self.writers:
                        self.begin_writing(self.log)
                    self.wait_written(2, time.monotonic())
                    for _ in range(min(SERVED_MAX, times - killer.kills)):
                        killer.kill(aimed=killer.kills % 2 == 0)
                        self.up_ms.append(
                            self.wait_written(len(WRITERS),
                                              time.monotonic()))
                        self.wait_written(each, time.monotonic())
                    if killer.kills >= times:
                        self.wait_written(20, time.monotonic())
                        self.end_writing()
        finally:
            if killer.psql:
                killer.psql.close()
        return killer


def check(tap, run, office, done, let_go):
    """The checker: of an office at rest, after whatever befell it."""
    after = counts(office)
    said = engine_check(office)
    tap.check('the engine finds its files whole', said == '', said)
    with office.serving(now=None):
        dora = office.enter('dora').step_up()
        good = dora.must('POST', '/audit/verify', {'deep': True})
        tap.check('the tree is whole and each row is what its leaf names',
                  good['good'] is True, good)
        lines = {one['name']: one for one in
                 dora.must('GET', '/system')['lines']}
        tap.check('the projection is that of a fresh build',
                  lines['projection']['state'] == 'ok', lines['projection'])
        tap.check('nothing else of the doctor has turned',
                  all(one['state'] == 'ok' for name, one in lines.items()
                      if name not in ('landlock', 'keys', 'space', 'age',
                                      'swap')),
                  lines)
    found = everything(office, run.users)
    there = {token: kind for kind, token in found}
    missing = {t: k for t, k in done.items() if found[k, t] != 1}
    tap.check(f'each of {len(done)} acknowledged writes is there once',
              not missing, missing)
    landed = {t: k for t, k in there.items()
              if t not in done and t in let_go}
    twice = {key: n for key, n in found.items()
             if key[1] in let_go and n != 1}
    strange = {t: k for t, k in landed.items() if let_go[t] != k}
    tap.check(f'of {len(let_go)} that nobody heard an answer to, '
              f'{len(landed)} are there, once',
              not twice and not strange, f'{twice} {strange}')
    kinds = collections.Counter(done.values())
    kinds.update(landed.values())
    wanted = collections.Counter(run.base)
    for kind, n in kinds.items():
        for table, rows in run.cost[kind].items():
            wanted[table] += n * rows
    tap.check('no table has a row more or less than those writes make',
              wanted == after, f'{minus(after, wanted)} for {kinds}')


def check_clients(tap, run):
    slowest = max(run.up_ms)
    again = sum(w.again for w in run.writers)
    tap.check(f'{again} asked again with the same key and acted once',
              again > 0)
    tap.check(f'up and writing within 5 s each time: {slowest:.0f} ms at '
              'most', slowest < 5000, run.up_ms)


def main(kills, acknowledged, opened):
    seed = int(os.environ.get('SEED', time.time_ns() % 1000000))
    tap = lib.Tap()
    print(f'# seed {seed}')
    run = Run(seed)
    run.measure()
    with open(lib.FOLDER / 'acknowledged', 'w', encoding='utf-8') as log:
        run.log = log
        killer = run.kill(kills, acknowledged // kills)
    print(f'# {killer.kills} kills, {killer.open} in an open transaction, '
          f'{killer.looks} looks')
    tap.check(f'{kills} kills', killer.kills == kills)
    tap.check(f'{killer.open} of them hit an open transaction',
              killer.open >= opened, killer.looks)
    done, let_go = run.told()
    check(tap, run, run.office, done, let_go)
    check_clients(tap, run)
    tap.check(f'{len(done)} writes were acknowledged',
              len(done) >= acknowledged)
    tap.end()
