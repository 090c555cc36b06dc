-- Lists with their order.  A row has a place (g, key, id): g parts what has
-- a key from what has none or may not be sorted by it (its place would tell
-- the name that is not shown), which comes last in either direction.
-- `wanted`: it passes the filters; a filter on what the asker may not read
-- of a row never matches it.

CREATE VIEW people_keyed (id, g, key, wanted) AS
SELECT x.id,
	CASE WHEN x.within = 1 AND x.key IS NOT NULL THEN 1
		WHEN x.down = 1 THEN 0 ELSE 2 END,
	CASE WHEN x.within = 1 THEN COALESCE(x.key, '') ELSE '' END,
	x.wanted
FROM (SELECT k.person AS id, q.down AS down,
	EXISTS (SELECT 1 FROM may_person m
		WHERE m.what = 'identity' AND m.person = k.person) AS within,
	CASE q.sort WHEN 'name' THEN k.sort
		WHEN 'birth_date' THEN p.birth_date
		WHEN 'department' THEN p.department
		WHEN 'intake_on' THEN p.intake_on
		WHEN 'last_contact' THEN (SELECT l.at FROM last_contact l
			WHERE l.person = k.person)
		END AS key,
	(q.responsible IS NULL OR p.responsible = q.responsible)
	AND (q.state IS NULL OR q.state = (SELECT s.state
		FROM person_state s WHERE s.person = k.person))
	AND ((q.language IS NULL AND q.department IS NULL
			AND q.programme IS NULL)
		OR ((q.language IS NULL OR p.language = q.language)
			AND (q.department IS NULL
				OR p.department = q.department)
			AND (q.programme IS NULL OR instr(p.programmes,
				' ' || q.programme || ' ') > 0)
			AND EXISTS (SELECT 1 FROM may_person m
				WHERE m.what = 'identity'
				AND m.person = k.person))) AS wanted
	FROM asked q
	CROSS JOIN called k
	CROSS JOIN p_person p ON p.id = k.person
	WHERE p.merged_into IS NULL
		AND EXISTS (SELECT 1 FROM may_person m
			WHERE m.what = 'find' AND m.person = k.person)) x;

CREATE VIEW calls_keyed (id, g, key, wanted) AS
SELECT c.id,
	CASE WHEN q.sort = 'call_back_at' AND c.call_back_at IS NULL
		THEN CASE WHEN q.down = 1 THEN 0 ELSE 2 END ELSE 1 END,
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
WHERE EXISTS (SELECT 1 FROM may_person m
	WHERE m.what = 'calls' AND m.person = c.person_id);

-- Quiet: open, and nothing moved for 60 days.  Undated: open, and no term
-- runs.  Own: responsible, deputy, or lead.
CREATE VIEW matters_keyed (id, g, key, wanted) AS
SELECT x.id,
	CASE WHEN x.key IS NOT NULL THEN 1
		WHEN x.down = 1 THEN 0 ELSE 2 END,
	COALESCE(x.key, ''), x.wanted
FROM (SELECT m.id AS id, q.down AS down,
	CASE q.sort WHEN 'next' THEN (SELECT n.due_on FROM matter_next n
			WHERE n.matter = m.id)
		WHEN 'opened_on' THEN m.opened_on
		WHEN 'type' THEN m.type
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
	CROSS JOIN p_matter m
	WHERE EXISTS (SELECT 1 FROM may_matter y
		WHERE y.what = 'matters' AND y.matter = m.id)) x;
