-- name: key_insert
-- One wrapped key of an epoch.
INSERT INTO key (id, kind, epoch, record) VALUES (:id, :kind, :epoch, :record);

-- name: key_all
-- Every wrapped key, purposes first, then oldest epoch first.
SELECT id, kind, epoch, record FROM key ORDER BY kind, epoch;

-- name: tombstone_all
-- Persons that were shredded.
SELECT id, day FROM tombstone ORDER BY id;

-- name: tombstone_restore
-- One of them taken over from the keys part of a backup.
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
