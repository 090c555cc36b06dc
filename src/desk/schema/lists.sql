-- Lists with their order.  A row has a place (g, key, id): g parts what has
-- a key from what has none or may not be sorted by it (its place would tell
-- the name that is not shown), which comes last in either direction.
-- `wanted`: it passes the filters; a filter on what the asker may not read
-- of a row never matches it.
--
-- These are read whole once for each list, and then row by row as rows
-- change (rolls.c).  What a row's place depends on beside itself must
-- therefore be told by the view `owner` or end the rolls (keep.c).

CREATE VIEW people_keyed (id, g, key, wanted) AS
SELECT x.id,
	CASE WHEN x.told AND x.key IS NOT NULL THEN 1
		WHEN x.down THEN 0 ELSE 2 END,
	CASE WHEN x.told THEN COALESCE(x.key, '') ELSE '' END,
	x.wanted
FROM (SELECT k.person AS id, q.down AS down,
	q.sort = 'responsible_name' OR k.may_identity AS told,
	CASE q.sort WHEN 'name' THEN k.sort
		WHEN 'birth_year' THEN k.birth_date
		WHEN 'department' THEN k.department
		WHEN 'intake_on' THEN k.intake_on
		WHEN 'last_contact' THEN (SELECT l.at FROM last_contact l
			WHERE l.person = k.person)
		WHEN 'responsible_name' THEN (SELECT u.name FROM p_user u
			WHERE u.id = k.responsible)
		END AS key,
	(q.responsible IS NULL OR k.responsible = q.responsible)
	AND (q.state IS NULL OR q.state = (SELECT s.state
		FROM person_state s WHERE s.person = k.person))
	AND (q.language IS NULL
		OR (k.language = q.language AND k.may_identity))
	AND (q.department IS NULL
		OR (k.department = q.department AND k.may_identity))
	AND (q.programme IS NULL OR (instr(k.programmes,
		' ' || q.programme || ' ') > 0 AND k.may_identity))
		AS wanted
	FROM asked q CROSS JOIN seen_person k
	WHERE k.may_find AND k.merged_into IS NULL) x;

CREATE VIEW calls_keyed (id, g, key, wanted) AS
SELECT c.id,
	CASE WHEN q.sort = 'call_back_at' AND c.call_back_at IS NULL
		THEN CASE WHEN q.down THEN 0 ELSE 2 END ELSE 1 END,
	COALESCE(CASE q.sort WHEN 'call_back_at' THEN c.call_back_at
		ELSE c.at END, 0),
	(q.responsible IS NULL OR c.taken_by = q.responsible
		OR c.call_back_by = q.responsible)
	AND (q.from_on IS NULL OR c.at >= q.from_on * 86400000 + 18000000)
	AND (q.to_on IS NULL OR c.at < (q.to_on + 1) * 86400000 + 18000000)
	AND (q.which IS NULL OR q.which = 'all'
		OR (q.which = 'open' AND c.call_back_state = 'open')
		OR (q.which = 'own' AND (c.taken_by = me.user
			OR c.call_back_by = me.user)))
FROM me CROSS JOIN asked q
CROSS JOIN seen_call c
CROSS JOIN seen_person k ON k.person = c.person_id
WHERE k.may_calls;

-- Quiet: open, and nothing moved for 60 days.  Undated: open, and no term
-- runs.  Own: responsible, deputy, or lead.
CREATE VIEW matters_keyed (id, g, key, wanted) AS
SELECT x.id,
	CASE WHEN x.key IS NOT NULL THEN 1
		WHEN x.down THEN 0 ELSE 2 END,
	COALESCE(x.key, ''), x.wanted
