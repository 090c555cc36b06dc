-- The one join of permission: what guard_reach says of one object, said of
-- all of them at once.  Every list goes through a seen_
-- view: rows that do not hide from the asker, persons and matters with a
-- column may_<kind of question> each.  A test compares them with guard_reach
-- and facts_get for each user and each row of an office.
--
-- Walls are few: what they hide from the asker is put into tables when the
-- question begins (walled_put and its kin).  Grants may be as many as there
-- are persons: each is looked up by its index.

-- Grants of the asker that open something for a kind of question.  A lead
-- needs no compartment; an emergency helps where the role sees at least
-- that the thing is there.
CREATE VIEW held (what, person, matter) AS
SELECT a.what, g.person_id, g.matter_id
FROM me
CROSS JOIN asker a
CROSS JOIN p_grant g
WHERE g.user_id = me.user
	AND COALESCE(g.starts_at, 0) <= me.now
	AND (g.ends_at IS NULL OR g.ends_at > me.now)
	AND CASE WHEN g.kind = 'emergency'
		THEN a.emergency = 1
			AND instr(g.compartments, a.class) > 0
		ELSE a.granted = 1 AND (g.level = 'lead'
			OR (g.level IN ('read', 'write')
				AND instr(g.compartments, a.class) > 0))
		END;

CREATE VIEW held_person (what, person) AS
SELECT what, person FROM held WHERE person IS NOT NULL;

CREATE VIEW held_matter (what, matter) AS
SELECT what, matter FROM held WHERE person IS NULL AND matter IS NOT NULL;

-- ---- objects ----

CREATE VIEW seen_person AS
SELECT c.*,
	(SELECT far FROM asker WHERE what = 'find') = 1
		OR EXISTS (SELECT 1 FROM held_person h
			WHERE h.person = c.person
			AND h.what = 'find') AS may_find,
	(SELECT far FROM asker WHERE what = 'identity') = 1
		OR EXISTS (SELECT 1 FROM held_person h
			WHERE h.person = c.person
			AND h.what = 'identity') AS may_identity,
	(SELECT far FROM asker WHERE what = 'custody') = 1
		OR EXISTS (SELECT 1 FROM held_person h
			WHERE h.person = c.person
			AND h.what = 'custody') AS may_custody,
	(SELECT far FROM asker WHERE what = 'calls') = 1
		OR EXISTS (SELECT 1 FROM held_person h
			WHERE h.person = c.person
			AND h.what = 'calls') AS may_calls
FROM called c
WHERE c.person NOT IN (SELECT person FROM hidden_person);

CREATE VIEW seen_matter AS
SELECT t.*,
	(SELECT far FROM asker WHERE what = 'matters') = 1
		OR EXISTS (SELECT 1 FROM held_matter h
			WHERE h.matter = t.matter
			AND h.what = 'matters') AS may_matters,
	(SELECT far FROM asker WHERE what = 'file') = 1
		OR EXISTS (SELECT 1 FROM held_matter h
			WHERE h.matter = t.matter
			AND h.what = 'file') AS may_file,
	(SELECT far FROM asker WHERE what = 'deadlines') = 1
		OR EXISTS (SELECT 1 FROM held_matter h
			WHERE h.matter = t.matter
			AND h.what = 'deadlines') AS may_deadlines,
	(SELECT far FROM asker WHERE what = 'terms') = 1
		OR EXISTS (SELECT 1 FROM held_matter h
			WHERE h.matter = t.matter
			AND h.what = 'terms') AS may_terms
FROM titled t
WHERE t.matter NOT IN (SELECT matter FROM hidden_matter);

-- ---- rows that hang on them: nothing they name may be hidden ----

CREATE VIEW seen_call AS
SELECT c.* FROM p_contact_log c
WHERE (c.matter_id IS NULL
		OR c.matter_id NOT IN (SELECT matter FROM hidden_matter))
	AND (c.relation_id IS NULL OR c.relation_id NOT IN (
		SELECT r.id FROM p_relation r WHERE r.person_id IN (
			SELECT person FROM walled_person)));

CREATE VIEW seen_deadline AS
SELECT d.* FROM p_deadline d
WHERE d.matter_id NOT IN (SELECT matter FROM hidden_matter)
	AND (d.act_id IS NULL
		OR d.act_id NOT IN (SELECT act FROM hidden_act));

CREATE VIEW seen_party AS
SELECT p.* FROM p_party p
WHERE p.matter_id NOT IN (SELECT matter FROM hidden_matter)
	AND (p.person_id IS NULL
		OR p.person_id NOT IN (SELECT person FROM walled_person));

CREATE VIEW seen_proceeding AS
SELECT p.* FROM p_proceeding p
WHERE p.matter_id NOT IN (SELECT matter FROM hidden_matter)
	AND (p.origin_id IS NULL OR p.origin_id NOT IN (
		SELECT o.id FROM hidden_matter h
		CROSS JOIN p_proceeding o ON o.matter_id = h.matter));

