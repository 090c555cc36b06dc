"""A long thin line before an office: 64 kbit/s, a second to and fro.

The packets are real: two network name spaces, each with a TUN device, and
between them nobody but us, who pass on what comes, later and no faster than
the line carries it.  So TCP shakes hands, starts slowly and waits as it
does, and so does TLS.
"""

import collections
import contextlib
import ctypes
import fcntl
import os
import pathlib
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent
                       / 'lib'))
import office as lib  # noqa: E402

RATE, ONE_WAY_S = 64000 / 8, 0.5	# bytes a second
NAME, NEAR, FAR, PORT = 'oficina.test', '10.9.0.1', '10.9.0.2', 8443
CLONE_NEWNET, TUNSETIFF, TUN = 0x40000000, 0x400454ca, 0x1001
PACKET_MAX = 2048
# What a modem keeps before it loses packets.
QUEUE_MAX = 64 * 1024
HOW = 'as root, with /dev/net/tun: sudo make test, or a container started ' \
      'with --privileged'


def why_not():
    if os.geteuid() != 0:
        return 'a line of our own wants root'
    return '' if os.access('/dev/net/tun', os.W_OK) else \
        'there is no /dev/net/tun'


def skipped():
    """True: told that this machine cannot."""
    missing = why_not()
    if missing:
        print(f'# SKIPPED: {missing}.  This wants to be run {HOW}.')
        print(f'ok 1 # skip {missing}')
        print('1..1')
    return bool(missing)


def new_network():
    """The calling thread's alone, and of what it starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), 'unshare')
    ip('link', 'set', 'lo', 'up')


def ip(*what):
    subprocess.run(['ip', *what], check=True)


def device(mine, other):
    """One end of the line, in the present name space."""
    fd = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack('16sH22x', b'line0', TUN))
    ip('addr', 'add', mine, 'peer', other, 'dev', 'line0')
    ip('link', 'set', 'line0', 'up')
    return fd


class Way:
    """One direction: packets leave one after the other, and arrive later."""

    def __init__(self, come, go):
        self.come, self.go = come, go
        self.under_way = collections.deque()
        self.more = threading.Semaphore(0)
        self.carried = self.lost = 0
        for work in (self.take, self.deliver):
            threading.Thread(target=work, daemon=True).start()

    def take(self):
        free = 0
        while True:
            packet = os.read(self.come, PACKET_MAX)
            now = time.monotonic()
            if packet[0] >> 4 != 4:
                continue		# the neighbours of IPv6
            free = max(free, now)
            if (free - now) * RATE > QUEUE_MAX:
                self.lost += 1
                continue
            free += len(packet) / RATE
            self.carried += len(packet)
            self.under_way.append((free + ONE_WAY_S, packet))
            self.more.release()

    def deliver(self):
        while True:
            self.more.acquire()
            when, packet = self.under_way.popleft()
            time.sleep(max(0, when - time.monotonic()))
            os.write(self.go, packet)


class Door(threading.Thread):
    """What comes to the far end, to the office at its loopback."""

    def __init__(self, to):
        super().__init__(daemon=True)
        self.to = to
        self.listener = socket.create_server((FAR, PORT))
        self.start()

    def run(self):
        while True:
            one, _ = self.listener.accept()
            other = socket.create_connection(('127.0.0.1', self.to))
            for a, b in ((one, other), (other, one)):
                a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self.pass_on, args=(a, b),
                                 daemon=True).start()

    @staticmethod
    def pass_on(a, b):
        with contextlib.suppress(OSError):
            while data := a.recv(65536):
                b.sendall(data)
        with contextlib.suppress(OSError):
            b.shutdown(socket.SHUT_WR)


def certificate():
    """Signed by nobody: about as long as one by somebody."""
    key, made = lib.FOLDER / 'tls.key', lib.FOLDER / 'tls.crt'
    subprocess.run(
        ['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days',
         '2', '-subj', f'/CN={NAME}', '-addext', f'subjectAltName=DNS:{NAME}',
         '-keyout', key, '-out', made], check=True, capture_output=True)
    return ['--name', NAME, '--certificate', made, '--certificate-key', key]


def pin():
    """Of its key, as Chromium takes it: with a warning that is waved through
    it would shake hands twice and keep nothing."""
    made = subprocess.run(
        'openssl x509 -in tls.crt -noout -pubkey | openssl pkey -pubin '
        '-outform der | openssl dgst -sha256 -binary | openssl base64',
        shell=True, cwd=lib.FOLDER, check=True, capture_output=True,
        text=True)
    return made.stdout.strip()


@contextlib.contextmanager
def far_away(office, more=()):
    """The office behind the line; whoever is started within, before it."""
    new_network()
    with office.serving(more=more):
        far = device(FAR, NEAR)
        Door(office.port)
        new_network()
        near = device(NEAR, FAR)
        yield Way(near, far), Way(far, near)
