-- As many tickets as we have persons, each with two remarks, for `fossil sql`
-- with .parameter set :tickets.  Written into the tables that its pages read;
-- the artifacts from which Fossil could make them anew are not asked for.
WITH RECURSIVE one (n) AS (
	SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < :tickets)
INSERT INTO ticket (tkt_id, tkt_uuid, tkt_mtime, tkt_ctime, type, status,
	subsystem, priority, severity, foundin, private_contact, resolution,
	title, comment)
SELECT n, printf('%08x%032x', n * 2654435761 & 4294967295, n),
	2461000.5 + n % 300, 2460700.5 + n % 300, 'Incident', 'Open',
	'custody', 'Immediate', 'Important', '2026', printf('9%08d', n),
	'Open', printf('Quispe Huamán, Eusebio, the %dth', n),
	'Asks for a copy of the resolution and for a visit by a lawyer.'
FROM one;

WITH two (m) AS (VALUES (0), (1))
INSERT INTO ticketchng (tkt_id, tkt_mtime, tkt_user, login, username,
	mimetype, icomment)
SELECT tkt_id, tkt_ctime + m, 'rita', 'rita', 'rita', 'text/x-fossil-plain',
	printf('Called on day %d; the mother will bring the papers.', m + 1)
FROM ticket CROSS JOIN two;
