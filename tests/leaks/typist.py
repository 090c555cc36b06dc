"""Somebody who types a canary into every text that any operation takes, at
every door.  What else a form wants comes from tests/api/called.test."""

import http.client
import importlib.machinery
import importlib.util
import pathlib
import re
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'lib'))
import office as lib  # noqa: E402
import samples  # noqa: E402
import things  # noqa: E402


def load(path):
    loader = importlib.machinery.SourceFileLoader(path.stem, str(path))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(path.stem, loader))
    loader.exec_module(module)
    return module


called = load(HERE.parent / 'api/called.test')
FORM = 'application/x-www-form-urlencoded'
# Inputs whose text means something to the program: a code, a rule, a word
# that leads back.  A canary there is refused, and so it is typed there too,
# but in a request of its own.
MEANS = {'rule', 'variant', 'step', 'not_after', 'contact_not_after',
         'household_code', 'person', 'matter', 'code', 'session', 'state',
         'which', 'back', 'at', 'recipients', 'targets', 'root', 'user',
         'checked', 'operations', 'roles', 'from', 'to'}
# What makes room for texts that are not asked alone.
MORE = {
    'detention.add': {'kind': 'prison', 'to_on': '2012-08-13',
                      'other_to_on': '2012-09-13',
                      'release_type': 'transfer'},
    'act.add': {'other_date': '2026-11-20', 'other_date_of': 'issued'},
    'identifier.add': {'kind': 'passport', 'country': 'CL'},
    'contact-point.add': {'kind': 'email'},
    'person.add': {'identifier_kind': 'passport', 'contact_kind': 'email',
                   'contact_of': 'self', 'contact_may_say': 'call_us',
                   'relation_kind': 'sibling', 'relation_mandate': 'yes',
                   'call_channel': 'phone', 'call_caller': 'self',
                   'consent_keep_data': 'given', 'consent_how': 'witness'},
    'consent.add': {'how': 'witness'},
    'user.add': {'interpreter_of': ['qu']},
    'matter.add': {'others_role': 'witness',
                   'proceeding_forum': 'constitutional',
                   'proceeding_regime': 'constitutional'},
}
# What was withdrawn or lifted meanwhile, so that its words stand there.
AGAIN = ('shred.ask', 'hold.set')
# Ends the session that asks, as called.LAST does.
ENDS = ('session.lock',)
TRIES = 4


class Typist(called.Maker):
    def __init__(self, document, users, canaries):
        super().__init__(document, users)
        self.canaries, self.door = canaries, ''
        self.typed = 0

    def word(self, op, name, most):
        self.typed += 1
        word = self.canaries.new(f'{self.door} {op.name} {name}', most)
        if name == 'email' or name.endswith('value') and most > 100:
            return word.replace('ñ', '') + '@correo.example'
        if name == 'sign_in_name' or name.endswith('value'):
            return word.replace('ñ', '')
        return word

    def body(self, op):
        if op.body is None:
            return None
        values = {name: self.value(name, op.body['properties'][name])
                  for name in op.body.get('required', ())}
        values.update(self.meant(op))
        values.update(MORE.get(op.name, {}))
        for name, schema in op.body['properties'].items():
            if self.is_text(name, schema):
                values[name] = self.word(op, name,
                                         schema.get('maxLength', 1000))
        return values

    def is_text(self, name, schema):
        return 'string' in schema.get('type', ()) and \
            not {'enum', 'pattern', 'format'} & set(schema) and \
            name not in MEANS


class Door:
    """Requests by nginx, with their statuses counted."""

    def __init__(self, office):
        self.office, self.statuses = office, {}

    def ask(self, method, path, body=b'', headers=None):
        c = http.client.HTTPConnection('127.0.0.1', self.office.port,
                                       timeout=60)
        c.request(method, path, body or None,
                  {'Connection': 'close', **(headers or {})})
        got = c.getresponse()
        answer = lib.Answer(got.status, got.getheaders(), got.read())
        c.close()
        self.statuses[answer.status] = \
            self.statuses.get(answer.status, 0) + 1
        return answer


class Api:
    """Each operation of the document, until it takes its texts."""

    def __init__(self, office, canaries, door):
        self.office, self.door = office, door
        self.net = Door(office)
        self.who = {u: office.enter(u).step_up() for u in called.ASKERS}
        self.document = called.Document()
        self.users = things.user_codes(self.who['dora'])
        self.make = Typist(self.document, self.users, canaries)
        self.make.door = door
        self.refused, self.done = {}, 0

    def send(self, user, op, body, uri, headers):
        word = self.make.word(op, 'file', 60) if op.kind == \
            'multipart/form-data' else ''
        data, kind = called.encoded(op, body, word + '.pdf',
                                     samples.pdf(words=word))
        pairs = {'Authorization': 'Bearer ' + self.who[user].token,
                 **headers}
        if data:
            pairs['Content-Type'] = kind
        if self.door == 'api':
            return self.net.ask(op.method, '/api/v1' + uri, data, pairs)
        return self.office.send(
            'shell', op.method, '/api/v1' + uri, data,
            **{n.upper().replace('-', '_'): v for n, v in pairs.items()})

    def one(self, op):
        path, etag = self.make.path(op)
        uri, body = path + self.make.query(op), self.make.body(op)
        headers = {'If-Match': etag or '"1"'} if op.has('If-Match') else {}
        askers = [called.BY[op.name]] if op.name in called.BY else \
            called.ASKERS
        for _ in range(TRIES):
            for user in askers:
                got = self.send(user, op, body, uri, headers)
                if got.status not in (401, 403, 404):
                    break
            if got.status != 422 or not body:
                break
            wrong = {e['pointer'].split('/')[1] for e in
                     got.json.get('errors', ())} & set(body)
            if not wrong:
                break
            for name in wrong:
                body.pop(name)
            body.update({k: v for k, v in self.make.meant(op).items()
                         if k in wrong})
        if got.status in (200, 201):
            self.done += 1
            if 'json' in got.header('Content-Type'):
                self.make.learn(op, got)
        else:
            self.refused[op.name] = f'{got.status} {got.text[:300]}'

    def run(self):
        operations = list(self.document.operations())
        late = set(called.LAST) - {'conflict.decide'}
        makes = [o for o in operations if o.answer(201)]
        rest = [o for o in operations if o not in makes]
        rest.sort(key=lambda o: o.name == 'conflict.decide')
        for op in makes + rest + [o for o in rest if o.name in AGAIN]:
            if op.name not in late and op.name not in called.REFUSED and \
                    op.name != 'session.step_up':
                try:
                    self.one(op)
                except KeyError as code:
                    self.refused[op.name] = f'nothing made {code}'


