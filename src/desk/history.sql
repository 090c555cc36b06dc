-- Leaves, newest first.

-- name: leaves_about
-- The leaves about one object before one.
SELECT seq, event, outcome, at, actor FROM leaf
WHERE object = :object AND seq < :before AND (:reads_too = 1 OR event <> :read)
ORDER BY seq DESC LIMIT :most;

-- name: leaves_of_event
-- How often something was done to one object.
SELECT COUNT(*) AS n FROM leaf
WHERE object = :object AND event = :event AND outcome = 0;

-- name: leaves_page
-- All leaves before one, but for those about what hides.
SELECT l.seq, l.event, l.outcome, l.at, l.actor, k.person, t.matter
FROM leaf l
LEFT JOIN called k ON k.pseudonym = l.object
LEFT JOIN titled t ON t.pseudonym = l.object
WHERE l.seq < :before
	AND (k.person IS NULL
		OR k.person NOT IN (SELECT person FROM hidden_person))
	AND (t.matter IS NULL
		OR t.matter NOT IN (SELECT matter FROM hidden_matter))
ORDER BY l.seq DESC LIMIT :most;

-- name: leaves_count
-- How many there are, but for those about what hides.
SELECT COUNT(*) AS n FROM leaf l
WHERE l.object NOT IN (SELECT k.pseudonym FROM hidden_person h
		JOIN called k ON k.person = h.person)
	AND l.object NOT IN (SELECT t.pseudonym FROM hidden_matter h
		JOIN titled t ON t.matter = h.matter);

-- name: leaves_of_actor
-- Persons and matters that somebody had to do with since, the latest first,
-- without what hides from the asker.
SELECT MAX(l.at) AS at, k.person AS person, NULL AS matter
FROM leaf l JOIN called k ON k.pseudonym = l.object
WHERE l.actor = :actor AND l.at >= :since AND l.outcome = 0
	AND k.person NOT IN (SELECT person FROM hidden_person)
GROUP BY k.person
UNION ALL
SELECT MAX(l.at), NULL, t.matter
FROM leaf l JOIN titled t ON t.pseudonym = l.object
WHERE l.actor = :actor AND l.at >= :since AND l.outcome = 0
	AND t.matter NOT IN (SELECT matter FROM hidden_matter)
GROUP BY t.matter
ORDER BY at DESC LIMIT :most;
