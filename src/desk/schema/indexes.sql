-- Made when the tables are full: sorting what there is costs a fraction of
-- finding a place for each row, the more so the more rows there are.

-- Finding rows under what they hang on.
CREATE INDEX p_person_merged ON p_person (merged_into)
WHERE merged_into IS NOT NULL;
CREATE INDEX p_person_name_of ON p_person_name (person_id);
CREATE INDEX p_relation_of ON p_relation (person_id);
CREATE INDEX p_relation_other ON p_relation (other_person_id)
WHERE other_person_id IS NOT NULL;
CREATE INDEX p_contact_log_of ON p_contact_log (person_id, at);
CREATE INDEX p_party_of ON p_party (matter_id);
CREATE INDEX p_party_who ON p_party (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX p_proceeding_of ON p_proceeding (matter_id);
CREATE INDEX p_act_of ON p_act (proceeding_id);
CREATE INDEX p_deadline_of ON p_deadline (matter_id);
CREATE INDEX p_detention_of ON p_detention (person_id);
CREATE INDEX p_grant_user ON p_grant (user_id, person_id, matter_id);
CREATE INDEX p_grant_matter ON p_grant (user_id, matter_id)
WHERE matter_id IS NOT NULL;
CREATE INDEX p_note_of ON p_note (matter_id) WHERE matter_id IS NOT NULL;
CREATE INDEX p_task_person ON p_task (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX p_task_matter ON p_task (matter_id) WHERE matter_id IS NOT NULL;
CREATE INDEX p_wall_user ON p_wall (user_id);
CREATE INDEX called_pseudonym ON called (pseudonym);
CREATE INDEX titled_pseudonym ON titled (pseudonym);
CREATE INDEX leaf_actor ON leaf (actor, at);
CREATE INDEX leaf_object ON leaf (object, seq);
