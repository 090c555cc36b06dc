-- Statements of the store itself: its list of migrations.

-- name: migration_add
-- Remember that a migration was done; a number is done once.
INSERT INTO migration (number, name) VALUES (:number, :name);
