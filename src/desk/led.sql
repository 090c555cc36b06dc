-- What one user answers for.

-- name: led
-- Everything that would be left without somebody, in one order: kind (enum
-- led_what), what falls due first, row.  Of walls and grants: those that the
-- user made for others and that stand.
SELECT 0 AS what, p.id AS row, p.id AS person, NULL AS matter,
	NULL AS due_on, NULL AS due_on_p
FROM p_person p WHERE p.responsible = :user AND p.merged_into IS NULL
UNION ALL SELECT 1, m.id, NULL, m.id, NULL, NULL
FROM p_matter m WHERE m.responsible = :user AND m.closed_on IS NULL
UNION ALL SELECT 2, m.id, NULL, m.id, NULL, NULL
FROM p_matter m WHERE m.deputy = :user AND m.closed_on IS NULL
UNION ALL SELECT 3, d.id, NULL, d.matter_id, d.due_on, d.due_on_p
FROM p_deadline d WHERE d.responsible = :user
	AND d.state IN ('proposed', 'running', 'changed', 'filed')
UNION ALL SELECT 4, d.id, NULL, d.matter_id, d.due_on, d.due_on_p
FROM p_deadline d WHERE d.deputy = :user
	AND d.state IN ('proposed', 'running', 'changed', 'filed')
UNION ALL SELECT 5, t.id, t.person_id, t.matter_id, t.due_on, t.due_on_p
FROM p_task t WHERE t.responsible = :user AND t.state = 'open'
UNION ALL SELECT 6, c.id, c.person_id, NULL, NULL, NULL
FROM p_contact_log c WHERE c.call_back_by = :user
	AND c.call_back_state = 'open'
UNION ALL SELECT 7, g.id, g.person_id, g.matter_id, NULL, NULL
FROM p_grant g WHERE g.user_id = :user AND g.level = 'lead'
	AND (g.ends_at IS NULL OR g.ends_at > :now)
UNION ALL SELECT 8, g.id, g.person_id, g.matter_id, NULL, NULL
FROM p_grant g WHERE g.given_by = :user AND g.user_id <> :user
	AND (g.ends_at IS NULL OR g.ends_at > :now)
UNION ALL SELECT 9, w.id, w.person_id, w.matter_id, NULL, NULL
FROM p_wall w WHERE w.made_by = :user AND w.ended_at IS NULL
ORDER BY 1, 5, 2;
