"""A demonstration office for tests, and its three doors.

    office = Office.make(persons=0)     a new one in the part's folder
    with office.serving():              started by `alas serve`
        sara = office.enter('sara')     a session of the shell's door
        sara.ask('GET', '/people')      API; door='shell' for the other
        office.visit('sara').get('/people')      pages, by cookie

Requests go to the office's own socket, as nginx and the shell send them:
what nginx refuses is not tested here (tests/serve does), and its limits
would make thousands of requests take an hour.
"""

import contextlib
import dataclasses
import html.parser
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

import samples

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get('ALAS_BUILD', TOP / 'build'))
FOLDER = pathlib.Path(os.environ.get('ALAS_TEST_DIR', '/nonexistent'))
ENGINE = os.environ.get('ALAS_TEST_ENGINE', 'sqlite')
NOW = '2026-11-24T09:00'
USERS = ('dora', 'lucia', 'benito', 'sara', 'marta', 'nilo', 'rita', 'tito',
         'vera')
HOST = 'alas.test'


class Tap:
    """Checks, counted and printed; the last line is the plan."""

    def __init__(self):
        self.number = self.failed = 0

    def check(self, name, good, why=''):
        self.number += 1
        print(f'{"" if good else "not "}ok {self.number} - {name}')
        if not good:
            self.failed += 1
            for line in str(why).splitlines()[:30]:
                print(f'# {line}')
        sys.stdout.flush()
        return good

    def end(self):
        print(f'1..{self.number}')
        sys.exit(1 if self.failed else 0)


@dataclasses.dataclass
class Answer:
    status: int
    headers: list
    body: bytes

    def header(self, name):
        for n, value in self.headers:
            if n.lower() == name.lower():
                return value
        return ''

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def code(self):
        """The code of a problem, else ''."""
        return self.json.get('code', '') if 'problem' in \
            self.header('Content-Type') else ''


def scgi(path, headers, body):
    pairs = [('CONTENT_LENGTH', str(len(body))), ('SCGI', '1')] + headers
    head = b''.join(n.encode() + b'\0' + v.encode() + b'\0'
                    for n, v in pairs)
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(120)
        s.connect(path)
        # What is too large is answered before it was taken.
        with contextlib.suppress(BrokenPipeError):
            s.sendall(b'%d:%s,' % (len(head), head) + body)
        pieces = []
        with contextlib.suppress(ConnectionResetError):
            while piece := s.recv(65536):
                pieces.append(piece)
        got = b''.join(pieces)
    head, _, body = got.partition(b'\r\n\r\n')
    lines = [tuple(line.split(': ', 1)) if ': ' in line else (line, '')
             for line in head.decode().split('\r\n')]
    status = int(lines[0][1].split()[0])
    return Answer(status, lines[1:], body)


class Office:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.socket = str(self.folder / 'run/office.sock')
        self.log = pathlib.Path(f'{folder}.log')
        self.port = self.pid = None
        self.postgres = None

    @classmethod
    def make(cls, name='office', persons=0, seed=1, postgres=None,
             program=None, now=NOW):
        office = cls(FOLDER / name)
        office.postgres = (postgres or None) if postgres is not None else \
            os.environ.get('ALAS_TEST_PG') if ENGINE == 'postgres' else None
        subprocess.run([program or BUILD / 'alas-office', 'make-demo',
                        office.folder, '--persons', str(persons), '--seed', str(seed),
                        '--now', now, *office.database()], check=True)
        return office

    def database(self):
        if self.postgres is None:
            return []
        file = pathlib.Path(f'{self.folder}.postgres')
        if not file.exists():
            file.touch(0o600)
            file.write_text(self.postgres + '\n', encoding='utf-8')
        return ['--postgres', str(file)]

    def copy(self, name):
        """The same office again, on SQLite and at rest."""
        other = Office(FOLDER / name)
        shutil.copytree(self.folder, other.folder, symlinks=True,
                        ignore=shutil.ignore_patterns('front', 'run'))
        return other

    @contextlib.contextmanager
    def serving(self, program=None, now=NOW, rate='1000r/s', env=None,
                more=()):
        self.port = free_port()
        log = open(self.log, 'ab')
        more = [*more] if program is None else \
            ['--office', str(program), *more]
        child = subprocess.Popen(
            [BUILD / 'alas', 'serve', '--data', self.folder, '--port',
             str(self.port), '--door-rate', rate,
             *(() if now is None else ('--now', now)),
             *self.database(), *more],
            stdout=log, stderr=log, start_new_session=True,
            env={**os.environ, **(env or {})})
        self.pid = child.pid
        try:
            self.wait(child)
            yield self
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(30)
            log.close()

    def wait(self, child):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if child.poll() is not None:
                break
            with contextlib.suppress(OSError, IndexError, ValueError):
                # 303: to the first start of an office that is none yet
                if self.send('net', 'GET', '/sign-in').status in (200, 303):
                    return
            time.sleep(0.1)
        sys.exit('the office does not open:\n' +
                 self.log.read_text())

    def send(self, door, method, uri, body=b'', **headers):
        """Headers by their SCGI names without HTTP_: CONTENT_TYPE=…"""
        own = ('CONTENT_TYPE',)
        pairs = [('ALAS_DOOR', door), ('REQUEST_METHOD', method),
                 ('REQUEST_URI', uri), ('REMOTE_ADDR', '127.0.0.1'),
                 ('REQUEST_ID', secrets.token_hex(16)),
                 ('HTTP_HOST', HOST)]
        pairs += [(n if n in own else 'HTTP_' + n, v)
                  for n, v in headers.items() if v is not None]
        return scgi(self.socket, pairs, body)

    def enter(self, user):
        """A session of the shell's door, which the API takes too."""
        got = self.send('shell', 'POST', '/api/v1/session',
                        json.dumps({'user': user}).encode(),
                        CONTENT_TYPE='application/json')
        assert got.status == 200, (user, got.status, got.text)
        return Bearer(self, user, got.json['secret'])

    def visit(self, user):
        got = self.send('net', 'POST', '/sign-in',
                        urllib.parse.urlencode({'user': user}).encode(),
                        CONTENT_TYPE='application/x-www-form-urlencoded')
        assert got.status == 303, (user, got.status, got.text)
        return Visitor(self, user, cookie_of(got))


