-- Rows of the tables that guard keeps: sealed records by id.

-- name: credential_get
-- One verifier, factor, codes, devices of a user.
SELECT id, v, record FROM credential WHERE id = :id;

-- name: credential_insert
-- A new one, at version 1.
INSERT INTO credential (id, v, seq, record) VALUES (:id, 1, 0, :record);

-- name: credential_update
-- One version on, if nobody was faster: no row changed otherwise.
UPDATE credential SET v = v + 1, record = :record WHERE id = :id AND v = :v;

-- name: credential_seq
-- The leaf that names this version.
UPDATE credential SET seq = :seq WHERE id = :id;

-- name: invitation_get
-- One invitation, by its user.
SELECT id, v, record FROM invitation WHERE id = :id;

-- name: invitation_insert
-- A new one, at version 1.
INSERT INTO invitation (id, v, seq, record) VALUES (:id, 1, 0, :record);

-- name: invitation_update
-- One version on, if nobody was faster: no row changed otherwise.
UPDATE invitation SET v = v + 1, record = :record WHERE id = :id AND v = :v;

-- name: invitation_seq
-- The leaf that names this version.
UPDATE invitation SET seq = :seq WHERE id = :id;

-- name: session_get
-- One session, by the hash of its token.
SELECT id, v, record FROM session WHERE id = :id;

-- name: session_all
-- All of them, in no order.
SELECT id, v, record FROM session;

-- name: session_insert
-- A new one, at version 1.
INSERT INTO session (id, v, seq, record) VALUES (:id, 1, 0, :record);

-- name: session_update
-- One version on, if nobody was faster: no row changed otherwise.
UPDATE session SET v = v + 1, record = :record WHERE id = :id AND v = :v;

-- name: session_remove
-- It is over.
DELETE FROM session WHERE id = :id;

-- name: token_get
-- One API token, by its hash.
SELECT id, v, record FROM token WHERE id = :id;

-- name: token_all
-- All of them, in no order.
SELECT id, v, record FROM token;

-- name: token_insert
-- A new one, at version 1.
INSERT INTO token (id, v, seq, record) VALUES (:id, 1, 0, :record);

-- name: token_update
-- One version on, if nobody was faster: no row changed otherwise.
UPDATE token SET v = v + 1, record = :record WHERE id = :id AND v = :v;

-- name: token_remove
-- It is over.
DELETE FROM token WHERE id = :id;

-- name: draft_get
-- One draft, by user and slot.
SELECT id, v, record FROM draft WHERE id = :id;

-- name: draft_insert
-- A new one, at version 1.
INSERT INTO draft (id, v, seq, record) VALUES (:id, 1, 0, :record);

-- name: draft_update
-- One version on, if nobody was faster: no row changed otherwise.
UPDATE draft SET v = v + 1, record = :record WHERE id = :id AND v = :v;

-- name: draft_remove
-- It is over.
DELETE FROM draft WHERE id = :id;

-- name: once_get
-- One kept answer, by user and key.
SELECT id, v, record FROM once WHERE id = :id;

-- name: once_all
-- All of them, in no order.
SELECT id, v, record FROM once;

-- name: once_insert
-- A new one, at version 1.
INSERT INTO once (id, v, seq, record) VALUES (:id, 1, 0, :record);

-- name: once_remove
-- It is over.
DELETE FROM once WHERE id = :id;

-- name: credential_after
-- Some credentials, in order, behind one of them.
SELECT id, v, record FROM credential WHERE id > :id ORDER BY id LIMIT :most;

-- name: credential_reseal
-- The same version, sealed anew.
UPDATE credential SET record = :record WHERE id = :id AND v = :v;

-- name: invitation_after
-- Some invitations, in order, behind one of them.
SELECT id, v, record FROM invitation WHERE id > :id ORDER BY id LIMIT :most;

-- name: invitation_reseal
-- The same version, sealed anew.
UPDATE invitation SET record = :record WHERE id = :id AND v = :v;

-- name: session_after
-- Some sessions, in order, behind one of them.
SELECT id, v, record FROM session WHERE id > :id ORDER BY id LIMIT :most;

-- name: session_reseal
-- The same version, sealed anew.
UPDATE session SET record = :record WHERE id = :id AND v = :v;

-- name: token_after
-- Some tokens, in order, behind one of them.
SELECT id, v, record FROM token WHERE id > :id ORDER BY id LIMIT :most;

-- name: token_reseal
-- The same version, sealed anew.
UPDATE token SET record = :record WHERE id = :id AND v = :v;

-- name: once_after
-- Some kept answers, in order, behind one of them.
SELECT id, v, record FROM once WHERE id > :id ORDER BY id LIMIT :most;

-- name: once_reseal
-- The same version, sealed anew.
UPDATE once SET record = :record WHERE id = :id AND v = :v;
