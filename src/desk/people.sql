-- Persons as far as the asker may see them: walls are said here, the rest by
-- view_may.

-- name: called_one
-- How a person is called; nothing when it hides.
SELECT k.name, k.initials FROM called k
WHERE k.person = :person
	AND k.person NOT IN (SELECT person FROM hidden_person);

-- name: person_card
-- What lists show of one person.
SELECT k.name, k.initials, k.birth_date, k.birth_date_p, k.department,
	k.language, k.programmes, k.responsible, k.intake_on, k.intake_on_p,
	CASE WHEN me.walled THEN (SELECT l.at FROM last_contact l
		WHERE l.person = k.person) ELSE k.last_contact END
		AS last_contact,
	CASE WHEN me.walled THEN (SELECT c.custody FROM person_custody c
		WHERE c.person = k.person) ELSE k.custody END AS custody,
	k.died_on
FROM me CROSS JOIN called k
WHERE k.person = :person
	AND k.person NOT IN (SELECT person FROM hidden_person);

-- name: people_up
-- All of them in ascending order.
SELECT id FROM people_keyed WHERE wanted ORDER BY g, key, id;

-- name: people_down
-- The same in descending order.
SELECT id FROM people_keyed WHERE wanted ORDER BY g DESC, key DESC, id DESC;

-- name: people_place
-- Is this one in the list, filters apart, and with them?
SELECT wanted FROM people_keyed WHERE id = :id;

-- name: people_before
-- Does one stand before another in ascending order?
SELECT (a.g, a.key, a.id) < (b.g, b.key, b.id) AS before
FROM people_keyed a CROSS JOIN people_keyed b
WHERE a.id = :one AND b.id = :other;

-- name: people_touched
-- Whose place may be another when a row or object changed.
SELECT person AS id FROM called WHERE person = :id;

-- name: shreddings
-- Requests to shred somebody that wait for an answer.
SELECT p.id, p.erase_asked_at, p.erase_asked_by
FROM seen_person k JOIN p_person p ON p.id = k.person
WHERE p.erase_asked_at IS NOT NULL
ORDER BY p.erase_asked_at, p.id LIMIT :most;
