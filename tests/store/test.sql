-- Statements on tables that only these tests have.

-- name: thing_add
-- One more thing.
INSERT INTO thing (id, v, name, record) VALUES (:id, :v, :name, :record);

-- name: thing_get
-- One thing by id.
SELECT id, v, name, record FROM thing WHERE id = :id;

-- name: thing_all
-- Every thing, by id.
SELECT id, v, name, record FROM thing ORDER BY id;

-- name: thing_bump
-- The next version, if nobody was faster; arguments in another order.
UPDATE thing SET v = v + 1, name = :name WHERE id = :id AND v = :v;

-- name: thing_remove
-- Gone, unless parts hang on it.
DELETE FROM thing WHERE id = :id;

-- name: thing_judged
-- What engines give as small numbers: a case, a comparison, a count.
SELECT CASE WHEN v = :v THEN 1 ELSE 0 END AS same, v > 1 AS more,
	(SELECT count(*) FROM thing) AS things
FROM thing WHERE id = :id;

-- name: part_add
-- A part of a thing.
INSERT INTO part (thing_id, n) VALUES (:thing_id, :n);

-- name: part_of
-- The parts of a thing.
SELECT n FROM part WHERE thing_id = :thing_id ORDER BY n;

-- name: counter_next
-- Count and tell.
UPDATE counter SET n = n + 1 WHERE id = 1 RETURNING n;

-- name: counter_get
-- The number as it stands.
SELECT n FROM counter WHERE id = 1;

-- name: row_fill
-- Rows 1 to :n; the comparison makes :n a number of four bytes for one of
-- the engines.
INSERT INTO many (n, record)
WITH RECURSIVE c (x) AS (
	SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < :n
)
SELECT x, :record FROM c;

-- name: row_all
-- All of them, in order.
SELECT n, record FROM many ORDER BY n;

-- name: row_count
-- How many.
WITH c AS (SELECT count(*) AS n FROM many) SELECT n FROM c;

-- name: row_low
-- Those below a number.
SELECT n FROM many WHERE n < :n ORDER BY n;

-- name: row_high
-- Those above a number.
SELECT n FROM many WHERE n > :n ORDER BY n;

-- name: row_values
-- No table at all.
VALUES (1), (2);
