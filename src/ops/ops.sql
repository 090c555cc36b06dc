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

-- name: setting_reseal
-- The same version of a setting, sealed anew.
UPDATE setting SET record = :record WHERE id = :id AND v = :v;

-- name: setting_seq
-- The leaf that a setting's last change has.
UPDATE setting SET seq = :seq WHERE id = :id;

-- name: backup_no_keys
-- Only in the copy of a backup: wrapped keys go into the keys part.
DELETE FROM key;

-- name: backup_no_vault
-- Only in the copy of a backup: so does the header.
DELETE FROM vault;

-- name: backup_no_drafts
-- Only in the copy of a backup: drafts go nowhere.
DELETE FROM draft;

-- name: floor_counts
-- The tables that no entity describes, and how many rows each has; not
-- those that a copy leaves out.
SELECT 'audit' AS name, count(*) AS n FROM audit
UNION ALL SELECT 'audit_head' AS name, count(*) AS n FROM audit_head
UNION ALL SELECT 'history' AS name, count(*) AS n FROM history
UNION ALL SELECT 'checkpoint' AS name, count(*) AS n FROM checkpoint
UNION ALL SELECT 'session' AS name, count(*) AS n FROM session
UNION ALL SELECT 'token' AS name, count(*) AS n FROM token
UNION ALL SELECT 'invitation' AS name, count(*) AS n FROM invitation
UNION ALL SELECT 'setting' AS name, count(*) AS n FROM setting
UNION ALL SELECT 'saved_view' AS name, count(*) AS n FROM saved_view
UNION ALL SELECT 'credential' AS name, count(*) AS n FROM credential
UNION ALL SELECT 'once' AS name, count(*) AS n FROM once
UNION ALL SELECT 'import' AS name, count(*) AS n FROM import;

-- name: checkpoint_at
-- The signed notes of one size of the tree.
SELECT note FROM checkpoint WHERE seq = :seq;
