-- On disk: the only question of desk that the facts answer.

-- name: person_by_bix
-- Whose document bears a number, by its blind index.
SELECT person_id FROM person_identifier WHERE bix = :bix ORDER BY id;
