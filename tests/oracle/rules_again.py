"""The terms once more: typed again row by row, so that a slip in the
project's table or in the code that reads it parts from this one.

One line for each reading of each step:

    RULE[/STEP][:VARIANT][=READING]  COUNT LENGTH  WORDS  FROM [TO]

WORDS: c or a the calendar of courts or administration, n none; r the last
day rolls on; d days for distance; b the electronic box; s suspensions stop
it; k counted back; u unsure; @STEP from that step; -N the alarm is N days
earlier.
"""

ROWS = """
R01               bd 1        c d b s   1940-03-18
R02               bd 10       c d s     2013-07-17
R02=calendar      cal 10      c r d s u 2013-07-17
R02b              bd 10       c d b s   2004-08-17 2013-07-16
R02b=calendar     cal 10      c r d b s u 2004-08-17 2013-07-16
R03               bd 5        c d s     2004-08-17
R03=calendar      cal 5       c r d s u 2004-08-17
R04               hrs 24      n         1940-03-18
R05:jailed        cal 8       c r       1940-03-18
R05:free          cal 20      c r       1940-03-18
R05:supplement    cal 60      c r       1940-03-18
R06/fix           bd 3        c s       1940-03-18
R06/first_day     cal 11      c r       1940-03-18
R07               bd 3        c s k     2004-08-17
R07=safe          bd 4        c s k     2004-08-17
R08               bd 8        c s       1940-03-18
R09               bd 3        c d s     1940-03-18
R09:before_hearing bd 3       c s k     1940-03-18
R10/base          mon 4       n         1940-03-18
R10/extended      cal 60      n @base   1940-03-18
R10/complex       mon 12      n         1940-03-18
R11               bd 3        c d b s   1940-03-18
R12               bd 2        c d b     1991-04-28
R12=strict        cal 2       n d b u   1991-04-28
R13               mon_incl 9  n         1991-04-28
R13=b             mon 9       n         1991-04-28
R14/base          mon_incl 36 n         2001-11-14
R14/base=b        mon 36      n         2001-11-14
R14/extended      mon_incl 72 n         2001-11-14
R14/extended=b    mon 72      n         2001-11-14
R15/base          bd 60       c s       2003-03-07 2003-03-07
R15/extended      bd 150      c s       2003-03-07 2003-03-07
R16               bd 90       c d s     2003-03-07 2003-03-07
R17               bd 10       c s       2003-02-13 2004-12-31
R17=calendar      cal 10      n s u     2003-02-13 2004-12-31
R18               cal_incl 15 n         1992-05-07 2017-05-09
R18=b             cal 15      n         1992-05-07 2017-05-09
R19/base          cal 30      n         1992-05-07 2003-02-20
R19/extended      cal 50      n         1992-05-07 2003-02-20
R20               hrs 72      n         2001-11-14
R21               mon_incl 4  n         2001-11-14
R21=b             mon 4       n         2001-11-14
N01               bd 5        c d s     2021-06-15
N02               bd 3        c d b s   2021-06-15
N03               bd 10       c d b s   2021-06-15
N04               bd 2        c d b s   2021-06-15
N05               bd 10       c d b s   2021-06-15
N06:ordinary      hrs 48      n         2017-05-10
N06:terrorism     cal_incl 15 n         2017-05-10
N06:terrorism=b   cal 15      n         2017-05-10
N07:ordinary      mon_incl 9  n         2016-12-31
N07:ordinary=b    mon 9       n         2016-12-31
N07:complex       mon_incl 18 n         2016-12-31
N07:complex=b     mon 18      n         2016-12-31
N07:organised     mon_incl 36 n         2016-12-31
N07:organised=b   mon 36      n         2016-12-31
N08:ordinary      mon_incl 9  n         2016-12-31
N08:ordinary=b    mon 9       n         2016-12-31
N08:complex       mon_incl 18 n         2016-12-31
N08:complex=b     mon 18      n         2016-12-31
N08:organised     mon_incl 12 n         2016-12-31
N08:organised=b   mon 12      n         2016-12-31
N09               cal 3       n d b     2021-06-15
N09=business      bd 3        c d b u   2021-06-15
N09:send          hrs 24      n         2021-06-15
N09:hearing       hrs 72      n         2021-06-15
N09:ruling        hrs 48      n         2021-06-15
N10:inquiry       cal 60      c r       2013-08-20
N10:control       bd 5        c d s     2013-08-20
N11/base:simple   cal 120     c r       2013-08-20
N11/extended:simple cal 180   c r       2013-08-20
N11/base:complex  mon 8       c r       2013-08-20
N11/extended:complex mon 16   c r       2013-08-20
N11/base:organised mon 36     c r       2013-08-20
N12               bd 5        c d b s   2021-06-15
N12:decision      bd 5        c s       2021-06-15
N13               bd 8        c s       2021-06-15
N14               hrs 24      n         2021-06-15
N15:simple        bd 15       c s       2021-06-15
N15:complex       bd 30       c s       2021-06-15
N16               none 0      n
C01               none 0      n
C02               bd 2        c d b s   2021-07-24
C03               bd 60       c d s     2004-12-01
C03:omission      none 0      n         2004-12-01
C04               bd 30       c d b s   2022-10-06
C04u              bd 30       c d b s u 2021-07-24 2022-10-05
C04b              bd 30       c d b s   2004-12-01 2021-07-23
C05               bd 3        c d b s   2021-07-24
C06               bd 10       c d b s   2004-12-01
C07               bd 3        c d b s   2021-07-24
C07b              bd 5        c d b s   2004-12-01 2021-07-23
C08/answer        bd 10       a s       2021-07-24
C08/sue           bd 60       c d s @answer 2021-07-24
C09/answer        bd 10       a s       2021-07-24
C09/sue           bd 60       c d s @answer 2021-07-24
C10:clarification bd 2        c d b s   2021-07-24
C10:reposition    bd 3        c d b s   2021-07-24
C11:hearing       hrs 72      n         2021-07-24
C11:ruling        cal 3       n         2021-07-24
C11:other         cal 1       n         2021-07-24
C12:habeas_corpus bd 20       c s       2021-07-24
C12:other         bd 30       c s       2021-07-24
I01               mon 6       n -15     1978-07-28
I02               none 0      n
I03/base          mon 3       n         2013-08-01
I03/extended      mon 4       n         2013-08-01
I04               mon 3       n         1978-07-28
I05               mon 2       n -15     2010-01-01
I06               cal 90      n -15     1978-07-28
I07               mon 60      n -30     2012-01-01
I07:other_procedure mon 36    n -30     2012-01-01
I08               cal 60      n         2016-07-12
I09:answer        mon 6       n         2012-01-01
I09:admissibility mon 2       n         2012-01-01
I10               none 0      n
A01               bd 15       a d s     2001-10-11
A01:decide_appeal bd 30       a s       2001-10-11
A01:decide_reconsideration bd 15 a s    2022-11-06
A02               bd 30       a s       2001-10-11
A03               mon 3       c r       2002-04-15
A03:inertia       none 0      n         2002-04-15
A04/answer        bd 10       a s       2017-01-08
A04/appeal        cal 15      a r @answer 2017-01-08
A04/tribunal      bd 10       a s @appeal 2017-01-08
A05:information   bd 8        a s       2025-03-30
A05:access        bd 20       a s       2025-03-30
A05:rectification bd 10       a s       2025-03-30
A06               hrs 48      n         2025-03-30
A07               none 0      n
A08               none 0      n
A09               mon 6       c r u     1988-12-28
V01               mon 24      c r -30   1984-11-14
V02               mon 120     c r -30   1984-11-14
V03:order         bd 3        c d b s   1993-07-28
V03:abbreviated   bd 5        c d b s   1993-07-28
V03:full          bd 10       c d b s   1993-07-28
V04               bd 10       c d b s   1993-07-28
P01               mon_incl 420 n        1991-04-08
P01=b             mon 420     n         1991-04-08
P01:file          cal 15      n u       2003-02-20
P01:evidence      cal 10      n u       2003-02-20
P01:hearing       cal 10      n u       2003-02-20
P01:ruling        cal 3       n u       2003-02-20
P01:appeal        cal 3       n b u     2003-02-20
P02               cal 2       n k       2003-09-11
P02:judge         hrs 48      n         2026-02-12
P03/provisional   cal 1       n         2009-09-19
P03/definitive    mon 60      n @provisional 2009-09-19
P04               cal 90      n         2011-01-01
P05:ordinary      mon 6       n         1991-04-28
P05:terrorism     none 0      n         1991-04-28
"""
