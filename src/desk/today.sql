-- What Today shows, each within its area.

-- name: today_terms
-- Terms under way whose alarm or due day is near, one's own first.
SELECT d.id, d.matter_id, d.due_on, d.due_on_p, d.due_at, d.alarm_on,
	d.alarm_on_p, d.state, d.nature, d.responsible,
	COALESCE(d.responsible = me.user, 0)
		OR COALESCE(d.deputy = me.user, 0) AS mine,
	CASE WHEN y.may_terms THEN d.title END AS title
FROM me CROSS JOIN seen_deadline d
CROSS JOIN seen_matter y ON y.matter = d.matter_id
WHERE d.state IN ('running', 'changed', 'filed')
	AND (d.alarm_on <= :until OR d.due_on <= :until)
	AND y.may_deadlines
ORDER BY mine DESC, MIN(COALESCE(d.alarm_on, d.due_on),
	COALESCE(d.due_on, d.alarm_on)), d.due_on, d.id
LIMIT :most;

-- name: today_calls
-- Call-backs that are open, overdue or near, of the asker or of nobody.
SELECT c.id, c.person_id, c.call_back_at, c.caller, c.channel,
	COALESCE(c.call_back_by = me.user, 0) AS mine
FROM me CROSS JOIN seen_call c
CROSS JOIN seen_person k ON k.person = c.person_id
WHERE c.call_back_state = 'open' AND c.call_back_at < :until
	AND (c.call_back_by IS NULL OR c.call_back_by = me.user)
	AND k.may_calls
ORDER BY c.call_back_at, c.id LIMIT :most;

-- name: today_tasks
-- One's own open tasks, and those of others in shared objects that are due.
SELECT t.id, t.person_id, t.matter_id, t.kind, t.title, t.due_on,
	t.due_on_p, t.responsible,
	COALESCE(t.responsible = me.user, 0) AS mine
FROM me CROSS JOIN may_task t
WHERE t.state = 'open' AND (t.responsible = me.user
	OR (t.shared = 1 AND t.due_on <= :until))
ORDER BY mine DESC, t.due_on IS NULL, t.due_on, t.id LIMIT :most;