FROM (SELECT m.id AS id, q.down AS down,
	CASE q.sort WHEN 'next_on' THEN (SELECT n.due_on FROM matter_next n
			WHERE n.matter = m.id)
		WHEN 'opened_on' THEN m.opened_on
		WHEN 'type' THEN m.type
		WHEN 'title' THEN CASE WHEN y.may_file
			THEN y.words END
		WHEN 'responsible_name' THEN (SELECT u.name FROM p_user u
			WHERE u.id = m.responsible)
		END AS key,
	(q.type IS NULL OR m.type = q.type)
	AND (q.responsible IS NULL OR m.responsible = q.responsible
		OR m.deputy = q.responsible)
	AND (q.forum IS NULL OR q.forum = (SELECT f.forum
		FROM matter_forum f WHERE f.matter = m.id))
	AND (q.state IS NULL OR q.state = (SELECT s.state
		FROM matter_state s WHERE s.matter = m.id))
	AND CASE COALESCE(q.which, 'all')
		WHEN 'all' THEN 1
		WHEN 'own' THEN COALESCE(m.responsible = me.user, 0)
			OR COALESCE(m.deputy = me.user, 0)
			OR EXISTS (SELECT 1 FROM p_grant g
				WHERE g.user_id = me.user
				AND g.matter_id = m.id AND g.level = 'lead'
				AND COALESCE(g.starts_at, 0) <= me.now
				AND (g.ends_at IS NULL OR g.ends_at > me.now))
		WHEN 'quiet' THEN m.closed_on IS NULL
			AND me.today - (SELECT v.moved_on FROM matter_moved v
				WHERE v.matter = m.id) >= 60
		WHEN 'undated' THEN m.closed_on IS NULL
			AND (SELECT n.due_on FROM matter_next n
				WHERE n.matter = m.id) IS NULL
		ELSE 0 END AS wanted
	FROM me CROSS JOIN asked q
	CROSS JOIN seen_matter y
	CROSS JOIN p_matter m ON m.id = y.matter
	WHERE y.may_matters) x;

-- ---- Today ----
-- Who is no longer there to answer for anything.
CREATE VIEW gone (user) AS
SELECT u.id FROM me CROSS JOIN p_user u
WHERE u.state IN ('left', 'no_account') OR u.ends_on < me.today;

-- Terms under way whose alarm or due day comes until q.to_on, and all whose
-- responsible is gone, one's own first.
CREATE VIEW terms_keyed (id, g, key, wanted) AS
SELECT d.id,
	CASE WHEN d.responsible = me.user OR d.deputy = me.user
		THEN 0 ELSE 1 END,
	MIN(COALESCE(d.alarm_on, d.due_on), COALESCE(d.due_on, d.alarm_on))
		* 1000000 + COALESCE(d.due_on, 0),
	1
FROM me CROSS JOIN asked q
CROSS JOIN seen_deadline d
CROSS JOIN seen_matter y ON y.matter = d.matter_id
WHERE d.state IN ('running', 'changed', 'filed')
	AND (d.alarm_on <= q.to_on OR d.due_on <= q.to_on
		OR d.responsible IN (SELECT user FROM gone))
	AND y.may_deadlines;

-- Call-backs that are open, of the asker or of nobody.
CREATE VIEW backs_keyed (id, g, key, wanted) AS
SELECT c.id, 1, c.call_back_at, 1
FROM me CROSS JOIN seen_call c
CROSS JOIN seen_person k ON k.person = c.person_id
WHERE c.call_back_state = 'open' AND c.call_back_at IS NOT NULL
	AND (c.call_back_by IS NULL OR c.call_back_by = me.user)
	AND k.may_calls;

-- One's own open tasks, and those of others in shared objects that are due
-- until q.to_on.
CREATE VIEW tasks_keyed (id, g, key, wanted) AS
SELECT t.id,
	CASE WHEN t.responsible = me.user THEN 0 ELSE 1 END,
	COALESCE(t.due_on, 1000000000),
	1
FROM me CROSS JOIN asked q
CROSS JOIN may_task t
WHERE t.state = 'open' AND (t.responsible = me.user
	OR (t.shared = 1 AND t.due_on <= q.to_on));

-- On which person and matter a row hangs, whose places in lists change
-- with it.
CREATE VIEW owner (row, person, matter) AS
SELECT id, person_id, NULL FROM p_person_name
UNION ALL SELECT id, person_id, NULL FROM p_detention
UNION ALL SELECT id, person_id, matter_id FROM p_contact_log
UNION ALL SELECT id, person_id, matter_id FROM p_grant
UNION ALL SELECT id, person_id, matter_id FROM p_party
UNION ALL SELECT id, person_id, matter_id FROM p_note
UNION ALL SELECT id, NULL, matter_id FROM p_deadline
UNION ALL SELECT id, NULL, matter_id FROM p_proceeding
UNION ALL SELECT a.id, NULL, p.matter_id
	FROM p_act a CROSS JOIN p_proceeding p ON p.id = a.proceeding_id;