class Bearer:
    """Somebody at the API or the shell's door."""

    def __init__(self, office, user, token):
        self.office, self.user, self.token = office, user, token

    def ask(self, method, path, values=None, door='net', v=None, key=None,
            **headers):
        body = b'' if values is None else json.dumps(values).encode()
        return self.office.send(
            door, method, '/api/v1' + path, body,
            AUTHORIZATION='Bearer ' + self.token,
            CONTENT_TYPE='application/json' if body else None,
            IF_MATCH=None if v is None else f'"{v}"',
            IDEMPOTENCY_KEY=key, **headers)

    def upload(self, path, values, files, door='net', key=None):
        """Files are (name, bytes)."""
        body, kind = samples.multipart(
            dict(values).items(), [('file', *f) for f in files])
        return self.office.send(
            door, 'POST', '/api/v1' + path, body,
            AUTHORIZATION='Bearer ' + self.token, CONTENT_TYPE=kind,
            IDEMPOTENCY_KEY=key)

    def step_up(self):
        got = self.ask('POST', '/step-up', {})
        assert got.status == 200, (self.user, got.status, got.text)
        return self

    def must(self, method, path, values=None, **more):
        """What has to succeed; its answer as data."""
        got = self.ask(method, path, values, **more)
        assert 200 <= got.status < 300, \
            (self.user, method, path, values, got.status, got.text)
        return got.json


class Visitor:
    """Somebody at the pages."""

    def __init__(self, office, user, cookie):
        self.office, self.user, self.cookie = office, user, cookie
        self.csrf = ''

    def get(self, uri, **headers):
        got = self.office.send('net', 'GET', uri,
                               COOKIE='__Host-s=' + self.cookie, **headers)
        found = re.search(rb'name="_csrf" value="([^"]+)"', got.body)
        if found:
            self.csrf = found[1].decode()
        return got

    def post(self, uri, values=(), **headers):
        if not self.csrf:
            self.get('/today')
        pairs = list(dict(values).items()) + [('_csrf', self.csrf)]
        got = self.office.send(
            'net', 'POST', uri, urllib.parse.urlencode(pairs).encode(),
            CONTENT_TYPE='application/x-www-form-urlencoded',
            COOKIE='__Host-s=' + self.cookie, **headers)
        new = cookie_of(got)
        if new:
            self.cookie, self.csrf = new, ''
        return got

    def upload(self, uri, values, files, **headers):
        """The page's form with files: (name, bytes)."""
        if not self.csrf:
            self.get('/today')
        body, kind = samples.multipart(
            [*dict(values).items(), ('_csrf', self.csrf)],
            [('file', *f) for f in files])
        return self.office.send('net', 'POST', uri, body, CONTENT_TYPE=kind,
                                COOKIE='__Host-s=' + self.cookie, **headers)

    def step_up(self):
        got = self.post('/step-up')
        assert got.status == 303, (self.user, got.status, got.text)
        return self


def cookie_of(answer):
    for name, value in answer.headers:
        found = re.match(r'__Host-s=([^;]+)', value)
        if name.lower() == 'set-cookie' and found:
            return found[1]
    return ''


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Marks(html.parser.HTMLParser):
    """Elements of a page, in order: (tag, attributes)."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def operations():
    with open(BUILD / 'share/operations.json', encoding='utf-8') as f:
        return json.load(f)['operations']
