/*
 * What is answered, for the OpenAPI document.  Rows of entities declare
 * themselves; here stands what handlers and lists put around and into them.
 */
#include "api_inside.h"

#include <string.h>

/*
 * "name:type" each, in the order of the answer.  A type is text, integer,
 * boolean, code, day, instant, =list (of codes), a row or a shape below;
 * [] is a list of them, ? may be null.  A member of a row that its entity has
 * as well is answered as it stands here.
 */
static const struct api_shape shapes[] = {
	/* ---- what stands in several answers */
	{ "called", "code:code name:text within:boolean" },
	{ "person_card", "code:code within:boolean name:text initials:text "
	    "birth_year:integer? department:=department? "
	    "language:=language? programmes:=programme[] intake_on:day? "
	    "last_contact:instant? state:text responsible:code? "
	    "responsible_name:text why:text open:text" },
	{ "matter_card", "code:code within:boolean type:=matter_type "
	    "title:text state:text forum:=forum? opened_on:day? "
	    "closed_on:day? outcome:=matter_outcome? next_on:day? "
	    "responsible:code? responsible_name:text deputy:code? "
	    "deputy_name:text role:=party_role represented:boolean why:text" },
	{ "hit", "code:code name:text quality:text role:text date:day? "
	    "matter:code typed:text why:text ask:text" },
	{ "event", "seq:integer at:instant event:text label:text "
	    "outcome:text actor:code? actor_name:text person:code "
	    "matter:code reason:text changes:change[]" },
	{ "backups", "verified:instant? made:instant? recipients:boolean "
	    "targets:backup_target[]" },
	{ "settings", "seal_idle:integer seal_at:text "
	    "public_pages:boolean may_change:boolean" },
	{ "vault_key", "name:text what:text epoch:integer made:instant "
	    "older:older_key[]" },
	{ "older_key", "epoch:integer made:instant retired:instant?" },
	{ "vault_header", "epoch:integer sequence:integer changed:instant" },
	{ "rotation", "running:boolean percent:integer sealed:integer "
	    "damaged:integer first_damaged:text" },
	{ "phrase_group", "number:integer signs:text" },
	{ "table_rows", "table:text rows:integer" },
	{ "backup_target", "path:text keys:instant? old:boolean" },
	{ "change", "field:text label:text old:text? new:text?" },
	{ "ended_way", "device:text by_token:boolean last_use:instant?" },
	{ "led", "what:text code:code person:code matter:code day:day?" },
	{ "opened", "code:code kind:text at:instant" },
	{ "line", "kind:text line:text day:day? at:instant? number:integer "
	    "code:text words:text why:text" },
	{ "proposal", "rule:text variant:text choice:text name:text "
	    "basis:text due_on:day? due_at:instant? alarm_on:day? "
	    "days_left:integer usual:boolean confidence:text" },
	{ "custody", "as_of:day cannot:text periods:row_detention[] "
	    "runs:run[] overlaps:overlap[] open:boolean estimated:boolean "
	    "served:span other_served:span" },
	{ "run", "from:day to:day? days:integer" },
	{ "span", "earliest:integer latest:integer" },
	{ "overlap", "from:day to:day? days:integer one:code other:code "
	    "certain:boolean transfer:boolean" },
	{ "today_term", "code:code kind:text orphan:boolean "
	    "day:day? alarm_on:day? "
	    "at:instant? state:=deadline_state? nature:=deadline_nature? "
	    "responsible:code? "
	    "responsible_name:text deputy:code? deputy_name:text "
	    "matter:code mine:boolean person:called? title:text href:text" },
	{ "today_call", "code:code kind:text day:day at:instant call:code "
	    "caller:=caller channel:=contact_channel mine:boolean href:text "
	    "person:called?" },
	{ "today_task", "code:code kind:=task_kind? title:text day:day? "
	    "overdue:boolean mine:boolean responsible:code? "
	    "responsible_name:text matter:code person:code href:text" },
	{ "shredding", "code:code kind:text day:day asked_at:instant "
	    "from:instant asked_by:code? asked_by_name:text href:text" },
	{ "shredded", "code:code day:day" },
	{ "call_card", "code:code at:instant direction:=direction "
	    "channel:=contact_channel caller:=caller caller_name:text "
	    "mandate:=mandate? taken_by:code? taken_by_name:text "
	    "call_back_at:instant? call_back_by:code? "
	    "call_back_by_name:text call_back_state:text? person:called?" },
	{ "user_card", "code:code sign_in_name:text name:text "
	    "roles:=role[] state:text ends_on:day? officer:boolean "
	    "guardian:boolean" },
	{ "member", "name:text leads:boolean" },
	{ "session", "code:code device:text made:instant last_use:instant "
	    "ends:instant current:boolean" },
	{ "token", "code:code name:text made:instant last_use:instant? "
	    "ends:instant current:boolean" },
	{ "check", "name:text what:text state:text detail:text do:text" },
	{ "may_person", "edit:boolean consent:boolean sensitive:boolean "
	    "notes:boolean log:boolean calls:boolean history:boolean "
	    "access:boolean custody:boolean document:boolean matter:boolean "
	    "shred:boolean "
	    "shred_approve:boolean hold:boolean hold_lift:boolean "
	    "file:boolean" },
	{ "may_matter", "edit:boolean conflict:boolean deadline:boolean "
	    "task:boolean document:boolean access:boolean" },
	{ "may_document", "edit:boolean original:boolean" },
	{ "view", "page:integer there:boolean why:text pages:integer "
	    "picture:boolean text:text" },
	{ "block", "verdict:=conflict_verdict party:code" },

	/* ---- what handlers put into rows */
	{ "row_person", "responsible_name:text erase_asked_by_name:text "
	    "legal_hold_by_name:text erase_from:instant?" },
	{ "row_relation", "other:called?" },
	{ "row_person_identifier", "masked:boolean" },
	{ "row_contact_point", "masked:boolean warning:text" },
	{ "row_contact_log", "taken_by_name:text call_back_by_name:text" },
	{ "row_task", "responsible_name:text" },
	{ "row_detention", "days:span" },
	{ "row_matter", "responsible_name:text deputy_name:text" },
	{ "row_party", "person:called? decided_by_name:text hits:hit[]" },
	{ "row_proceeding", "acts:row_act[]" },
	{ "row_act", "day:day?" },
	{ "row_deadline", "responsible_name:text deputy_name:text "
	    "confirmed_by_name:text days_left:integer sheet:line[]" },
	{ "row_document", "file_type:text file_length:integer "
	    "file_sha256:text missing:boolean" },
	{ "row_grant", "user_name:text given_by_name:text live:boolean" },
	{ "row_wall", "user_name:text made_by_name:text "
	    "ended_by_name:text live:boolean" },

	/* ---- what operations answer */
	{ "session.sign_in", "secret:text device:text" },
	{ "today.show", "alarms:today_term[] deadlines:today_term[] "
	    "calls:today_call[] tasks:today_task[] shreddings:shredding[]" },
	{ "person.list", "rows:person_card[] count:integer sort:text "
	    "next:text? previous:text?" },
	{ "matter.list", "rows:matter_card[] count:integer sort:text "
	    "next:text? previous:text?" },
	{ "contact.list", "rows:call_card[] count:integer sort:text "
	    "next:text? previous:text?" },
	{ "user.list", "rows:user_card[] count:integer" },
	{ "audit.list", "size:integer root:text rows:event[] count:integer "
	    "next:text?" },
	{ "person.find", "typed:text people:person_card[] "
	    "matters:matter_card[]" },
	{ "person.add", "duplicates:person_card[] person:row_person" },
	{ "person.show", "person:row_person damaged:boolean "
	    "names:row_person_name[] name:text initials:text "
	    "identifiers:row_person_identifier[] "
	    "contact_points:row_contact_point[] relations:row_relation[] "
	    "sensitive:row_person consents:row_consent[] notes:row_note[] "
	    "calls:row_contact_log[] calls_count:integer tasks:row_task[] "
	    "documents:row_document[] custody:custody matters:matter_card[] may:may_person" },
	{ "person.edit", "person:row_person" },
	{ "person.sensitive", "person:row_person" },
	{ "person.history", "person:called events:event[] next:text?" },
	{ "identifier.reveal", "number:row_person_identifier "
	    "warning:text person:called" },
	{ "contact-point.reveal", "number:row_contact_point warning:text "
	    "person:called" },
	{ "name.add", "name:row_person_name" },
	{ "name.edit", "name:row_person_name" },
	{ "identifier.add", "identifier:row_person_identifier" },
	{ "identifier.edit", "identifier:row_person_identifier" },
	{ "contact-point.add", "contact_point:row_contact_point" },
	{ "contact-point.edit", "contact_point:row_contact_point" },
	{ "relation.add", "relation:row_relation" },
	{ "relation.edit", "relation:row_relation" },
	{ "consent.add", "consent:row_consent" },
	{ "consent.edit", "consent:row_consent" },
	{ "note.add", "note:row_note" },
	{ "note.edit", "note:row_note" },
	{ "contact.add", "call:row_contact_log" },
	{ "contact.edit", "call:row_contact_log" },
	{ "contact.done", "call:row_contact_log" },
	{ "task.add", "task:row_task" },
	{ "task.done", "task:row_task" },
	{ "matter.add", "hits:hit[] matter:row_matter" },
	{ "matter.show", "matter:row_matter damaged:boolean blocked:block "
	    "next:row_deadline deadlines:row_deadline[] parties:row_party[] "
	    "proceedings:row_proceeding[] tasks:row_task[] "
	    "documents:row_document[] team:member[] may:may_matter" },
	{ "matter.edit", "matter:row_matter" },
	{ "party.add", "hits:hit[] party:row_party" },
	{ "conflict.decide", "party:row_party" },
	{ "proceeding.add", "proceeding:row_proceeding" },
	{ "proceeding.edit", "proceeding:row_proceeding" },
	{ "act.add", "act:row_act" },
	{ "act.edit", "act:row_act" },
	{ "deadline.propose", "matter:code act:row_act "
	    "proposals:proposal[]" },
	{ "deadline.confirm", "matter:code deadline:row_deadline" },
	{ "deadline.show", "matter:code deadline:row_deadline "
	    "no_access:text[]" },
	{ "custody.show", "person:called may_write:boolean "
	    "custody:custody" },
	{ "detention.add", "detention:row_detention" },
	{ "detention.edit", "detention:row_detention" },
	{ "person-document.add", "documents:row_document[]" },
	{ "person-document.show", "document:row_document person:called? "
	    "view:view may:may_document" },
	{ "person-document.edit", "document:row_document" },
	{ "matter-document.add", "documents:row_document[]" },
	{ "matter-document.show", "document:row_document matter:code "
	    "view:view may:may_document" },
	{ "matter-document.edit", "document:row_document" },
	{ "user.add", "user:row_user roles:=role[] secret:text name:text "
	    "sign_in_name:text until:instant waits:boolean" },
	{ "user.show", "user:row_user waits:boolean damaged:boolean" },
	{ "user.edit", "user:row_user" },
	{ "user.leads", "leads:led[]" },
	{ "user.hand_over", "handed:integer" },
	{ "user.leave", "handed:integer" },
	{ "user.invite_again", "roles:=role[] secret:text name:text "
	    "sign_in_name:text until:instant waits:boolean" },
	{ "access.show", "person:called grants:row_grant[] walls:row_wall[] "
	    "looked:event[] next:text?" },
	{ "matter_access.show", "matter:code grants:row_grant[] "
	    "walls:row_wall[] looked:event[] next:text?" },
	{ "grant.add", "grant:row_grant" },
	{ "matter_grant.add", "grant:row_grant" },
	{ "wall.add", "wall:row_wall" },
	{ "matter_wall.add", "wall:row_wall" },
	{ "wall.end", "ended:boolean" },
	{ "matter_wall.end", "ended:boolean" },
	{ "access.break_glass", "code:code" },
	{ "account.show", "sign_in_name:text name:text roles:=role[] "
	    "language:=language? discreet:boolean ends_on:day? "
	    "factor:boolean recovery_left:integer sessions:session[] "
	    "tokens:token[] opened:opened[]" },
	{ "account.stolen", "name:text own:boolean "
	    "ended:ended_way[] opened:opened[]" },
	{ "token.add", "secret:text" },
	{ "audit.verify", "good:boolean deep:boolean first_bad:integer? "
	    "bad_note:integer? said:text verified_at:instant size:integer root:text" },
	{ "audit.prove", "seq:integer size:integer root:text path:text[] "
	    "checkpoint:text" },
	{ "audit.checkpoint", "note:text" },
	{ "tree_head", "size:integer root:text" },
	{ "audit.consistency", "from:tree_head to:tree_head path:text[]" },
	{ "audit.compare", "good:boolean there:integer from:tree_head "
	    "to:tree_head path:text[]" },
	{ "audit.explain", "state:text said:text acknowledged:tree_head "
	    "database:tree_head missing_from:integer? missing_to:integer? "
	    "differs_from:integer? differs_to:integer? last_at:instant? "
	    "causes:text[] steps:text[]" },
	{ "system.inventory", "tables:table_rows[] vault:text version:text "
	    "at:instant leaves:integer root:text files:integer "
	    "files_bytes:integer files_sha256:text" },
	{ "system.show", "lines:check[] state:text backups:backups "
	    "settings:settings may_keys:boolean" },
	{ "vault.keys", "keys:vault_key[] owners_renewed:integer "
	    "owners_kept:integer header:vault_header rotation:rotation" },
	{ "vault.root", "groups:phrase_group[] vault:text ask_a:integer "
	    "ask_b:integer secret:text" },
	{ "vault.renew", "epoch:integer" },
	{ "vault.renew-owner", "epoch:integer" },
	{ "shred.list", "pending:shredding[] done:shredded[] old_keys:text[] "
	    "days:integer rest_waits:boolean complete:boolean" },
	{ "shred.ask", "request:shredding" },
	{ "shred.approve", "code:code" },
	{ "backup.begin", "name:text engine:text snapshot:text" },
};

const struct api_shape *
api_shapes(size_t *ret_n)
{
	*ret_n = LENGTH(shapes);
	return shapes;
}

const struct api_shape *
api_shape(text of)
{
	for (size_t i = 0; i < LENGTH(shapes); i++) {
		if (text_same(text_of(shapes[i].of), of))
			return &shapes[i];
	}
	return NULL;
}
