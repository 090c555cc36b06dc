-- name: vault_get
-- The header row, if an office was made.
SELECT header FROM vault WHERE id = :id;

-- name: vault_insert
-- The header of a new office.
INSERT INTO vault (id, header) VALUES (:id, :header);

-- name: vault_update
-- The header after a change.
UPDATE vault SET header = :header WHERE id = :id;

-- name: setting_all
-- Every setting, sealed.
SELECT id, v, record FROM setting ORDER BY id;

-- name: setting_insert
-- A setting for the first time.
INSERT INTO setting (id, v, seq, record) VALUES (:id, 1, 0, :record);

-- name: setting_update
-- A setting changed since version v.
UPDATE setting SET v = :v + 1, record = :record WHERE id = :id AND v = :v;

-- name: setting_seq
-- The leaf that a setting's last change has.
UPDATE setting SET seq = :seq WHERE id = :id;
