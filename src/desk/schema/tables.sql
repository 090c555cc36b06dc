-- What the projection holds beside the rows themselves (p_<entity>, made
-- from the entity rows): what is worked out of them once, so that lists need
-- not.  All of it can be made anew from the facts.

-- Finding rows under what they hang on.
CREATE INDEX p_person_merged ON p_person (merged_into)
WHERE merged_into IS NOT NULL;
CREATE INDEX p_person_name_of ON p_person_name (person_id);
CREATE INDEX p_relation_of ON p_relation (person_id);
CREATE INDEX p_relation_other ON p_relation (other_person_id)
WHERE other_person_id IS NOT NULL;
CREATE INDEX p_contact_log_of ON p_contact_log (person_id, at);
CREATE INDEX p_contact_log_at ON p_contact_log (at);
CREATE INDEX p_contact_log_back ON p_contact_log (call_back_at)
WHERE call_back_state = 'open';
CREATE INDEX p_party_of ON p_party (matter_id);
CREATE INDEX p_party_who ON p_party (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX p_proceeding_of ON p_proceeding (matter_id);
CREATE INDEX p_act_of ON p_act (proceeding_id);
CREATE INDEX p_deadline_of ON p_deadline (matter_id);
CREATE INDEX p_detention_of ON p_detention (person_id);
CREATE INDEX p_grant_user ON p_grant (user_id, person_id, matter_id);
CREATE INDEX p_grant_matter ON p_grant (user_id, matter_id);
CREATE INDEX p_note_of ON p_note (matter_id) WHERE matter_id IS NOT NULL;
CREATE INDEX p_task_person ON p_task (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX p_wall_user ON p_wall (user_id);

-- One per person: how the person is called, how lists sort it, what they
-- filter by (so that a list goes through one table), and the pseudonym its
-- leaves bear.
CREATE TABLE called (
	person BLOB NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	initials TEXT NOT NULL,
	sort TEXT NOT NULL,
	last_contact BIGINT,
	pseudonym BLOB NOT NULL,
	merged_into BLOB,
	birth_date BIGINT,
	died_on BIGINT,
	department TEXT,
	language TEXT,
	programmes TEXT,
	intake_on BIGINT,
	responsible BLOB
) WITHOUT ROWID;
CREATE INDEX called_pseudonym ON called (pseudonym);

-- One per matter: its title folded, a space before and after each word.
CREATE TABLE titled (
	matter BLOB NOT NULL PRIMARY KEY,
	words TEXT NOT NULL,
	pseudonym BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX titled_pseudonym ON titled (pseudonym);

-- A file number as it is looked for: only capitals and digits.
CREATE TABLE numbered (
	proceeding BLOB NOT NULL PRIMARY KEY,
	matter BLOB NOT NULL,
	number TEXT NOT NULL
) WITHOUT ROWID;

-- A written name, of a registered person ('person'), of a party that is not
-- registered ('party'), of a relative or an allied person ('relation').
CREATE TABLE bearer (
	row BLOB NOT NULL PRIMARY KEY,
	quality TEXT NOT NULL,
	person BLOB,
	matter BLOB,
	name TEXT NOT NULL
) WITHOUT ROWID;

-- Its folded words.
CREATE TABLE token (
	folded TEXT NOT NULL,
	row BLOB NOT NULL,
	PRIMARY KEY (folded, row)
) WITHOUT ROWID;
CREATE INDEX token_row ON token (row);

-- The vocabulary: each folded word once, with its key by sound and the
-- number of names it stands in.
CREATE TABLE word (
	folded TEXT NOT NULL PRIMARY KEY,
	key TEXT NOT NULL,
	uses BIGINT NOT NULL
) WITHOUT ROWID;

-- The leaves of the audit, without their details.
CREATE TABLE leaf (
	seq BIGINT NOT NULL PRIMARY KEY,
	event BIGINT NOT NULL,
	outcome BIGINT NOT NULL,
	at BIGINT NOT NULL,
	actor BLOB NOT NULL,
	object BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX leaf_actor ON leaf (actor, at);
CREATE INDEX leaf_object ON leaf (object, seq);

-- Who asks, for as long as one question lasts: `me` is one row, `asker` one
-- for each kind of question.  `far`: any object; `granted`: a live grant
-- that names `class` will do (class NULL: none will, only the lead's);
-- `emergency`: emergency access helps.
CREATE TABLE me (
	user BLOB NOT NULL,
	now BIGINT NOT NULL,
	today BIGINT NOT NULL
);
CREATE TABLE asker (
	what TEXT NOT NULL PRIMARY KEY,
	far BIGINT NOT NULL,
	granted BIGINT NOT NULL,
	class TEXT,
	emergency BIGINT NOT NULL
) WITHOUT ROWID;

-- What a list is asked for: one row, NULL where nothing is asked.
CREATE TABLE asked (
	sort TEXT NOT NULL,
	down BIGINT NOT NULL,
	state TEXT,
	language TEXT,
	department TEXT,
	programme TEXT,
	responsible BLOB,
	type TEXT,
	forum TEXT,
	which TEXT,
	from_on BIGINT,
	to_on BIGINT
);
