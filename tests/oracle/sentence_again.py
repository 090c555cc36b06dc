"""Sentences and detention limits once more, from the words of the law and of
the kind's definition.  Custody is a set of days: a whole number with one bit
for each, so that no day can count twice."""

import itertools

from calendar_again import (Beyond, DAYS, FEASTS, NUMBER, OF_TEXT, length,
                            months_on, text, weekday)


class Refused(Exception):
    """Such a question must not be answered."""


def bits(first, last):
    return ((1 << (last - first + 1)) - 1) << first


def runs_of(days):
    """The set as (first, last) of what is not broken by a free day."""
    runs = []
    at = 0
    while days:
        skip = (days & -days).bit_length() - 1
        days >>= skip
        at += skip
        run = (~days & (days + 1)).bit_length() - 1
        runs.append((at, at + run - 1))
        days >>= run
        at += run
    return runs


def total(term):
    return term.get('years', 0) * 12 + term.get('months', 0), \
        term.get('days', 0)


def after(n, months, days):
    n, clamped = months_on(n, months)
    if n + days >= len(DAYS):
        raise Beyond
    return n + days, clamped


# ---- redemption -----------------------------------------------------------

TERRORISM = (('1991-08-03', '1992-05-06', 'none'),
             ('1992-05-07', '2003-02-20', 'none'),
             ('2003-02-21', '2009-10-14', 7),
             ('2009-10-15', '2200-12-31', 'none'))
COMMON = (('1991-08-03', '2023-11-22', 2),
          ('2023-11-23', '2026-02-12', 'stage'),
          ('2026-02-13', '2200-12-31', 'stage'))


def ratio_of(row, life):
    """What the law of those days gives for this work."""
    if 'offence' not in row:
        return row['ratio']
    first, last = OF_TEXT[row['from']], OF_TEXT[row['to']]
    if row['offence'] == 'terrorism' and life:
        raise Refused
    for since, until, gives in \
            TERRORISM if row['offence'] == 'terrorism' else COMMON:
        if OF_TEXT[since] <= first <= OF_TEXT[until]:
            break
    else:
        raise Refused
    if last > OF_TEXT[until]:
        raise Refused
    if gives == 'none' and since == '2009-10-15' and \
            row.get('applied', '9') < '2009-10-15':
        gives = 7
    if gives == 'none' or (gives == 'stage') != ('ratio' in row):
        raise Refused
    open_days = sum(weekday(n) != 6 and n not in FEASTS
                    for n in range(first, last + 1))
    if row['work_days'] > open_days and not row.get('authorised'):
        raise Refused
    return row['ratio'] if gives == 'stage' else gives


def redeemed(rows, life, stage):
    """Each work once: at that stage, or as it was recognised."""
    chosen = {}
    for i, row in enumerate(rows):
        ratio = ratio_of(row, life)
        state = row.get('state', 'recognised')
        if state not in ('recognised', stage):
            continue
        work = row.get('work') or i
        if work not in chosen or state == stage:
            chosen[work] = (ratio, row['work_days'])
    return sum(sum(days for r, days in chosen.values() if r == ratio) // ratio
               for ratio in range(1, 8))


# ---- one reckoning --------------------------------------------------------

