-- name: key_insert
-- One wrapped key of an epoch.
INSERT INTO key (id, kind, epoch, record) VALUES (:id, :kind, :epoch, :record);

-- name: key_all
-- Every wrapped key, purposes first, then oldest epoch first.
SELECT id, kind, epoch, record FROM key ORDER BY kind, epoch;

-- name: key_of
-- The wrapped keys of one person or matter, oldest epoch first.
SELECT epoch, record FROM key WHERE kind = :kind AND id = :id ORDER BY epoch;

-- name: tombstone_all
-- Persons that were shredded, and matters that went with them.
SELECT id, day FROM tombstone ORDER BY id;

-- name: tombstone_put
-- One of them: shredded now, or taken over from the keys part of a backup.
INSERT INTO tombstone (id, day) VALUES (:id, :day) ON CONFLICT (id) DO NOTHING;

-- name: history_insert
-- The record that a class had before it was written anew.
INSERT INTO history (table_no, id, class, v, record)
VALUES (:table_no, :id, :class, :v, :record);

-- name: history_at
-- The newest record of a class not newer than a version.
SELECT v, record FROM history
WHERE table_no = :table_no AND id = :id AND class = :class AND v <= :v
ORDER BY v DESC LIMIT 1;

-- name: key_after
-- Some wrapped keys of a kind, in order, behind one of them.
SELECT id, epoch, record FROM key
WHERE (kind, id, epoch) > (:kind, :id, :epoch) AND kind = :kind
ORDER BY kind, id, epoch LIMIT :most;

-- name: key_one
-- One wrapped key.
SELECT record FROM key WHERE kind = :kind AND id = :id AND epoch = :epoch;

-- name: key_update
-- The same key, wrapped anew.
UPDATE key SET record = :record
WHERE kind = :kind AND id = :id AND epoch = :epoch;

-- name: key_delete
-- An epoch that nothing names any more.
DELETE FROM key WHERE kind = :kind AND id = :id AND epoch = :epoch;

-- name: history_after
-- Some old records, in order, behind one of them.
SELECT table_no, id, class, v, record FROM history
WHERE (table_no, id, class, v) > (:table_no, :id, :class, :v)
ORDER BY table_no, id, class, v LIMIT :most;

-- name: history_update
-- The same old record, sealed anew.
UPDATE history SET record = :record
WHERE table_no = :table_no AND id = :id AND class = :class AND v = :v;

-- name: history_drop
-- What a shredded row was before.
DELETE FROM history WHERE table_no = :table_no AND id = :id;

-- name: key_drop
-- Every epoch of one person's or matter's key.
DELETE FROM key WHERE kind = :kind AND id = :id;

-- name: tombstone_one
-- Was this person or matter shredded?
SELECT id, day FROM tombstone WHERE id = :id;
