-- What only these tests do to a database: the hand of a saboteur.

-- name: leaf_get
-- One leaf as it lies there.
SELECT leaf, record, detail FROM audit WHERE seq = :seq;

-- name: leaf_hash_put
-- Another hash than it has.
UPDATE audit SET leaf = :leaf WHERE seq = :seq;

-- name: leaf_record_put
-- Another sealed record than it has.
UPDATE audit SET record = :record WHERE seq = :seq;

-- name: leaf_move
-- Another number than it has.
UPDATE audit SET seq = :to WHERE seq = :seq;

-- name: leaf_remove
-- A row of it that is gone.
DELETE FROM audit WHERE seq = :seq;

-- name: leaf_count
-- How many leaves lie there, and how many the head has counted.
SELECT count(*) AS lying, max(audit_head.n) AS counted
FROM audit, audit_head;

-- name: checkpoint_get
-- The one note that lies there.
SELECT seq, note FROM checkpoint;

-- name: checkpoint_put
-- Another note in its place.
UPDATE checkpoint SET note = :note;

-- name: checkpoint_of
-- The note of a size.
SELECT note FROM checkpoint WHERE seq = :seq;

-- name: checkpoint_put_at
-- Another note in the place of one.
UPDATE checkpoint SET note = :note WHERE seq = :seq;

-- name: note_get
-- A note as it lies there.
SELECT v, seq, person_id, matter_id, sensitive_v, sensitive, case_v, "case"
FROM note WHERE id = :id;

-- name: note_put
-- Another version of a note's case.
UPDATE note SET v = :v, case_v = :case_v, "case" = :case WHERE id = :id;

-- name: note_copy
-- A second note of the bytes of one.
INSERT INTO note (id, v, seq, person_id, matter_id, sensitive_v, sensitive,
	case_v, "case")
SELECT :to, v, seq, person_id, matter_id, sensitive_v, sensitive, case_v,
	"case" FROM note WHERE id = :id;

-- name: note_remove
-- A row of it that is gone.
DELETE FROM note WHERE id = :id;

-- name: note_case_put
-- Other bytes in a note's case.
UPDATE note SET "case" = :case WHERE id = :id;

-- name: note_sensitive_put
-- Other bytes in a note's sensitive part.
UPDATE note SET sensitive = :sensitive WHERE id = :id;

-- name: person_get
-- A person as it lies there.
SELECT v, identity_v, identity, sensitive_v, sensitive FROM person
WHERE id = :id;

-- name: person_identity_put
-- Another identity of a person.
UPDATE person SET identity = :identity WHERE id = :id;

-- name: counts
-- Rows of the tables that a write touches.
SELECT (SELECT count(*) FROM person) AS persons,
	(SELECT count(*) FROM note) AS notes,
	(SELECT count(*) FROM key) AS keys,
	(SELECT count(*) FROM history) AS histories;