def ends(question, days, gone, anchor_end=None):
    """The three conventions for a set of days behind bars."""
    runs = runs_of(days)
    anchor = runs[-1][0]
    earlier = runs[:-1]
    if question['term'] == 'life':
        months, more = 35 * 12, 0
    else:
        months = more = 0
        for term in [question['term']] + question.get('consecutive', []):
            m, d = total(term)
            months, more = months + m, more + d
    if 'fraction' in question:
        over, under = map(int, question['fraction'].split('/'))
        # In thirtieths of a month, rounded up only at the broken month.
        whole, broken = divmod(months * over, under)
        more = -(-more * over // under) + -(-broken * 30 // under)
        months = whole
    full, clamped = after(anchor, months, more)
    a = full - 1 - sum(t - f + 1 for f, t in earlier) - gone
    b = full - sum(t - f for f, t in earlier) - gone
    ymd = full
    for first, last in sorted(earlier, key=lambda r: (r[0] - r[1], r[0])):
        month = 0
        while months_on(first, month + 1)[0] <= last:
            month += 1
        ymd = months_on(ymd, -month)[0] - (last - months_on(first, month)[0])
    ymd -= gone
    for n in (a, b, ymd):
        text(n)
    return {'a': a, 'b': b, 'ymd': ymd, 'clamped': clamped,
            'credited': sum(t - f + 1 for f, t in earlier),
            'served': bin(days).count('1')}


def possible(when, latest):
    """The days that a date may stand for."""
    parts = tuple(map(int, when.split('-')))
    if len(parts) == 3:
        return [NUMBER[parts]]
    if len(parts) == 2:
        first, n = NUMBER[parts + (1,)], length(*parts)
    else:
        first, n = NUMBER[parts[0], 1, 1], 365 + (length(parts[0], 2) == 29)
    return [d for d in range(first, first + n) if d <= latest]


def stays(question, house):
    """For each stay that counts all the (first, last) it may have been."""
    latest = OF_TEXT[question['as_of']] if 'as_of' in question else \
        len(DAYS) - 1
    found = []
    for c in question.get('custody', []):
        if not c.get('credited', True) or \
                (c.get('kind') == 'house' and not house):
            continue
        lasts = possible(c['to'], latest) if 'to' in c else [latest]
        found.append([(f, t) for f in possible(c['from'], latest)
                      for t in lasts if f <= t])
    back = question.get('revocation')
    if back and back['cause'] == 'breach':
        first, last = OF_TEXT[back['released']] + 1, OF_TEXT[back['revoked']]
        if first <= last:
            found.append([(first, last)])
    return found


def blurred(question, house):
    """Is a date of a stay that counts only a month or a year?"""
    return any(len(c.get(name, '1993-05-17')) < 10
               for c in question['custody'] for name in ('from', 'to')
               if c.get('credited', True) and
               (house or c.get('kind') != 'house'))


def together(periods):
    days = 0
    for first, last in periods:
        days |= bits(first, last)
    return days


# ---- the answer -----------------------------------------------------------

def cannot(question):
    custody = question.get('custody', [])
    if any('from' not in c for c in custody):
        return 'no_date'
    counts = [c for c in custody if c.get('credited', True) and
              (c.get('kind') != 'house' or
               question.get('house_arrest_counts'))]
    if not counts:
        return 'no_custody'
    return None if 'term' in question else 'no_term'


def still_held(question):
    return any('to' not in c and c.get('credited', True) and
               (c.get('kind') != 'house' or
                question.get('house_arrest_counts'))
               for c in question['custody'])


def passed(question, out, alarm, official):
    if 'as_of' not in question or not still_held(question):
        return
    today = OF_TEXT[question['as_of']]
    if today > alarm:
        out['alarm_passed'] = True
    if official is None or today <= official:
        return
    out['over_days'] = today - official
    holds = [h['why'] for h in question.get('other_holds', [])
             if h.get('until', '9') >= question['as_of']]
    if holds:
        out['blocked_by'] = holds


def later_rights(question, out, official):
    if question.get('rehabilitation'):
        if 'payment' in question:
            start = max(official, OF_TEXT[question['payment']]) + 1
            out['provisional'] = text(start)
            out['definitive'] = text(months_on(start, 60)[0])
        else:
            out['provisional'] = out['definitive'] = 'never'
    if 'disqualification' in question:
        start = official + 1
        out['disqualification_from'] = text(start)
        out['disqualification_to'] = text(
            after(start, *total(question['disqualification']))[0] - 1)


def in_a_range(question, out, gone):
    ways = stays(question, question.get('house_arrest_counts'))
    seen = [ends(question, together(way), gone)
            for way in itertools.product(*ways)]
    ranges = {name: (min(s[name] for s in seen), max(s[name] for s in seen))
              for name in ('a', 'credited', 'served')}
    least, most = ranges['credited']
    out['credited_days'] = least if least == most else \
        {'earliest': least, 'latest': most}
    out['range'] = {'earliest': text(ranges['a'][0]),
                    'latest': text(ranges['a'][1])}
    out['alarm'] = text(ranges['a'][0])
    if 'as_of' in question:
        out['served_days'] = dict(zip(('earliest', 'latest'),
                                      ranges['served']))
    passed(question, out, ranges['a'][0], None)


def sentence(question):
    reason = cannot(question)
    if reason:
        return {'cannot': reason}
    life = question['term'] == 'life'
    rows = question.get('redemption', [])
    gone = redeemed(rows, life, 'recognised')
    house = question.get('house_arrest_counts', False)
    house_there = any(c.get('kind') == 'house' and c.get('credited', True)
                      for c in question['custody'])
    states = {r.get('state', 'recognised') for r in rows}
    disputed = []
    if house_there:
        disputed.append('house')
    vague = blurred(question, house)
    out = {}
    if not life:
        out['redeemed_days'] = gone
    if vague:
        in_a_range(question, out, gone)
        disputed.append('precision')
    else:
        e = ends(question, together(w[0] for w in stays(question, house)),
                 gone)
        out['credited_days'] = e['credited']
        if 'as_of' in question:
            out['served_days'] = e['served']
    if states - {'recognised'}:
        disputed.append('unconfirmed_credit')
    if life and not vague:
        out['review_a'], out['review_b'] = text(e['a']), text(e['b'])
        out['alarm'] = text(min(e['a'], e['b']))
        passed(question, out, min(e['a'], e['b']), e['a'])
    if life:
        return out
    out['disputed'] = disputed
    if vague:
        return out
    official = e['a']
    if 'stated_end' in question:
        official = OF_TEXT[question['stated_end']]
        if not question.get('stated_includes_redemption', True):
            official -= gone
    if official != e['a']:
        disputed.insert(0, 'stated')
    if e['clamped']:
        disputed.insert(0, 'clamp')
    if max(e['a'], e['b'], e['ymd']) - min(e['a'], e['b'], e['ymd']) > 1:
        disputed.insert(0, 'credit')
    alarm = min(e['a'], e['b'], e['ymd'], official)
    out.update(end_a=text(e['a']), end_b=text(e['b']),
               end_ymd=text(e['ymd']), official=text(official),
               alarm=text(alarm))
    other = []
    if house_there and not house and not blurred(question, True):
        days = together(w[0] for w in stays(question, True))
        other.append(('house_arrest_counted', ends(question, days, gone)))
    days = together(w[0] for w in stays(question, house))
    for stage in ('claimed', 'certified'):
        if stage in states:
            other.append(('credit_' + stage, ends(
                question, days, redeemed(rows, life, stage))))
    if other:
        out['alternatives'] = [{'name': n, 'end_a': text(x['a'])}
                               for n, x in other]
    passed(question, out, alarm, official)
    later_rights(question, out, official)
    return out


# ---- detention limits -----------------------------------------------------

# CPP-91 art. 137 by its versions, NCPP 272 to 275: months, with extension,
# and whether half of a sentence under appeal may be held.
LIMITS = {
    ('cpp91-137', 'ordinary'): (('1991-04-28', '1992-11-09', 9, None, False),
                                ('1992-11-10', '2001-11-13', 9, 18, False),
                                ('2001-11-14', '2200-12-31', 9, 18, True)),
    ('cpp91-137', 'special'): (('1991-04-28', '1992-11-09', 15, None, False),
                               ('1992-11-10', '2001-11-13', 15, 30, False),
                               ('2001-11-14', '2200-12-31', 18, 36, True)),
    ('cpp91-137', 'terrorism'): (('1991-04-28', '1992-11-09', 30, None,
                                  False),
                                 ('1992-11-10', '2001-11-13', 30, 60, False),
                                 ('2001-11-14', '2200-12-31', 36, 72, True)),
    ('ncpp-272', 'ordinary'): (('2016-12-31', '2200-12-31', 9, 18, True),),
    ('ncpp-272', 'complex'): (('2016-12-31', '2200-12-31', 18, 36, True),),
    ('ncpp-272', 'organised'): (('2016-12-31', '2200-12-31', 36, 48, True),),
}


def limit(question):
    start = OF_TEXT[question['from']]
    for since, until, months, extended, half in \
            LIMITS[question['regime'], question['class']]:
        if OF_TEXT[since] <= start <= OF_TEXT[until]:
            break
    else:
        raise Refused
    days = 0
    if question.get('extended'):
        if extended is None or 'half_of_sentence' in question:
            raise Refused
        months = extended
    if 'half_of_sentence' in question:
        if not half:
            raise Refused
        m, d = total(question['half_of_sentence'])
        longer = (m // 2, (15 if m % 2 else 0) + -(-d // 2))
        if after(start, *longer)[0] > after(start, months, 0)[0]:
            months, days = longer
    last_b = after(start, months, days)[0]
    out = {'months': months, 'last_day_a': text(last_b - 1),
           'last_day_b': text(last_b), 'alarm': text(last_b - 1)}
    if days:
        out['days'] = days
    if 'as_of' in question:
        left = last_b - 1 - OF_TEXT[question['as_of']]
        out['days_left' if left >= 0 else 'days_over'] = abs(left)
    return out
