"""PostgreSQL as it fails: a cluster of the test's own that is stopped,
killed, exchanged for a copy; a proxy in front of it that cuts or falls
silent; and several offices on one database.

Each part makes its own cluster, for the one that the conductor gives is
everybody's.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'lib'))
import office as lib  # noqa: E402

POSTGRES = lib.TOP / 'tests/postgres'
SOCKET = '.s.PGSQL.5432'


class Cluster:
    """`where` is how the office reaches it."""

    def __init__(self, *settings):
        # Not below the part's folder: the server runs as another user.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='pg-', dir='/tmp'))
        self.folder.chmod(0o711)
        self.at = self.folder / 'c'
        self.run('start', self.at, *settings)
        self.where = f'host={self.at} user=alas dbname=alas'

    @staticmethod
    def run(*words):
        subprocess.run([POSTGRES, *map(str, words)], check=True,
                       stdout=subprocess.DEVNULL)

    def halt(self, how='fast'):
        self.run('halt', self.at, how)

    def again(self, *settings):
        self.run('again', self.at, self.at / 'data', *settings)

    def copy(self, name):
        """The data as it lies there, while it is halted."""
        subprocess.run(['cp', '-a', self.at / 'data', self.at / name],
                       check=True)
        (self.at / name / 'postmaster.pid').unlink(missing_ok=True)

    def exchange(self, name, put_aside):
        """That copy takes the place of the data, behind the same address."""
        self.halt()
        (self.at / 'data').rename(self.at / put_aside)
        (self.at / name).rename(self.at / 'data')
        self.again()

    def elsewhere(self, name):
        """A copy as a cluster of its own, behind another address."""
        other = Cluster.__new__(Cluster)
        other.folder, other.at = self.folder, self.folder / name
        other.at.mkdir(mode=0o711)
        owner = self.at.stat()
        os.chown(other.at, owner.st_uid, owner.st_gid)
        (self.at / name).rename(other.at / 'data')
        other.where = f'host={other.at} user=alas dbname=alas'
        other.again()
        return other

    def as_owner(self):
        """How a command is run as the server's own user."""
        owner = self.at.stat()
        return [] if os.geteuid() == owner.st_uid else [
            'setpriv', '--reuid', str(owner.st_uid), '--regid',
            str(owner.st_gid), '--clear-groups', '--']

    def sql(self, *commands, user='alas', database='alas'):
        words = [w for c in commands for w in ('-c', c)]
        return subprocess.run(
            [*(self.as_owner() if user == 'postgres' else []), 'psql', '-qAtX', '-h', str(self.at), '-U', user, *words,
             database], check=True, capture_output=True, text=True, cwd='/'
        ).stdout.strip()

    def close(self):
        self.run('stop', self.at)
        shutil.rmtree(self.folder, ignore_errors=True)


class Proxy:
    """Between office and server.  cut_commit: the next COMMIT goes through,
    its answer does not.  silent: nothing goes through any more, and nothing
    is closed."""

    def __init__(self, cluster):
        self.folder = cluster.folder / 'p'
        self.folder.mkdir(mode=0o711)
        self.to = str(cluster.at / SOCKET)
        self.where = f'host={self.folder} user=alas dbname=alas'
        self.cut_commit = self.silent = False
        self.cuts = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / SOCKET))
        self.listener.listen(16)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.to)
            except OSError:
                client.close()
                continue
            held = {'cut': False}
            for pair in ((client, server, True), (server, client, False)):
                threading.Thread(target=self.carry, args=(*pair, held),
                                 daemon=True).start()

    def carry(self, one, other, upwards, held):
        try:
            while piece := one.recv(65536):
                while self.silent:
                    time.sleep(0.05)
                if upwards and self.cut_commit and b'COMMIT\0' in piece:
                    self.cut_commit, held['cut'] = False, True
                if not upwards and held['cut']:
                    self.cuts += 1
                    break
                other.sendall(piece)
        except OSError:
            pass
        for s in (one, other):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def node(first, name, postgres=None):
    """Another office on the database of `first`, in a folder of its own."""
    other = lib.Office(lib.FOLDER / name)
    other.postgres = postgres or first.postgres
    # The header says that it is a demonstration: else no clock of a test.
    (other.folder / 'db').mkdir(parents=True, mode=0o700)
    other.folder.chmod(0o700)
    shutil.copy2(first.folder / 'db/vault.hdr', other.folder / 'db')
    return other


def log_of(office):
    return pathlib.Path(f'{office.folder}.log').read_text(encoding='utf-8')


def until(condition, seconds, every=0.05):
    """How long it took, or None."""
    began = time.monotonic()
    while True:
        if condition():
            return time.monotonic() - began
        if time.monotonic() - began > seconds:
            return None
        time.sleep(every)


def doctor(bearer):
    """The doctor's lines by name."""
    got = bearer.must('GET', '/system')
    return {line['name']: line for line in got['lines']}


PASSPHRASE = 'gente inventada para mirar y probar'
PHRASE = 'CXJC PWXE 354D 1MPZ WXKY 5DSP T62S S31K 4002'


def json_of(**values):
    return json.dumps(values).encode()
