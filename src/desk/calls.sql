-- The contact log of the whole office.

-- name: call_one
-- What the list shows of one call that is in it.
SELECT c.person_id, c.at, c.direction, c.channel, c.caller, c.caller_name,
	c.mandate, c.taken_by, c.call_back_at, c.call_back_by,
	c.call_back_state
FROM p_contact_log c WHERE c.id = :id;

-- name: calls_up
-- All of them in ascending order.
SELECT id FROM calls_keyed WHERE wanted ORDER BY g, key, id;

-- name: calls_down
-- The same in descending order.
SELECT id FROM calls_keyed WHERE wanted ORDER BY g DESC, key DESC, id DESC;

-- name: calls_place
-- Is this one in the list, filters apart, and with them?
SELECT wanted FROM calls_keyed WHERE id = :id;

-- name: calls_before
-- Does one stand before another in ascending order?
SELECT (a.g, a.key, a.id) < (b.g, b.key, b.id) AS before
FROM calls_keyed a CROSS JOIN calls_keyed b
WHERE a.id = :one AND b.id = :other;

-- name: calls_touched
-- Whose place may be another when a row or object changed.
SELECT id FROM p_contact_log WHERE id = :id OR person_id = :id;
