-- The tables of people, cases and the office, by tools/entities.py ddl.
CREATE TABLE person (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	identity_v BIGINT,
	identity BLOB,
	sensitive_v BIGINT,
	sensitive BLOB,
	seq BIGINT NOT NULL
);

CREATE TABLE "user" (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	office_v BIGINT,
	office BLOB,
	seq BIGINT NOT NULL
);

CREATE TABLE person_name (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	person_id BLOB NOT NULL REFERENCES person (id),
	identity_v BIGINT,
	identity BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX person_name_person_id ON person_name (person_id);

CREATE TABLE person_identifier (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	person_id BLOB NOT NULL REFERENCES person (id),
	bix BLOB,
	identity_v BIGINT,
	identity BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX person_identifier_person_id ON person_identifier (person_id);
CREATE INDEX person_identifier_bix ON person_identifier (bix);

CREATE TABLE contact_point (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	person_id BLOB NOT NULL REFERENCES person (id),
	identity_v BIGINT,
	identity BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX contact_point_person_id ON contact_point (person_id);

CREATE TABLE relation (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	person_id BLOB NOT NULL REFERENCES person (id),
	identity_v BIGINT,
	identity BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX relation_person_id ON relation (person_id);

CREATE TABLE contact_log (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	person_id BLOB NOT NULL REFERENCES person (id),
	identity_v BIGINT,
	identity BLOB,
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX contact_log_person_id ON contact_log (person_id);

CREATE TABLE consent (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	person_id BLOB NOT NULL REFERENCES person (id),
	identity_v BIGINT,
	identity BLOB,
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX consent_person_id ON consent (person_id);

CREATE TABLE matter (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);

CREATE TABLE party (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	matter_id BLOB NOT NULL REFERENCES matter (id),
	person_id BLOB REFERENCES person (id),
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX party_matter_id ON party (matter_id);
CREATE INDEX party_person_id ON party (person_id);

CREATE TABLE proceeding (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	matter_id BLOB NOT NULL REFERENCES matter (id),
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX proceeding_matter_id ON proceeding (matter_id);

CREATE TABLE act (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	proceeding_id BLOB NOT NULL REFERENCES proceeding (id),
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX act_proceeding_id ON act (proceeding_id);

CREATE TABLE deadline (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	matter_id BLOB NOT NULL REFERENCES matter (id),
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX deadline_matter_id ON deadline (matter_id);

CREATE TABLE detention (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	person_id BLOB NOT NULL REFERENCES person (id),
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX detention_person_id ON detention (person_id);

CREATE TABLE note (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	person_id BLOB REFERENCES person (id),
	matter_id BLOB REFERENCES matter (id),
	sensitive_v BIGINT,
	sensitive BLOB,
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX note_person_id ON note (person_id);
CREATE INDEX note_matter_id ON note (matter_id);

CREATE TABLE task (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	person_id BLOB REFERENCES person (id),
	matter_id BLOB REFERENCES matter (id),
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX task_person_id ON task (person_id);
CREATE INDEX task_matter_id ON task (matter_id);

CREATE TABLE "grant" (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	office_v BIGINT,
	office BLOB,
	seq BIGINT NOT NULL
);

CREATE TABLE wall (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	office_v BIGINT,
	office BLOB,
	seq BIGINT NOT NULL
);

