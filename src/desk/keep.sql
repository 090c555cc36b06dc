-- Filling the projection and keeping it up; who asks.

-- name: called_put
-- One person: how it is called, sorted and filtered.
INSERT INTO called (person, name, initials, sort, last_contact, pseudonym,
	merged_into, birth_date, birth_date_p, died_on, custody, department,
	language, programmes, intake_on, intake_on_p, responsible)
SELECT p.id, :name, :initials, :sort,
	(SELECT MAX(c.at) FROM p_contact_log c WHERE c.person_id = p.id),
	:pseudonym, p.merged_into, p.birth_date, p.birth_date_p, p.died_on,
	CASE WHEN EXISTS (SELECT 1 FROM p_detention d
			WHERE d.person_id = p.id AND d.to_on IS NULL)
		THEN 'detained'
		WHEN EXISTS (SELECT 1 FROM p_detention d
			WHERE d.person_id = p.id)
		THEN 'released' ELSE 'no_custody' END,
	p.department, p.language, p.programmes, p.intake_on, p.intake_on_p,
	p.responsible
FROM p_person p WHERE p.id = :person;

-- name: found_all
-- What searches ask of every person.
SELECT person, last_contact, merged_into FROM called;

-- name: found_one
-- The same of one.
SELECT last_contact, merged_into FROM called WHERE person = :person;

-- name: called_drop
-- A person that is no longer there.
DELETE FROM called WHERE person = :person;

-- name: names_of
-- The names of one person, in a fixed order.
SELECT id, kind, given, first_surname, second_surname, shown
FROM p_person_name WHERE person_id = :person ORDER BY id;

-- name: owners_of
-- On whom a row hangs, before it is put anew and after.
SELECT person, matter FROM owner WHERE row = :id;

-- name: person_all
-- Every person, by id.
SELECT id FROM p_person ORDER BY id;

-- name: titled_put
-- One matter: its title in folded words.
INSERT INTO titled (matter, words, pseudonym)
VALUES (:matter, :words, :pseudonym)
ON CONFLICT (matter) DO UPDATE SET words = excluded.words;

-- name: title_word_put
-- One word of a title; twice in one title is once here.
INSERT INTO title_word (word, matter) VALUES (:word, :matter)
ON CONFLICT (word, matter) DO NOTHING;

-- name: title_of
-- The words under which a matter is found.
SELECT words FROM titled WHERE matter = :matter;

-- name: title_word_drop
-- One of them goes.
DELETE FROM title_word WHERE word = :word AND matter = :matter;

-- name: titled_drop
-- A matter that is no longer there.
DELETE FROM titled WHERE matter = :matter;

-- name: numbered_put
-- One proceeding: its number as it is looked for.
INSERT INTO numbered (proceeding, matter, number)
VALUES (:proceeding, :matter, :number)
ON CONFLICT (proceeding) DO UPDATE SET matter = excluded.matter,
	number = excluded.number;

-- name: numbered_drop
-- A proceeding without a number, or gone.
DELETE FROM numbered WHERE proceeding = :proceeding;

-- name: leaf_put
-- One leaf of the audit.
INSERT INTO leaf (seq, event, outcome, at, actor, object)
VALUES (:seq, :event, :outcome, :at, :actor, :object);

-- name: question_put
-- One kind of question.
INSERT INTO question (what, bit, class) VALUES (:what, :bit, :class);

-- name: me_put
-- Who asks, when, and what may be seen.
INSERT INTO me (user, now, today, far, granted, emergency, walled)
VALUES (:user, :now, :today, :far, :granted, :emergency, 0);

-- name: me_walled
-- Walls hide something from who asks.
UPDATE me SET walled = 1;

-- name: walled_put
-- Persons that are walled from the asker.
INSERT INTO walled_person (person)
SELECT DISTINCT w.person_id FROM me CROSS JOIN p_wall w
WHERE w.user_id = me.user AND w.ended_at IS NULL
	AND w.person_id IS NOT NULL;

-- name: hidden_matters_put
-- Matters that are, or in which we represent one who is.
INSERT INTO hidden_matter (matter)
SELECT w.matter_id FROM me CROSS JOIN p_wall w
WHERE w.user_id = me.user AND w.ended_at IS NULL
	AND w.person_id IS NULL AND w.matter_id IS NOT NULL
UNION
SELECT p.matter_id FROM walled_person w CROSS JOIN p_party p
WHERE p.person_id = w.person AND p.represented = 1;

-- name: hidden_persons_put
-- A person merged into a walled one hides like that one.
INSERT INTO hidden_person (person)
SELECT person FROM walled_person
UNION
SELECT p.id FROM walled_person w CROSS JOIN p_person p
WHERE p.merged_into = w.person;

-- name: hidden_acts_put
-- A row of an act goes with the act's matter.
INSERT INTO hidden_act (act)
SELECT a.id FROM hidden_matter h
CROSS JOIN p_proceeding p ON p.matter_id = h.matter
CROSS JOIN p_act a ON a.proceeding_id = p.id;

-- name: roll_bounds
-- Until when the asker's grants stay as they are.
SELECT (SELECT MIN(CASE WHEN COALESCE(g.starts_at, 0) > me.now
		THEN g.starts_at
		WHEN g.ends_at > me.now THEN g.ends_at END)
	FROM p_grant g WHERE g.user_id = me.user) AS until
FROM me;

-- name: asked_put
-- What a list is asked for.
INSERT INTO asked (sort, down, state, language, department, programme,
	responsible, type, forum, which, from_on, to_on)
VALUES (:sort, :down, :state, :language, :department, :programme,
	:responsible, :type, :forum, :which, :from_on, :to_on);

-- name: called_all
-- For comparing two projections.
SELECT person AS id, quote(name) || quote(initials) || quote(sort)
	|| quote(last_contact) || quote(pseudonym) || quote(merged_into)
	|| quote(birth_date) || quote(birth_date_p) || quote(died_on)
	|| quote(custody) || quote(department) || quote(language)
	|| quote(programmes) || quote(intake_on) || quote(intake_on_p)
	|| quote(responsible) AS line
FROM called ORDER BY person;

-- name: titled_all
-- For comparing two projections.
SELECT matter AS id, quote(words) || quote(pseudonym) AS line
FROM titled ORDER BY matter;

-- name: title_word_all
-- For comparing two projections.
SELECT matter AS id, word AS line FROM title_word ORDER BY matter, word;

-- name: numbered_all
-- For comparing two projections.
SELECT proceeding AS id, quote(matter) || quote(number) AS line
FROM numbered ORDER BY proceeding;

-- name: leaf_all
-- For comparing two projections.
SELECT NULL AS id, quote(seq) || quote(event) || quote(outcome)
	|| quote(at) || quote(actor) || quote(object) AS line
FROM leaf ORDER BY seq;
