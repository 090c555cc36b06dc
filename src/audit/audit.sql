-- name: audit_head_next
-- The number of leaves with the next one; holds the head until commit.
UPDATE audit_head SET n = n + 1 WHERE id = :id RETURNING n;

-- name: audit_insert
-- One leaf, sealed, with its hash and its sealed detail or NULL.
INSERT INTO audit (seq, leaf, record, detail)
VALUES (:seq, :leaf, :record, :detail);

-- name: audit_from
-- All leaves from a number on, in order.
SELECT seq, leaf, record, detail FROM audit WHERE seq >= :from ORDER BY seq;

-- name: audit_slice
-- Some leaves from a number on, in order.
SELECT seq, record, detail FROM audit
WHERE seq >= :from ORDER BY seq LIMIT :most;

-- name: audit_update
-- The same leaf, sealed anew.
UPDATE audit SET record = :record, detail = :detail WHERE seq = :seq;

-- name: audit_one
-- One leaf by its number.
SELECT record, detail FROM audit WHERE seq = :seq;

-- name: audit_hashes
-- Only the hashes, from a number on, in order.
SELECT seq, leaf FROM audit WHERE seq >= :from ORDER BY seq;

-- name: checkpoint_insert
-- One signed checkpoint: seq is the size it signs.
INSERT INTO checkpoint (id, v, seq, note) VALUES (:id, 1, :seq, :note);

-- name: checkpoint_last
-- The one of the greatest size.
SELECT seq, note FROM checkpoint ORDER BY seq DESC LIMIT 1;

-- name: checkpoint_all
-- Every one, the smallest first.
SELECT seq, note FROM checkpoint ORDER BY seq, id;

-- name: checkpoint_hand_overs
-- Those that name the next key.
SELECT note FROM checkpoint WHERE note LIKE :like ORDER BY seq DESC;
