-- The floor: tables that no entity describes.  One text for
-- both engines; on PostgreSQL `blob` is a domain over bytea.
--
-- Everywhere: id 16 random bytes; v the version of the row; seq the last
-- leaf of the audit that touched it; record a sealed record (AE1).  No
-- column tells a person, a time or a text; there is no index but the keys.

-- The header with the slots that open the root key: one row, clear but for
-- what is wrapped in it.
CREATE TABLE vault (
	id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
	header BLOB NOT NULL CHECK (length(header) = 4096)
);

-- Wrapped keys.  kind 1 purpose, 2 person, 3 case; a person's or matter's
-- key has the id of its person or matter, so deleting the row shreds them.
CREATE TABLE key (
	id BLOB NOT NULL CHECK (length(id) = 16),
	kind BIGINT NOT NULL CHECK (kind BETWEEN 1 AND 3),
	epoch BIGINT NOT NULL CHECK (epoch >= 0),
	record BLOB NOT NULL,
	PRIMARY KEY (kind, id, epoch)
);

-- The tree's leaves: their hash, the sealed leaf, the sealed details or
-- NULL.  seq counts from 0 without a gap.
CREATE TABLE audit (
	seq BIGINT NOT NULL PRIMARY KEY CHECK (seq >= 0),
	leaf BLOB NOT NULL CHECK (length(leaf) = 32),
	record BLOB NOT NULL,
	detail BLOB
);

-- How many leaves there are: one row, whose lock orders all writers and is
-- taken last.
CREATE TABLE audit_head (
	id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
	n BIGINT NOT NULL CHECK (n >= 0)
);
INSERT INTO audit_head (id, n) VALUES (1, 0);

-- Records as they stood before a change: of table table_no (its number in
-- the leaves) the row id, its class, the version they were written in.
CREATE TABLE history (
	table_no BIGINT NOT NULL CHECK (table_no > 0),
	id BLOB NOT NULL CHECK (length(id) = 16),
	class BIGINT NOT NULL CHECK (class > 0),
	v BIGINT NOT NULL CHECK (v >= 0),
	record BLOB NOT NULL,
	PRIMARY KEY (table_no, id, class, v)
);

-- Signed notes of the tree's size and root: public by purpose.
CREATE TABLE checkpoint (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	v BIGINT NOT NULL CHECK (v >= 0),
	seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
	note TEXT NOT NULL
);

-- Persons that were shredded, so that a restored copy shreds them again.
CREATE TABLE tombstone (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	day BIGINT NOT NULL
);

-- Who is signed in; id is a keyed hash of the cookie's token.
CREATE TABLE session (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	v BIGINT NOT NULL CHECK (v >= 0),
	seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
	record BLOB NOT NULL
);

-- Tokens of the API; id is a keyed hash of the token.
CREATE TABLE token (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	v BIGINT NOT NULL CHECK (v >= 0),
	seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
	record BLOB NOT NULL
);

-- Invitations that were not yet taken up.
CREATE TABLE invitation (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	v BIGINT NOT NULL CHECK (v >= 0),
	seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
	record BLOB NOT NULL
);

-- Typed text that waits for its author.
CREATE TABLE draft (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	v BIGINT NOT NULL CHECK (v >= 0),
	seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
	record BLOB NOT NULL
);

-- The office's settings.
CREATE TABLE setting (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	v BIGINT NOT NULL CHECK (v >= 0),
	seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
	record BLOB NOT NULL
);

-- Lists that somebody keeps: filters, order, columns.
CREATE TABLE saved_view (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	v BIGINT NOT NULL CHECK (v >= 0),
	seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
	record BLOB NOT NULL
);

-- Verifier, one-time codes, devices and throttling; id is the user's.
CREATE TABLE credential (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	v BIGINT NOT NULL CHECK (v >= 0),
	seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
	record BLOB NOT NULL
);

-- Answers already given, by idempotency key: a repeated request acts once.
CREATE TABLE once (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	v BIGINT NOT NULL CHECK (v >= 0),
	seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
	record BLOB NOT NULL
);

-- Imports under way or done.
CREATE TABLE import (
	id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	v BIGINT NOT NULL CHECK (v >= 0),
	seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
	record BLOB NOT NULL
);
