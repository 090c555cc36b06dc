"""A real office, as its first start makes it: no clock of a test, no user
that comes in by a tap, and passphrases that somebody chose."""

import base64
import hashlib
import hmac
import html
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import time
import urllib.parse

import office as lib

OFFICE = 'seis nubes miran un puente verde'
OWN = 'tres gallinas cruzan la plaza despacio'


def one_time(secret, later=0):
    key = base64.b32decode(secret)
    step = int(time.time()) // 30 + later
    digest = hmac.new(key, struct.pack('>Q', step), hashlib.sha1).digest()
    at = digest[19] & 15
    number = int.from_bytes(digest[at:at + 4], 'big') & 0x7fffffff
    return f'{number % 1000000:06d}'


def serve(folder, log):
    office = lib.Office(folder)
    office.port = lib.free_port()
    with open(log, 'ab') as out:
        return office, subprocess.Popen(
            [lib.BUILD / 'alas', 'serve', '--data', folder, '--port',
             str(office.port), '--door-rate', '1000r/s'], stdout=out,
            stderr=out, start_new_session=True)


def wait(office, child, log):
    end = time.monotonic() + 60
    while time.monotonic() < end and child.poll() is None:
        try:
            return office.send('net', 'GET', '/first-start')
        except (OSError, IndexError, ValueError):
            time.sleep(0.1)
    sys.exit(pathlib.Path(log).read_text())


def post(office, uri, **values):
    return office.send('shell', 'POST', '/api/v1' + uri,
                       json.dumps(values).encode(),
                       CONTENT_TYPE='application/json')


def alas(*words, secret):
    """The program in a terminal that types `secret`."""
    read, write = os.pipe()
    os.write(write, secret.encode() + b'\n')
    os.close(write)
    got = subprocess.run(
        [lib.BUILD / 'alas', *map(str, words), '--fd', str(read)],
        capture_output=True, text=True, pass_fds=(read,), check=False,
        env={**os.environ, 'LC_ALL': 'en_US.UTF-8'}, timeout=200)
    os.close(read)
    return got


def words_of(page):
    return html.unescape(re.sub(r'<[^>]*>', ' ', page))


def groups_of(page):
    return re.findall(r'\b[0-9A-HJKMNP-TV-Z]{4}\b', words_of(page))[:9]


def asked_of(page):
    return [int(n) for n in re.findall(
        r'<label[^>]*>[^<]*?(\d)[^<]*</label>', page)][:2]


def send_form(office, uri, **values):
    return office.send('net', 'POST', uri,
                       urllib.parse.urlencode(values).encode(),
                       CONTENT_TYPE='application/x-www-form-urlencoded')


def new_telephone(visitor):
    """What the telephone holds now, and the page's answer to its code."""
    page = visitor.get('/invitation/factor').text
    secret = re.search(r'[?&;]secret=([A-Z2-7]{32})', html.unescape(page))
    secret = secret[1] if secret else ''.join(re.findall(
        r'\b[A-Z2-7]{4}\b', words_of(page))[:8])
    return secret, visitor.post('/invitation/factor',
                                {'code': one_time(secret)})


def accept(office, name, phrase, passphrase=OWN):
    """Somebody takes up an invitation: a browser, what the telephone holds,
    and the page with the codes."""
    got = send_form(office, '/invitation', sign_in_name=name, phrase=phrase,
                    passphrase=passphrase, again=passphrase)
    visitor = lib.Visitor(office, name, lib.cookie_of(got))
    secret, shown = new_telephone(visitor)
    return visitor, secret, shown


def first_director(office):
    """Invited, with a telephone: the answer to the enrolment, and what her
    telephone holds."""
    got = post(office, '/first-start', sign_in_name='dora',
               name='Dora Prueba')
    _, secret, shown = accept(office, 'dora', got.json['secret'])
    return shown, secret


def first_start(office):
    """The vault is made and its sheet confirmed: the recovery phrase."""
    post(office, '/first-start', office_name='Oficina de prueba',
         passphrase=OFFICE, again=OFFICE)
    page = office.send('net', 'GET', '/first-start').text
    phrase = groups_of(page)
    asked = asked_of(page)
    post(office, '/first-start', group_a=phrase[asked[0] - 1],
         group_b=phrase[asked[1] - 1])
    return phrase


def sign_in(office, secret):
    """The code of the next half minute is good now, and was not used."""
    return post(office, '/session', name='dora', passphrase=OWN,
                code=one_time(secret, later=1))


def token_file(path, bearer):
    path.touch(0o600)
    path.write_text(bearer.token)
    return path