# ---- the pages ------------------------------------------------------------

def page_value(value):
    """What the API calls 2026-11-24 stands in a form as people write it."""
    if isinstance(value, bool):
        return 'yes' if value else ''
    text = str(value)
    m = re.fullmatch(r'(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d).*)?', text)
    if not m:
        return text
    day = f'{m[3]}/{m[2]}/{m[1]}'
    return day if m[4] is None else f'{day} {m[4]}:{m[5]}'


class Pages:
    def __init__(self, office, canaries, api, users):
        self.office, self.canaries, self.api = office, canaries, api
        self.door = Door(office)
        self.who = {user: self.enter(user) for user in users}
        self.typed = self.taken = 0
        self.origin = f'http://127.0.0.1:{office.port}'

    def enter(self, user):
        got = self.door.ask('POST', '/sign-in', urllib.parse.urlencode(
            {'user': user}).encode(), {'Content-Type': FORM,
            'User-Agent': self.canaries.new('pages User-Agent') .replace(
                'ñ', '')})
        cookie = lib.cookie_of(got)
        got = self.post('/step-up', {}, cookie)
        return lib.cookie_of(got) or cookie

    def post(self, path, values, cookie, csrf=None, headers=None):
        if csrf is None:
            csrf = self.csrf(cookie)
        pairs = [*values.items(), ('_csrf', csrf)]
        if path.endswith('/documents/new'):
            word = self.canaries.new('pages file')
            body, kind = samples.multipart(pairs, [
                ('file', word + '.pdf', samples.pdf(words=word))])
            return self.door.ask('POST', path, body, {
                'Content-Type': kind, 'Cookie': '__Host-s=' + cookie,
                **(headers or {})})
        return self.door.ask(
            'POST', path, urllib.parse.urlencode(pairs, True).encode(),
            {'Content-Type': FORM, 'Cookie': '__Host-s=' + cookie,
             **(headers or {})})

    def csrf(self, cookie, path='/account'):
        got = self.door.ask('GET', path, b'',
                            {'Cookie': '__Host-s=' + cookie})
        found = re.search(r'name="_csrf" value="([^"]+)"', got.text)
        return found[1] if found else ''

    def word(self, op, name):
        self.typed += 1
        return self.canaries.new(f'pages {op["name"]} {name}').replace(
            'ñ', '' if 'sign_in' in name else 'ñ')

    def texts(self, op):
        return [i['name'] for i in op['inputs'] if
                i['kind'] in ('text', 'multiline', 'digits')]

    def path(self, op):
        return re.sub(r'{(\w+)}', lambda m: self.api.make.codes.get(
            m[1], 'ZZZZ-ZZZ'), op['page'])

    def values(self, op):
        named = next((o for o in self.api.document.operations()
                      if o.name == op['name']), None)
        values = {} if named is None else \
            {**self.api.make.meant(named), **MORE.get(op['name'], {})}
        for i in op['inputs']:
            if i['kind'] == 'id' and i['name'] in called.CODES:
                values.setdefault(i['name'], self.api.make.codes.get(
                    called.CODES[i['name']], ''))
        values = {n: [page_value(x) for x in v] if isinstance(v, list)
                  else page_value(v) for n, v in values.items()}
        for name in self.texts(op):
            if name not in MEANS:
                values[name] = self.word(op, name)
        return values

    def form(self, op):
        """Filled in, by the first who may; then what must be refused."""
        path = self.path(op)
        for user, cookie in self.who.items():
            page = self.door.ask('GET', path, b'',
                                 {'Cookie': '__Host-s=' + cookie})
            if page.status in (200, 405):
                break
        version = re.search(r'name="_v" value="(\d+)"', page.text)
        hidden = {'_v': version[1]} if version else {}
        got = self.post(path, {**self.values(op), **hidden}, cookie)
        if got.status == 422:
            # A warning is answered, once.
            got = self.post(path, {**self.values(op), **hidden}, cookie)
        self.taken += got.status == 303
        self.refused(op, path, cookie)

    def refused(self, op, path, cookie):
        typed = {name: self.word(op, name + ', refused')
                 for name in self.texts(op)}
        self.post(path, typed, cookie, csrf=self.canaries.new('csrf'))
        self.post(path, {**typed, self.word(op, 'a name'): self.word(
            op, 'no such field')}, cookie)
        # Codes that are none, numbers that are words.
        self.post(path, {i['name']: self.word(op, i['name'] + ', wrong')
                         for i in op['inputs']}, cookie)

    def run(self, operations):
        for op in operations:
            if 'page' in op and op['changes'] and op['name'] not in \
                    (*called.LAST, *ENDS) and op['inputs'] and \
                    not op['public']:
                self.form(op)
