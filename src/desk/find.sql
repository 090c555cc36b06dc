-- Finding persons by any spelling; duplicates; conflicts.

-- name: last_contact_of
-- When somebody was last in contact with a person, as far as the asker sees.
SELECT l.at FROM last_contact l WHERE l.person = :person;

-- name: person_of_code
-- The person whose id begins with the bits of a code.
SELECT k.person AS id FROM seen_person k
WHERE k.may_find AND k.person >= :low AND k.person <= :high;

-- name: person_may_find
-- May this person be found, and is it not merged into another?
SELECT k.person AS id FROM seen_person k
WHERE k.person = :person AND k.merged_into IS NULL AND k.may_find;

-- name: surnames_of
-- The surnames of one written name, its person's birth and shown name, if
-- this person may be found and is not merged into another.
SELECT n.first_surname, n.second_surname, p.birth_date, p.birth_date_p,
	k.name
FROM p_person_name n
CROSS JOIN seen_person k ON k.person = n.person_id
CROSS JOIN p_person p ON p.id = n.person_id
WHERE n.id = :row AND k.merged_into IS NULL AND k.may_find;

-- name: decided_not_same
-- Has somebody decided that these are two persons?
SELECT 1 AS decided FROM p_relation r
WHERE r.kind = 'not_same'
	AND ((r.person_id = :one AND r.other_person_id = :other)
		OR (r.person_id = :other AND r.other_person_id = :one));

-- name: bearer_of
-- Who bears a written name, walled or not: what may be shown of it is
-- decided after.
SELECT 'person' AS quality, n.person_id AS person, NULL AS matter, n.given,
	n.first_surname, n.second_surname
FROM p_person_name n WHERE n.id = :row
UNION ALL
SELECT 'party', NULL, p.matter_id, p.name, NULL, NULL
FROM p_party p WHERE p.id = :row
UNION ALL
SELECT 'relation', r.person_id, NULL, r.name, NULL, NULL
FROM p_relation r WHERE r.id = :row;

-- name: standings_of
-- The matters in which a person stands, hidden ones too.
SELECT p.matter_id AS matter, p.role FROM p_party p
WHERE p.person_id = :person ORDER BY p.matter_id, p.id;

-- name: party_role
-- The role of one party.
SELECT p.role FROM p_party p WHERE p.id = :row;

-- name: hides
-- Does a person or a matter (either may be NULL) hide from the asker?
SELECT COALESCE(:person IN (SELECT person FROM hidden_person), 0)
	OR COALESCE(:matter IN (SELECT matter FROM hidden_matter), 0)
	AS hides
FROM me;

-- name: conflict_dates
-- The days that a hit is shown with, and how near it is to the asker.
SELECT (SELECT p.intake_on FROM p_person p WHERE p.id = :person)
		AS intake_on,
	(SELECT m.opened_on FROM p_matter m WHERE m.id = :matter)
		AS opened_on,
	EXISTS (SELECT 1 FROM seen_person m
		WHERE m.person = :person AND m.may_find) AS found,
	EXISTS (SELECT 1 FROM seen_person m
		WHERE m.person = :person AND m.may_identity) AS within,
	EXISTS (SELECT 1 FROM seen_matter m
		WHERE m.matter = :matter AND m.may_matters) AS listed,
	EXISTS (SELECT 1 FROM seen_matter m
		WHERE m.matter = :matter AND m.may_file) AS opened
FROM me;

-- name: lead_of
-- Whom to ask about what hides: who leads it, else who is responsible.
SELECT g.user_id AS user, 1 AS n, g.id AS id FROM me CROSS JOIN p_grant g
WHERE g.level = 'lead' AND g.user_id <> me.user
	AND COALESCE(g.starts_at, 0) <= me.now
	AND (g.ends_at IS NULL OR g.ends_at > me.now)
	AND (g.matter_id = :matter OR g.person_id = :person)
UNION ALL
SELECT m.responsible, 2, m.id FROM me CROSS JOIN p_matter m
WHERE m.id = :matter AND m.responsible <> me.user
UNION ALL
SELECT p.responsible, 3, p.id FROM me CROSS JOIN p_person p
WHERE p.id = :person AND p.responsible <> me.user
ORDER BY n, id LIMIT 1;
