-- Persons as far as the asker may see them.

-- name: called_one
-- How a person is called; nothing when it hides.
SELECT k.name, k.initials, k.may_identity AS within
FROM seen_person k WHERE k.person = :person;

-- name: person_card
-- What lists show of one person, for those who may find it.
SELECT k.name, k.initials, p.birth_date, p.birth_date_p, p.department,
	p.language, p.programmes, p.responsible, p.intake_on, p.intake_on_p,
	(SELECT l.at FROM last_contact l WHERE l.person = p.id)
		AS last_contact,
	(SELECT s.state FROM person_state s WHERE s.person = p.id) AS state,
	k.may_identity AS within
FROM seen_person k JOIN p_person p ON p.id = k.person
WHERE k.person = :person AND k.may_find;

-- name: people_count
-- How many persons of the list there are.
SELECT COUNT(*) AS n FROM people_keyed WHERE wanted;

-- name: people_there
-- Is this person in the list at all, filters apart?
SELECT 1 AS there FROM people_keyed WHERE id = :id;

-- name: people_up
-- The next rows in ascending order, after one or from the beginning.
SELECT id FROM people_keyed
WHERE wanted AND (:after IS NULL OR (g, key, id) > (SELECT a.g, a.key,
	a.id FROM people_keyed a WHERE a.id = :after))
ORDER BY g, key, id LIMIT :most;

-- name: people_down
-- The same in descending order.
SELECT id FROM people_keyed
WHERE wanted AND (:after IS NULL OR (g, key, id) < (SELECT a.g, a.key,
	a.id FROM people_keyed a WHERE a.id = :after))
ORDER BY g DESC, key DESC, id DESC LIMIT :most;
