"""What data/permissions.csv and permissions.md say, read by hand.

Nothing here comes from the program: the file of areas is written by people,
operations.csv beside this file says which level each operation needs, what
its first code names, and what is particular about it:

    held_by   where the area names no compartment: the class that a grant
              must have, or `lead` ("as lead of the object")
    effect    public: no session; own: touches the asker alone; ends: ends
              the session; seals: the office; spends: its object is gone
              afterwards; step_up: asked for beyond its area
"""

import csv
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent.parent / 'data'

ROLES = {'dora': 'director', 'lucia': 'lawyer', 'sara': 'social_worker',
         'marta': 'mentor', 'nilo': 'treasurer', 'rita': 'reception',
         'tito': 'technician', 'vera': 'guest'}
# `m` meta, `r` read (and meta), `w` write (and read), `a` approve (and read)
OPENS = {'m': {'m'}, 'r': {'m', 'r'}, 'w': {'m', 'r', 'w'},
         'a': {'m', 'r', 'a'}}
# "director reads by break-glass or grant": a starred meta that a grant
# raises, in the rows whose note says so.
BY_GRANT = 'reads by break-glass or grant'

OPEN, FORBIDDEN, AS_MISSING, STEP_UP = 'open', 403, 404, 'step_up'

# What the user holds on the object of each state: None a lead.
ALL = frozenset(('identity', 'case', 'sensitive'))
HELD = {
    'own': ('lead', ALL),
    'granted': ('write', ALL),
    'read': ('read', ALL),
    'identity': ('write', frozenset(('identity',))),
    'case': ('write', frozenset(('case',))),
    'other': None,
}
ABSENT = ('walled', 'missing', 'elsewhere')
STATES = tuple(HELD) + ABSENT


def rows(path):
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


class Cell:
    """'w+r*': what is open near (led, granted) and far (any object)."""

    def __init__(self, text):
        self.near, self.far = set(), set()
        if text == '-':
            return
        for part in text.split('+'):
            levels = OPENS[part.rstrip('*')]
            self.near |= levels
            if part.endswith('*'):
                self.far |= levels


class Law:
    def __init__(self):
        self.areas = {r['area']: r for r in rows(DATA / 'permissions.csv')}
        self.operations = {r['operation']: r
                           for r in rows(HERE / 'operations.csv')}

    def needs_step_up(self, name, area):
        return self.operations[name]['effect'] == 'step_up' or \
            area != '' and self.areas[area]['step_up'] == 'yes'

    def expect(self, name, area, role, state, fresh, door):
        op = self.operations[name]
        decided = self.decide(op, area, role, state)
        if decided != OPEN or fresh or not self.needs_step_up(name, area):
            return decided
        # What asks beyond its area asks when the form is sent.
        return OPEN if door == 'form' and op['effect'] == 'step_up' \
            else STEP_UP

    def decide(self, op, area, role, state):
        if area == '':
            return OPEN
        row = self.areas[area]
        cell, need = Cell(row[role]), op['level']
        granted = set(cell.near)
        if op['object'] and BY_GRANT in row['note'] and role == 'director':
            granted |= OPENS['r']
        # By what one is, before any object is looked up.
        if need not in granted | cell.far:
            return FORBIDDEN
        if op['object'] == '':
            return AS_MISSING if state == 'missing' else OPEN
        if state in ABSENT:
            return AS_MISSING
        if need in cell.far or need in granted and \
                self.holds(op, row, need, state):
            return OPEN
        return AS_MISSING

    def holds(self, op, row, need, state):
        if HELD[state] is None:
            return False
        level, classes = HELD[state]
        wanted = row['compartment']
        if wanted == 'none':
            wanted = op['held_by']
        if wanted == 'lead':
            return level == 'lead'
        if level == 'read' and need not in OPENS['r']:
            return False
        return wanted in classes
