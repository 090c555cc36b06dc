-- Matters as far as the asker may see them.

-- name: matter_card
-- What lists show of one matter; the title with the file.
SELECT m.type, m.title, m.opened_on, m.opened_on_p, m.closed_on,
	m.closed_on_p, m.outcome, m.responsible, m.deputy,
	(SELECT s.state FROM matter_state s WHERE s.matter = m.id) AS state,
	(SELECT f.forum FROM matter_forum f WHERE f.matter = m.id) AS forum,
	(SELECT n.due_on FROM matter_next n WHERE n.matter = m.id)
		AS next_on
FROM p_matter m
WHERE m.id = :matter
	AND m.id NOT IN (SELECT matter FROM hidden_matter);

-- name: matters_up
-- All of them in ascending order.
SELECT id FROM matters_keyed WHERE wanted ORDER BY g, key, id;

-- name: matters_down
-- The same in descending order.
SELECT id FROM matters_keyed WHERE wanted ORDER BY g DESC, key DESC, id DESC;

-- name: matters_place
-- Is this one in the list, filters apart, and with them?
SELECT wanted FROM matters_keyed WHERE id = :id;

-- name: matters_before
-- Does one stand before another in ascending order?
SELECT (a.g, a.key, a.id) < (b.g, b.key, b.id) AS before
FROM matters_keyed a CROSS JOIN matters_keyed b
WHERE a.id = :one AND b.id = :other;

-- name: matters_touched
-- Whose place may be another when a row or object changed.
SELECT id FROM p_matter WHERE id = :id;

-- name: matter_of_code
-- The matter whose id begins with the bits of a code.
SELECT y.matter AS id FROM seen_matter y
WHERE y.may_matters AND y.matter >= :low AND y.matter <= :high;

-- name: matters_by_number
-- Matters with a file number that holds what was typed.
SELECT DISTINCT n.matter AS id
FROM numbered n JOIN seen_matter y ON y.matter = n.matter
WHERE instr(n.number, :number) > 0 AND y.may_matters
ORDER BY n.matter LIMIT :most;

-- name: matters_by_title
-- Matters in whose title each word begins one; words not used are empty.
-- The longest is looked up: what begins with it stands from `low` to `high`.
SELECT y.matter AS id
FROM (SELECT DISTINCT w.matter FROM title_word w
	WHERE w.word >= :low AND w.word < :high) f
CROSS JOIN seen_matter y ON y.matter = f.matter
CROSS JOIN p_matter m ON m.id = y.matter
WHERE instr(y.words, :word_1) > 0 AND instr(y.words, :word_2) > 0
	AND instr(y.words, :word_3) > 0 AND instr(y.words, :word_4) > 0
	AND y.may_file AND y.may_matters
ORDER BY m.closed_on IS NOT NULL, m.opened_on DESC, y.matter LIMIT :most;

-- name: matters_of_person
-- The matters in which a person stands, the open ones first.
SELECT y.matter, p.role, p.represented
FROM seen_party p
JOIN seen_matter y ON y.matter = p.matter_id
JOIN p_matter m ON m.id = y.matter
WHERE p.person_id = :person AND y.may_matters
ORDER BY m.closed_on IS NOT NULL, m.opened_on DESC, y.matter, p.id;

-- name: next_deadline
-- The next running term of a matter, by its alarm.
SELECT d.id, d.due_on, d.due_on_p, d.alarm_on, d.alarm_on_p, d.due_at,
	d.state, CASE WHEN y.may_terms THEN d.title END AS title
FROM seen_deadline d JOIN seen_matter y ON y.matter = d.matter_id
WHERE d.matter_id = :matter AND d.state IN ('running', 'changed')
	AND COALESCE(d.alarm_on, d.due_on) IS NOT NULL AND y.may_deadlines
ORDER BY COALESCE(d.alarm_on, d.due_on), d.due_on, d.id LIMIT 1;
