#!/usr/bin/python3
"""Stands where alas-office would and writes down what nginx passes on.

    recorder.py --data DIR --control FD …    the contract of serve.h

Each request is a line of JSON in DIR/passed: its pairs in order, and how
long its body was.  Every answer is 200.
"""

import json
import os
import select
import socket
import sys

options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
data = options['--data']
at = data + '/run/office.sock'
if os.path.exists(at):
    os.unlink(at)
os.umask(0o177)
listener = socket.socket(socket.AF_UNIX)
listener.bind(at)
listener.listen(64)
control = socket.socket(fileno=int(options['--control']))


def whole(s):
    """Head and body of one request, or nothing when it is none."""
    got = b''
    while b':' not in got:
        piece = s.recv(65536)
        if not piece:
            return None
        got += piece
    length, _, got = got.partition(b':')
    head_n = int(length)
    while len(got) < head_n + 1:
        got += s.recv(65536)
    parts = got[:head_n].split(b'\0')[:-1]
    pairs = [[n.decode('latin-1'), v.decode('latin-1')]
             for n, v in zip(parts[::2], parts[1::2])]
    left = int(dict(pairs)['CONTENT_LENGTH']) - len(got) + head_n + 1
    while left > 0 and (piece := s.recv(65536)):
        left -= len(piece)
    return {'pairs': pairs}


while True:
    ready = select.select([listener, control], [], [])[0]
    # What our parent tells about itself is nothing to us, but that it ended.
    if control in ready and not control.recv(65536):
        sys.exit(0)
    if listener not in ready:
        continue
    with listener.accept()[0] as s:
        request = whole(s)
        if request is None:
            continue
        with open(data + '/passed', 'a', encoding='utf-8') as f:
            print(json.dumps(request), file=f)
        s.sendall(b'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nok\n')