CREATE VIEW seen_detention AS
SELECT d.* FROM p_detention d
WHERE d.basis_act_id IS NULL
	OR d.basis_act_id NOT IN (SELECT act FROM hidden_act);

CREATE VIEW seen_relation AS
SELECT r.* FROM p_relation r
WHERE r.person_id NOT IN (SELECT person FROM walled_person)
	AND (r.other_person_id IS NULL OR r.other_person_id NOT IN (
		SELECT person FROM walled_person));

CREATE VIEW seen_task AS
SELECT t.* FROM p_task t
WHERE (t.matter_id IS NULL
		OR t.matter_id NOT IN (SELECT matter FROM hidden_matter))
	AND (t.person_id IS NULL
		OR t.person_id NOT IN (SELECT person FROM walled_person))
	AND (t.deadline_id IS NULL OR t.deadline_id NOT IN (
		SELECT d.id FROM hidden_matter h
		CROSS JOIN p_deadline d ON d.matter_id = h.matter));

-- A task of a matter is reached through the matter, else through its
-- person; one of the office by whoever does it, or sees all tasks.
CREATE VIEW may_task AS
SELECT t.* FROM (SELECT s.*,
	CASE WHEN s.matter_id IS NOT NULL THEN EXISTS (
			SELECT 1 FROM held_matter h
			WHERE h.matter = s.matter_id
			AND h.what = 'tasks')
		WHEN s.person_id IS NOT NULL THEN EXISTS (
			SELECT 1 FROM held_person h
			WHERE h.person = s.person_id
			AND h.what = 'tasks')
		ELSE 0 END AS shared
	FROM seen_task s) t
CROSS JOIN me CROSS JOIN asker a ON a.what = 'tasks'
WHERE a.far = 1 OR t.shared = 1
	OR (t.matter_id IS NULL AND t.person_id IS NULL
		AND a.granted = 1 AND t.responsible = me.user);

-- When somebody was last in contact with a person.  Kept in `called` for
-- those without walls; else a call about a hidden matter must not count.
CREATE VIEW last_contact (person, at) AS
SELECT k.person, CASE WHEN me.walled
	THEN (SELECT MAX(c.at) FROM seen_call c WHERE c.person_id = k.person)
	ELSE k.last_contact END
FROM me CROSS JOIN called k;

-- Where a person stands in custody, of what walls do not hide.
CREATE VIEW person_custody (person, custody) AS
SELECT k.person, CASE WHEN NOT me.walled THEN k.custody
	WHEN EXISTS (SELECT 1 FROM seen_detention d
		WHERE d.person_id = k.person AND d.to_on IS NULL)
		THEN 'detained'
	WHEN EXISTS (SELECT 1 FROM seen_detention d
		WHERE d.person_id = k.person) THEN 'released'
	ELSE 'no_custody' END
FROM me CROSS JOIN called k;

-- The same, as far as the asker sees identity and custody.
CREATE VIEW person_state (person, state) AS
SELECT k.person, CASE
	WHEN k.died_on IS NOT NULL AND k.may_identity THEN 'died'
	WHEN k.may_custody THEN (SELECT c.custody FROM person_custody c
		WHERE c.person = k.person) END
FROM seen_person k;

-- Matters as lists see them: state by what is in them, the forum of the
-- newest proceeding that runs, the next day of a running term.
CREATE VIEW matter_state (matter, state) AS
SELECT m.id, CASE
	WHEN m.closed_on IS NOT NULL THEN 'closed'
	WHEN EXISTS (SELECT 1 FROM seen_party p WHERE p.matter_id = m.id
		AND p.conflict_verdict = 'pending') THEN 'blocked'
	ELSE 'open' END
FROM p_matter m;

CREATE VIEW matter_forum (matter, forum) AS
SELECT m.id, (SELECT p.forum FROM seen_proceeding p
	WHERE p.matter_id = m.id
	ORDER BY p.ended_on IS NOT NULL, p.started_on DESC, p.id LIMIT 1)
FROM p_matter m;

CREATE VIEW matter_next (matter, due_on) AS
SELECT m.id, (SELECT MIN(COALESCE(d.alarm_on, d.due_on))
	FROM seen_deadline d WHERE d.matter_id = m.id
	AND d.state IN ('running', 'changed'))
FROM p_matter m;

-- The last thing that happened in a matter: an act, a note, a term closed.
-- Instants are counted as days of Lima.
CREATE VIEW matter_moved (matter, moved_on) AS
SELECT m.id, MAX(COALESCE(m.opened_on, -100000),
	COALESCE((SELECT MAX(MAX(COALESCE(a.issued_on, -100000),
		COALESCE(a.deemed_served_on, -100000)))
		FROM p_proceeding p CROSS JOIN p_act a ON a.proceeding_id = p.id
		WHERE p.matter_id = m.id), -100000),
	COALESCE((SELECT MAX((n.at - 18000000) / 86400000)
		FROM p_note n WHERE n.matter_id = m.id), -100000),
	COALESCE((SELECT MAX((d.closed_at - 18000000) / 86400000)
		FROM p_deadline d WHERE d.matter_id = m.id), -100000))
FROM p_matter m;
