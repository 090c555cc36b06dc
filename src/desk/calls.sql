-- The contact log of the whole office.

-- name: call_one
-- What the list shows of one call; the names only with the person's.
SELECT c.person_id, c.at, c.direction, c.channel, c.caller, c.caller_name,
	c.mandate, c.taken_by, c.call_back_at, c.call_back_by,
	c.call_back_state, k.may_identity AS within
FROM seen_call c JOIN seen_person k ON k.person = c.person_id
WHERE c.id = :id AND k.may_calls;

-- name: calls_count
-- How many calls of the list there are.
SELECT COUNT(*) AS n FROM calls_keyed WHERE wanted;

-- name: calls_there
-- Is this call in the list at all, filters apart?
SELECT 1 AS there FROM calls_keyed WHERE id = :id;

-- name: calls_up
-- The next rows in ascending order, after one or from the beginning.
SELECT id FROM calls_keyed
WHERE wanted AND (:after IS NULL OR (g, key, id) > (SELECT a.g, a.key,
	a.id FROM calls_keyed a WHERE a.id = :after))
ORDER BY g, key, id LIMIT :most;

-- name: calls_down
-- The same in descending order.
SELECT id FROM calls_keyed
WHERE wanted AND (:after IS NULL OR (g, key, id) < (SELECT a.g, a.key,
	a.id FROM calls_keyed a WHERE a.id = :after))
ORDER BY g DESC, key DESC, id DESC LIMIT :most;
