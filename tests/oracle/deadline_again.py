"""Terms once more: day by day, from what the columns of a rule mean."""

import re

from calendar_again import (Beyond, DAYS, FEASTS, NUMBER, OF_TEXT, months_on,
                            text, weekday)
from rules_again import ROWS
from sentence_again import Refused

# What stopped the courts in 2020; the second only in these districts.
COVID = (('2020-03-16', '2020-07-16', None),
         ('2020-07-17', '2020-07-31', ('ancash', 'arequipa', 'ica', 'junin',
                                       'huanuco', 'madre_de_dios',
                                       'san_martin')),
         ('2020-10-13', '2020-10-23', None))
DISTRICTS = COVID[1][2]
BOX_SINCE = '2014-07-12'


class Row:
    def __init__(self, line):
        name, self.count, length, *rest = line.split()
        self.rule, self.step, self.variant, self.reading = re.fullmatch(
            r'(\w+)(?:/(\w+))?(?::(\w+))?(?:=(\w+))?', name).groups('')
        self.length = int(length)
        days = [w for w in rest if re.fullmatch(r'\d{4}-.*', w)]
        words = set(rest) - set(days)
        self.since = OF_TEXT[days[0]] if days else 0
        self.until = OF_TEXT[days[1]] if len(days) > 1 else len(DAYS) - 1
        self.calendar = (words & {'c', 'a', 'n'}).pop()
        self.roll, self.distance, self.box = ('r' in words, 'd' in words,
                                              'b' in words)
        self.stops, self.back, self.unsure = ('s' in words, 'k' in words,
                                              'u' in words)
        self.start = next((w[1:] for w in words if w[0] == '@'), None)
        self.before = next((int(w[1:]) for w in words if w[0] == '-'), 0)


RULES = [Row(line) for line in ROWS.split('\n') if line.strip()]


def opening(n):
    """The first day of January that is neither weekend nor feast."""
    year, month, _ = DAYS[n]
    if month != 1 or year < 1980:
        return False
    first = NUMBER[year, 1, 1]
    while weekday(first) > 4 or first in FEASTS:
        first += 1
    return n == first


def stopped(n, calendar, question):
    """By a suspension; terms without a calendar go with the courts."""
    if calendar != 'a':
        for since, until, where in COVID:
            if OF_TEXT[since] <= n <= OF_TEXT[until] and (
                    where is None or question.get('district') in where):
                return True
    return any(OF_TEXT[s['from']] <= n <= OF_TEXT[s['to']]
               for s in question.get('suspensions', ()))


def closed(n, calendar, question, stops):
    if not 0 <= n < len(DAYS):
        raise Beyond
    if calendar == 'n':
        return False
    if weekday(n) > 4 or n in FEASTS:
        return True
    if calendar == 'c' and DAYS[n][0] >= 1980 and \
            (DAYS[n][1:] == (8, 4) or opening(n)):
        return True
    if any(c['date'] == text(n) for c in question.get('closed_days', ())):
        return True
    return stops and stopped(n, calendar, question)


def open_days(n, length, calendar, question, stops, step=1):
    while length:
        n += step
        length -= not closed(n, calendar, question, stops)
    return n


class Term:
    """One row counted from one day: where it ends, and what it met."""

    def __init__(self, row, start, question):
        length = row.length
        if row.distance:
            length += question.get('distance_days', 0)
        step = -1 if row.back else 1
        n, self.cut = start, False
        if row.count == 'bd':
            n = open_days(n, length, row.calendar, question, row.stops, step)
            self.cut = row.stops and any(
                self.only_stopped(row, d, question)
                for d in range(min(start, n), max(start, n) + 1)
                if d != start)
        elif row.count == 'cal' and row.stops:
            while length:
                n += step
                text(n)
                halted = stopped(n, row.calendar, question)
                self.cut = self.cut or halted
                length -= not halted
        elif row.count == 'cal':
            n += step * length
        elif row.count == 'cal_incl':
            n += length - 1
        else:
            n = months_on(n, length)[0] - (row.count == 'mon_incl')
        text(n)
        while row.roll and closed(n, row.calendar, question, row.stops):
            self.cut = self.cut or (row.stops and
                                    self.only_stopped(row, n, question))
            n += 1
        text(n)
        self.end, self.start = n, start

    @staticmethod
    def only_stopped(row, n, question):
        """Open but for the suspension: a weekend is a weekend first."""
        return stopped(n, row.calendar, question) and \
            not closed(n, row.calendar, {}, False)


def row_of(question):
    for row in RULES:
        if row.rule == question['rule'] and not row.reading and \
                row.variant == question.get('variant', '') and \
                question.get('step') in (None, row.step):
            return row
    raise Refused


def named(row, step):
    return next(r for r in RULES if r.rule == row.rule and r.step == step and
                r.variant == row.variant and not r.reading)


def readings_of(row):
    return [r for r in RULES if r.rule == row.rule and r.step == row.step and
            r.variant == row.variant and r.reading]


