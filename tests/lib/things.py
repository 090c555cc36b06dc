"""Persons and matters with one row of every kind below them.

They are benito's: he is a lawyer, opened them and leads them, and may give
grants and set walls.  Names are drawn from a list without sounds in common,
so that no warning about duplicates comes in between.
"""

import itertools

import samples

GIVEN = ('Delia', 'Hugo', 'Inés', 'Óscar', 'Yolanda', 'Braulio', 'Zenón',
         'Ximena', 'Fausto', 'Wilma')
FIRST = ('Quispe', 'Borda', 'Núñez', 'Chirinos', 'Llerena', 'Valdivia',
         'Ugarte', 'Tello', 'Espejo', 'Jara')
SECOND = ('Rojas', 'Guzmán', 'Ferrari', 'Medina', 'Zapata', 'Olivera',
          'Duarte', 'Ibáñez', 'Pinto', 'Yupa')


def draw_name():
    """Another one each time, the first three parts all different."""
    draw_name.n += 1
    n = draw_name.n
    return (GIVEN[n % 10], FIRST[(n * 3 + n // 10) % 10],
            SECOND[(n * 7 + n // 10) % 10])


draw_name.n = 0


def code(answer, member):
    return answer[member]['id']


def user_codes(dora):
    """Codes of the users by sign-in name; dora has stepped up."""
    return {u['sign_in_name']: u['code']
            for u in dora.must('GET', '/users')['rows']}


def make_document(lead, at):
    got = lead.upload(at + '/documents', {
        'kind': 'letter', 'title': 'Oficio del penal',
        'dated_on': '2026-11-20'}, [('oficio.pdf', samples.pdf())])
    assert got.status == 201, (got.status, got.text)
    return got.json['documents'][0]['id']


def make_person(lead, users, name=None):
    """Codes by path parameter."""
    given, first, second = name or draw_name()
    made = lead.must('POST', '/people', {
        'name_given': given, 'name_first_surname': first,
        'name_second_surname': second, 'department': '15',
        'new_reason': 'Otra persona'})
    person = code(made, 'person')
    at = f'/people/{person}'
    # relation before contact point: a number may be of a relative
    children = (
        ('name', '/names', {'kind': 'alias', 'given': second}, 'name'),
        ('identifier', '/identifiers', {'kind': 'dni', 'country': 'PE',
         'value': f'{10000000 + draw_name.n}', 'state': 'valid'},
         'identifier'),
        ('contact_point', '/contact-points', {'kind': 'mobile',
         'value': '999000001', 'may_say': 'call_us'}, 'contact_point'),
        ('relation', '/network', {'kind': 'sibling',
         'name': f'{given} {first}', 'given': given, 'mandate': 'yes'},
         'relation'),
        ('consent', '/consents', {'purpose': 'keep_data', 'state': 'given',
         'given_on': '2026-11-20', 'how': 'signature', 'language': 'es'},
         'consent'),
        ('note', '/notes', {'kind': 'memo', 'text': 'Prefiere que lo llamen por la tarde'}, 'note'),
        ('call', '/contacts', {'direction': 'in', 'channel': 'phone',
         'caller': 'self', 'mandate': 'yes', 'said': 'Pregunta por la fecha de su recurso',
         'call_back_at': '2026-11-25T10:00',
         'call_back_by': users['benito']}, 'call'),
        ('detention', '/custody', {'kind': 'prison',
         'from_on': '2001-08-13', 'prison': 'ancon_2',
         'source': 'Certificado'}, 'detention'),
    )
    found = {'person': person}
    for param, path, values, member in children:
        found[param] = code(lead.must('POST', at + path, values), member)
    found['task'] = code(lead.must('POST', '/tasks', {
        'title': 'Pedir copia del expediente', 'responsible': users['benito'],
        'person': person}), 'task')
    found['document'] = make_document(lead, at)
    return found


def make_matter(lead, users, person, responsible='benito'):
    made = lead.must('POST', '/matters', {
        'person': person, 'type': 'habeas_corpus', 'title': 'Exceso de detención',
        'role': 'beneficiary', 'opened_on': '2026-11-24',
        'responsible': users[responsible], 'verdict': 'clear',
        'reason': 'Son homónimos'})
    matter = code(made, 'matter')
    at = f'/matters/{matter}'
    found = {'matter': matter}
    found['party'] = code(lead.must('POST', at + '/parties', {
        'name': 'Óscar Lazo Medina', 'role': 'expert', 'side': 'neutral',
        'verdict': 'clear', 'reason': 'Es la misma persona'}),
        'party')
    found['proceeding'] = code(lead.must('POST', at + '/proceedings', {
        'forum': 'constitutional', 'regime': 'constitutional',
        'started_on': '2026-10-01'}), 'proceeding')
    found['act'] = code(lead.must('POST', at + '/acts', {
        'proceeding_id': found['proceeding'], 'kind': 'judgment',
        'result': 'denied', 'by_side': 'court', 'issued_on': '2026-11-24',
        'served_by': 'cedula', 'served_at': '2026-11-24T09:00'}), 'act')
    found['deadline'] = code(lead.must(
        'POST', f'/acts/{found["act"]}/deadlines', {
            'rule': 'C06', 'responsible': users[responsible],
            'deputy': users['dora']}), 'deadline')
    found['document'] = make_document(lead, at)
    return found


def grant(lead, kind, thing, user, level='write',
          compartments=('identity', 'case', 'sensitive'), reason='Cubre las vacaciones'):
    root = 'people' if kind == 'person' else 'matters'
    return code(lead.must('POST', f'/{root}/{thing}/grants', {
        'user_id': user, 'compartments': list(compartments), 'level': level,
        'ends_at': '2026-12-20T09:00', 'reason': reason}), 'grant')


def wall(lead, kind, thing, user):
    root = 'people' if kind == 'person' else 'matters'
    return code(lead.must('POST', f'/{root}/{thing}/walls', {
        'user_id': user, 'reason': 'conflict'}), 'wall')


def furnish(folder):
    """For tests that drive a browser: lucia leads a person and a matter of
    benito's, with a row of everything below; codes by path parameter."""
    import office as lib
    office = lib.Office(folder)
    dora = office.enter('dora').step_up()
    benito = office.enter('benito').step_up()
    lucia = office.enter('lucia').step_up()
    users = user_codes(dora)
    found = make_person(benito, users)
    found['person_document'] = found['document']
    found.update(make_matter(benito, users, found['person']))
    found['matter_document'] = found['document']
    for kind in ('person', 'matter'):
        grant(benito, kind, found[kind], users['lucia'], 'lead')
        grant(benito, kind, found[kind], users['sara'])
        found[kind + '_grant'] = grant(benito, kind, found[kind],
                                       users['rita'])
        found[kind + '_wall'] = wall(benito, kind, found[kind],
                                     users['marta'])
    lucia.must('POST', '/account/tokens', {
        'name': 'Agenda del despacho', 'days': 7, 'operations': ['person.list']})
    tokens = lucia.must('GET', '/account')['tokens']
    people = dora.must('GET', '/people?limit=50')['rows']
    found.update(user=users['benito'], leaf='1', users=users,
                 token=tokens[0]['code'],
                 shown=[p['name'] for p in people if p.get('name')])
    return found


if __name__ == '__main__':
    import json
    import sys
    print(json.dumps(furnish(sys.argv[1])))
