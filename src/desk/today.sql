-- What Today shows, each within its area: that is said by the list; one row
-- of it is read as it is.

-- name: terms_up
-- All of them in ascending order.
SELECT id FROM terms_keyed WHERE wanted ORDER BY g, key, id;

-- name: terms_place
-- Is this one in the list, filters apart, and with them?
SELECT wanted FROM terms_keyed WHERE id = :id;

-- name: terms_before
-- Does one stand before another in ascending order?
SELECT (a.g, a.key, a.id) < (b.g, b.key, b.id) AS before
FROM terms_keyed a CROSS JOIN terms_keyed b
WHERE a.id = :one AND b.id = :other;

-- name: terms_touched
-- Whose place may be another when a row or object changed.
SELECT id FROM p_deadline WHERE id = :id OR matter_id = :id;

-- name: today_term
-- What is shown of one term.
SELECT d.matter_id, d.due_on, d.due_on_p, d.due_at, d.alarm_on,
	d.alarm_on_p, d.state, d.nature, d.responsible,
	COALESCE(d.responsible = me.user, 0)
		OR COALESCE(d.deputy = me.user, 0) AS mine, d.title,
	COALESCE(d.responsible IN (SELECT user FROM gone), 0) AS orphan
FROM me CROSS JOIN p_deadline d
WHERE d.id = :id;

-- name: backs_up
-- All of them in ascending order.
SELECT id FROM backs_keyed WHERE wanted ORDER BY g, key, id;

-- name: backs_place
-- Is this one in the list, filters apart, and with them?
SELECT wanted FROM backs_keyed WHERE id = :id;

-- name: backs_before
-- Does one stand before another in ascending order?
SELECT (a.g, a.key, a.id) < (b.g, b.key, b.id) AS before
FROM backs_keyed a CROSS JOIN backs_keyed b
WHERE a.id = :one AND b.id = :other;

-- name: backs_touched
-- Whose place may be another when a row or object changed.
SELECT id FROM p_contact_log WHERE id = :id OR person_id = :id;

-- name: today_call
-- What is shown of one call-back that comes before a moment.
SELECT c.person_id, c.call_back_at, c.caller, c.channel,
	COALESCE(c.call_back_by = me.user, 0) AS mine
FROM me CROSS JOIN p_contact_log c
WHERE c.id = :id AND c.call_back_at < :until;

-- name: tasks_up
-- All of them in ascending order.
SELECT id FROM tasks_keyed WHERE wanted ORDER BY g, key, id;

-- name: tasks_place
-- Is this one in the list, filters apart, and with them?
SELECT wanted FROM tasks_keyed WHERE id = :id;

-- name: tasks_before
-- Does one stand before another in ascending order?
SELECT (a.g, a.key, a.id) < (b.g, b.key, b.id) AS before
FROM tasks_keyed a CROSS JOIN tasks_keyed b
WHERE a.id = :one AND b.id = :other;

-- name: tasks_touched
-- Whose place may be another when a row or object changed.
SELECT id FROM p_task WHERE id = :id OR person_id = :id
	OR matter_id = :id;

-- name: today_task
-- What is shown of one task.
SELECT t.person_id, t.matter_id, t.kind, t.title, t.due_on, t.due_on_p,
	t.responsible, COALESCE(t.responsible = me.user, 0) AS mine
FROM me CROSS JOIN p_task t
WHERE t.id = :id;