def chain(row, trigger, question, terms):
    """The day from which a step runs."""
    if row.start is None:
        return trigger
    if row.start in question.get('happened', {}):
        return OF_TEXT[question['happened'][row.start]]
    earlier = named(row, row.start)
    term = Term(earlier, chain(earlier, trigger, question, terms), question)
    terms.append((earlier, term))
    return term.end


def lateness(moment, days):
    if isinstance(moment, tuple):
        return (moment[0] - days, moment[1])
    return moment - days


def write(moment):
    if isinstance(moment, tuple):
        return text(moment[0]) + 'T%02d:%02d' % divmod(moment[1], 60)
    return text(moment)


def all_readings(row, start, question):
    """(name, end) of the answer, the box read strictly, and the others."""
    boxed = question.get('served_by') == 'electronic'
    found = []
    for r in [row] + readings_of(row):
        for strict in (False, True) if boxed else (False,):
            first = start
            if boxed:
                first = start + 1 if strict else open_days(
                    start, 2, 'c', question, r.stops)
            term = Term(r, first, question)
            name = '+'.join(n for n in (
                r.reading, 'electronic_strict' if strict else '') if n)
            found.append((name, term, r))
    return found


def following(row, trigger, question, hour):
    at = RULES.index(row)
    for r in RULES[at + 1:]:
        if r.rule != row.rule or r.variant != row.variant or r.reading:
            continue
        if not r.since <= trigger <= r.until or \
                (r.count == 'hrs' and hour is None):
            continue
        start = chain(r, trigger, question, [])
        calm = {k: v for k, v in question.items() if k != 'served_by'}
        ends = [t.end for _, t, _ in all_readings(r, start, calm)]
        yield {'step': r.step, 'due': text(ends[0]),
               'alarm': text(min(ends) - r.before)}


def check(question, row, trigger):
    if not row.since <= trigger <= row.until:
        raise Refused
    if row.count == 'hrs' and 'T' not in question['trigger']:
        raise Refused
    if question.get('served_by') == 'electronic' and (
            not row.box or trigger < OF_TEXT[BOX_SINCE]):
        raise Refused
    if 'distance_days' in question and not row.distance:
        raise Refused
    for step, day in question.get('happened', {}).items():
        if not any(r.start == step for r in RULES if r.rule == row.rule and
                   r.variant == row.variant) or OF_TEXT[day] < trigger:
            raise Refused


def warnings(row, answer, seen, question):
    """Codes in the order of the project's list, as a set."""
    found = set()
    for r, term in seen:
        if min(term.start, term.end) < OF_TEXT['1995-01-01']:
            found.add('calendar_unverified')
        if r.calendar == 'a' and \
                min(term.start, term.end) <= OF_TEXT['2020-06-10'] and \
                max(term.start, term.end) >= OF_TEXT['2020-03-16']:
            found.add('suspension_unverified')
        if term.cut:
            found.add('suspension_applied')
    if row.unsure or any(r.unsure for r in readings_of(row)):
        found.add('unconfirmed_rule')
    if stopped(answer, row.calendar, question):
        found.add('ends_in_suspension')
    return found


def deadline(question):
    row = row_of(question)
    trigger = OF_TEXT.get(question['trigger'][:10])
    if trigger is None:
        raise Refused
    check(question, row, trigger)
    hour = None
    if 'T' in question['trigger']:
        h, m = question['trigger'][11:].split(':')
        hour = int(h) * 60 + int(m)
    if row.count == 'none':
        return {'due': 'never'}
    if row.count == 'hrs':
        minutes = hour + row.length * 60
        due = (trigger + minutes // 1440, minutes % 1440)
        out = {'due': write(due), 'alarm': write(lateness(due, row.before)),
               'readings': []}
        ends = {due[0]}
        unsure = {'unconfirmed_rule'} if row.unsure else set()
        if trigger < OF_TEXT['1995-01-01']:
            unsure.add('calendar_unverified')
        if stopped(due[0], row.calendar, question):
            unsure.add('ends_in_suspension')
        text(max(ends))
        return {**out, 'warnings': unsure}
    terms = []
    start = chain(row, trigger, question, terms)
    found = all_readings(row, start, question)
    answer = found[0][1]
    out = {'due': text(answer.end),
           'alarm': text(min(t.end for _, t, _ in found) - row.before),
           'readings': [{'name': n, 'due': text(t.end)}
                        for n, t, _ in found[1:]]}
    if question.get('served_by') == 'electronic':
        out['effective'] = text(answer.start)
        box = any(Term.only_stopped(row, d, question)
                  for d in range(start + 1, answer.start + 1)) \
            if row.stops else False
        answer.cut = answer.cut or box
    if 'step' not in question:
        then = list(following(row, trigger, question, hour))
        if then:
            out['then'] = then
    out['warnings'] = warnings(row, answer.end, terms + [(row, answer)],
                               question)
    return out
