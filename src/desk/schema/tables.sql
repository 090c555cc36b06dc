-- What the projection holds beside the rows themselves (p_<entity>, made
-- from the entity rows): what is worked out of them once, so that lists need
-- not.  All of it can be made anew from the facts.

-- One per person: how the person is called, how lists sort it, what they
-- filter by and show (so that a list goes through one table), and the
-- pseudonym its leaves bear.  `last_contact` and `custody` ('detained',
-- 'released', 'no_custody') are those of somebody without walls.
CREATE TABLE called (
	person BLOB NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	initials TEXT NOT NULL,
	sort TEXT NOT NULL,
	last_contact BIGINT,
	pseudonym BLOB NOT NULL,
	merged_into BLOB,
	birth_date BIGINT,
	birth_date_p BIGINT,
	died_on BIGINT,
	custody TEXT NOT NULL,
	department TEXT,
	language TEXT,
	programmes TEXT,
	intake_on BIGINT,
	intake_on_p BIGINT,
	responsible BLOB
) WITHOUT ROWID;

-- One per matter: its title folded, a space before and after each word.
CREATE TABLE titled (
	matter BLOB NOT NULL PRIMARY KEY,
	words TEXT NOT NULL,
	pseudonym BLOB NOT NULL
) WITHOUT ROWID;

-- Each of these words by itself, to be found by how it begins.
CREATE TABLE title_word (
	word TEXT NOT NULL,
	matter BLOB NOT NULL,
	PRIMARY KEY (word, matter)
) WITHOUT ROWID;

-- A file number as it is looked for: only capitals and digits.
CREATE TABLE numbered (
	proceeding BLOB NOT NULL PRIMARY KEY,
	matter BLOB NOT NULL,
	number TEXT NOT NULL
) WITHOUT ROWID;

-- The leaves of the audit, without their details.
CREATE TABLE leaf (
	seq BIGINT NOT NULL PRIMARY KEY,
	event BIGINT NOT NULL,
	outcome BIGINT NOT NULL,
	at BIGINT NOT NULL,
	actor BLOB NOT NULL,
	object BLOB NOT NULL
) WITHOUT ROWID;

-- The kinds of question, each with its bit in the sets of `me`, and the
-- class that a grant must name (NULL: none will do, only the lead's).
CREATE TABLE question (
	what TEXT NOT NULL PRIMARY KEY,
	bit BIGINT NOT NULL,
	class TEXT
) WITHOUT ROWID;

-- Who asks, for as long as one question lasts: one row.  Sets of questions
-- for which any object may be seen (`far`), a live grant will do
-- (`granted`), emergency access helps (`emergency`).  `walled`: walls hide
-- something.
CREATE TABLE me (
	user BLOB NOT NULL,
	now BIGINT NOT NULL,
	today BIGINT NOT NULL,
	far BIGINT NOT NULL,
	granted BIGINT NOT NULL,
	emergency BIGINT NOT NULL,
	walled BIGINT NOT NULL
);
CREATE VIEW asker (what, far, granted, class, emergency) AS
SELECT q.what, me.far & q.bit <> 0, me.granted & q.bit <> 0, q.class,
	me.emergency & q.bit <> 0
FROM me CROSS JOIN question q;

-- What walls hide from the asker, for as long as the question lasts: persons
-- walled, and with those that were merged into them; matters walled or in
-- which we represent a walled person; acts of such matters.
CREATE TABLE walled_person (person BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE hidden_person (person BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE hidden_matter (matter BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE hidden_act (act BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID;

-- What a list is asked for: one row, NULL where nothing is asked.
CREATE TABLE asked (
	sort TEXT NOT NULL,
	down BIGINT NOT NULL,
	state TEXT,
	language TEXT,
	department TEXT,
	programme TEXT,
	responsible BLOB,
	type TEXT,
	forum TEXT,
	which TEXT,
	from_on BIGINT,
	to_on BIGINT
);
