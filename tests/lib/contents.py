"""All persons and matters of an office as the API shows them to who leads
them, with codes by their order, and without instants: for comparing two
offices that were told the same.

    contents.py FOLDER      JSON on standard output
"""

import json
import re
import sys

import office as lib

CODE = re.compile(r'\b[0-9A-Z]{4}-[0-9A-Z]{3}\b')
INSTANT = re.compile(r'\d{4}-\d{2}-\d{2}T[\d:.]+Z')
LEADS = ('rita', 'lucia', 'benito')


def rows(who, path):
    got = who.ask('GET', path)
    return got.json['rows'] if got.status == 200 else []


def shown(who, path):
    got = who.ask('GET', path)
    return got.json if got.status == 200 else got.status


def sorted_lists(value):
    """Rows come in the order of their ids, which are drawn."""
    if isinstance(value, dict):
        return {k: sorted_lists(v) for k, v in value.items()}
    if isinstance(value, list):
        return sorted((sorted_lists(v) for v in value), key=neutral)
    return value


def neutral(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return INSTANT.sub('AT', CODE.sub('CODE', text))


def main():
    office = lib.Office(sys.argv[1])
    found = {}
    for user in LEADS:
        who = office.enter(user)
        people = [r for r in rows(who, '/people') if r.get('within')]
        for row in sorted(people, key=lambda r: r['name']):
            name = row['name']
            at = f'/people/{row["code"]}'
            found[f'{user} person {name}'] = shown(who, at)
            found[f'{user} custody {name}'] = shown(who, at + '/custody')
        for row in sorted(rows(who, '/matters'),
                          key=lambda r: r.get('title') or ''):
            found[f'{user} matter {row.get("title")}'] = shown(
                who, f'/matters/{row["code"]}')
        found[f'{user} today'] = shown(who, '/today')
    print(neutral(sorted_lists(found)))


if __name__ == '__main__':
    main()
