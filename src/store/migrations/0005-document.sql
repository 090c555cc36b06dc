-- Papers of persons, of matters and of the office.
CREATE TABLE document (
	id BLOB NOT NULL PRIMARY KEY,
	v BIGINT NOT NULL,
	person_id BLOB REFERENCES person (id),
	matter_id BLOB REFERENCES matter (id),
	case_v BIGINT,
	"case" BLOB,
	seq BIGINT NOT NULL
);
CREATE INDEX document_person_id ON document (person_id);
CREATE INDEX document_matter_id ON document (matter_id);
