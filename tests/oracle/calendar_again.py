"""Days, months and feasts once more, for the oracle: nothing of the project
is imported, and the feasts are typed again from the laws."""

MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FIRST, LAST = 1900, 2200


def leap(year):
    return year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)


def length(year, month):
    return 29 if month == 2 and leap(year) else MONTHS[month - 1]


# Every day of three centuries, counted one by one.
DAYS = [(y, m, d) for y in range(FIRST, LAST + 1) for m in range(1, 13)
        for d in range(1, length(y, m) + 1)]
NUMBER = {day: n for n, day in enumerate(DAYS)}
TEXT = ['%04d-%02d-%02d' % day for day in DAYS]
OF_TEXT = {t: n for n, t in enumerate(TEXT)}
MONDAY = 0      # 1900-01-01 was a Monday


class Beyond(Exception):
    """The days leave 1900 to 2200."""


def text(n):
    if not 0 <= n < len(DAYS):
        raise Beyond
    return TEXT[n]


def weekday(n):
    return (n + MONDAY) % 7         # 0 Monday … 6 Sunday


def months_on(n, months):
    """The same day number; a missing one becomes the last.  And whether."""
    if not 0 <= n < len(DAYS):
        raise Beyond
    year, month, day = DAYS[n]
    step = 1 if months >= 0 else -1
    for _ in range(abs(months)):
        month += step
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    if not FIRST <= year <= LAST:
        raise Beyond
    last = length(year, month)
    return NUMBER[year, month, min(day, last)], day > last


def easter(year):
    """By Gauss, with the corrections of 1816; the project uses another."""
    a, b, c = year % 19, year % 4, year % 7
    k = year // 100
    p = (13 + 8 * k) // 25
    q = k // 4
    m = (15 - p + k - q) % 30
    n = (4 + k - q) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    if d == 29 and e == 6:
        return NUMBER[year, 4, 19]
    if d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        return NUMBER[year, 4, 18]
    return NUMBER[year, 3, 22] + d + e


# D.Leg. 713 art. 6 and the later laws, with the first year of each.
NATIONAL = ((1, 1, 1980), (5, 1, 1980), (6, 7, 2024), (6, 29, 1980),
            (7, 23, 2023), (7, 28, 1980), (7, 29, 1980), (8, 6, 2022),
            (8, 30, 1980), (10, 8, 1980), (11, 1, 1980), (12, 8, 1980),
            (12, 9, 2022), (12, 25, 1980))


def national_feasts():
    feasts = set()
    for year in range(1980, LAST + 1):
        feasts |= {NUMBER[year, m, d] for m, d, since in NATIONAL
                   if year >= since}
        feasts |= {easter(year) - 3, easter(year) - 2}
    return feasts


FEASTS = national_feasts()
