/*
 * Who may do what: the table behind guard_reach, written by hand and read
 * like law.  data/permissions.csv is its expectation and never its source;
 * a test compares the two cell by cell.
 *
 * AREA(name, in words, compartment, by grant of, opens, step-up, second,
 *     director, lawyer, social worker, mentor,
 *     treasurer, reception, technician, guest)
 *
 * Cells: NO nothing; M meta; R read; W write; A approve.  Alone: near, what
 * one leads or holds a grant for; with S, a star: any object, walls apart.
 * WRS writes near and reads far.  MG is a starred meta that a live grant
 * raises to reading ("by break-glass or grant").
 *
 * The compartment is the class that a grant must name.  An area of
 * compartment NONE asks for the lead, unless `by grant of` says which class
 * shares it.  `opens` are the classes beside the compartment that the rows
 * of the area are sealed in (tasks hang on persons and matters and are of
 * class case; accounts, grants and walls are office rows).
 */
#ifndef ALAS_REACH_TABLE_H
#define ALAS_REACH_TABLE_H

#define REACH_TABLE(AREA)                                                    \
	AREA(PEOPLE_FIND, "people.find", IDENTITY, IDENTITY, 0, NEVER, ONE,  \
	    RS, RS, RS, NO, NO, RS, NO, NO)                                  \
	AREA(PEOPLE_FIRST_NAME, "people.first_name", IDENTITY, IDENTITY, 0,  \
	    NEVER, ONE,                                                      \
	    RS, RS, RS, R, NO, RS, NO, R)                                    \
	AREA(PEOPLE_IDENTITY, "people.identity", IDENTITY, IDENTITY, 0,      \
	    NEVER, ONE,                                                      \
	    RS, W, W, NO, NO, WS, NO, NO)                                    \
	AREA(PEOPLE_INTAKE, "people.intake", IDENTITY, IDENTITY, 0,          \
	    NEVER, ONE,                                                      \
	    WS, WS, WS, NO, NO, WS, NO, NO)                                  \
	AREA(PEOPLE_CONSENT, "people.consent", IDENTITY, IDENTITY, 0,        \
	    NEVER, ONE,                                                      \
	    RS, W, W, NO, NO, WS, NO, NO)                                    \
	AREA(PEOPLE_SENSITIVE, "people.sensitive", SENSITIVE, SENSITIVE, 0,  \
	    NEVER, ONE,                                                      \
	    MS, R, W, NO, NO, NO, NO, NO)                                    \
	AREA(PEOPLE_NOTES, "people.notes", CASE, CASE, 0, NEVER, ONE,        \
	    MS, W, W, NO, NO, NO, NO, NO)                                    \
	AREA(PEOPLE_HISTORY, "people.history", IDENTITY, IDENTITY, 0,        \
	    NEVER, ONE,                                                      \
	    RS, R, R, NO, NO, NO, NO, NO)                                    \
	AREA(PEOPLE_MERGE, "people.merge", IDENTITY, IDENTITY, 0,            \
	    ALWAYS, ONE,                                                     \
	    WS, W, W, NO, NO, NO, NO, NO)                                    \
	AREA(PEOPLE_PHONE_LIST, "people.phone_list", IDENTITY, IDENTITY, 0,  \
	    ALWAYS, ONE,                                                     \
	    RS, R, R, NO, NO, RS, NO, NO)                                    \
	AREA(PEOPLE_SHRED, "people.shred", IDENTITY, IDENTITY, 0,            \
	    ALWAYS, TWO,                                                     \
	    AS, W, W, NO, NO, NO, NO, NO)                                    \
	AREA(CONTACTS_WRITE, "contacts.write", IDENTITY, IDENTITY, 0,        \
	    NEVER, ONE,                                                      \
	    WS, WS, WS, W, NO, WS, NO, W)                                    \
	AREA(CONTACTS_READ, "contacts.read", CASE, CASE, 0, NEVER, ONE,      \
	    RS, R, R, NO, NO, MS, NO, R)                                      \
	AREA(MATTERS_LIST, "matters.list", CASE, CASE, 0, NEVER, ONE,        \
	    RS, RS, R, NO, NO, NO, NO, R)                                    \
	AREA(MATTERS_OPEN, "matters.open", CASE, CASE, 0, NEVER, ONE,        \
	    WS, WS, NO, NO, NO, NO, NO, NO)                                  \
	AREA(MATTERS_FILE, "matters.file", CASE, CASE, 0, NEVER, ONE,        \
	    MG, W, NO, NO, NO, NO, NO, R)                                    \
	AREA(MATTERS_NOTES, "matters.notes", CASE, CASE, 0, NEVER, ONE,      \
	    NO, W, NO, NO, NO, NO, NO, NO)                                   \
	AREA(DEADLINES, "deadlines", CASE, CASE, 0, NEVER, ONE,              \
	    RS, WRS, M, NO, NO, NO, NO, R)                                   \
	AREA(DEADLINES_CLOSE, "deadlines.close", CASE, CASE, 0, NEVER, TWO,  \
	    AS, A, NO, NO, NO, NO, NO, NO)                                   \
	AREA(HEARINGS, "hearings", CASE, CASE, 0, NEVER, ONE,                \
	    RS, WRS, R, NO, NO, MS, NO, R)                                   \
	AREA(AGENDA, "agenda", NONE, NONE, 0, NEVER, ONE,                    \
	    RS, R, R, R, R, MS, NO, R)                                       \
	AREA(TASKS, "tasks", NONE, CASE, OF_CASE, NEVER, ONE,                \
	    RS, W, W, W, W, W, W, W)                                         \
	AREA(DOCUMENTS_CASE, "documents.case", CASE, CASE, 0, NEVER, ONE,    \
	    MS, W, NO, NO, NO, NO, NO, R)                                    \
	AREA(DOCUMENTS_PERSON, "documents.person", CASE, CASE, 0,            \
	    NEVER, ONE,                                                      \
	    RS, W, W, NO, NO, NO, NO, NO)                                    \
	AREA(DOCUMENTS_ENTERPRISE, "documents.enterprise", CASE, CASE, 0,    \
	    NEVER, ONE,                                                      \
	    RS, NO, M, W, RS, NO, NO, NO)                                    \
	AREA(DOCUMENTS_OFFICE, "documents.office", NONE, NONE, OF_CASE,      \
	    NEVER, ONE,                                                      \
	    WS, RS, RS, RS, WS, NO, NO, NO)                                  \
	AREA(WRITS, "writs", CASE, CASE, 0, NEVER, ONE,                      \
	    MS, W, NO, NO, NO, NO, NO, NO)                                   \
	AREA(CUSTODY, "custody", CASE, CASE, 0, NEVER, ONE,                  \
	    RS, W, R, NO, NO, NO, NO, R)                                     \
	AREA(WARRANTS, "warrants", CASE, CASE, 0, NEVER, ONE,                \
	    RS, W, R, NO, NO, NO, NO, NO)                                    \
	AREA(VISITS, "visits", CASE, CASE, 0, NEVER, ONE,                    \
	    RS, W, W, W, NO, NO, NO, R)                                      \
	AREA(RIGHTS_INTERVIEW, "rights.interview", CASE, CASE, 0,            \
	    NEVER, ONE,                                                      \
	    MS, W, W, NO, NO, NO, NO, NO)                                    \
	AREA(VIOLATIONS, "violations", SENSITIVE, SENSITIVE, 0, NEVER, ONE,  \
	    NO, W, R, NO, NO, NO, NO, NO)                                    \
	AREA(PLAN, "plan", SENSITIVE, SENSITIVE, 0, NEVER, ONE,              \
	    RS, M, W, M, NO, NO, NO, NO)                                     \
	AREA(ASSISTANCE_CATALOGUE, "assistance.catalogue", NONE, NONE,       \
	    OF_BOOKS, NEVER, ONE,                                            \
	    WS, RS, RS, RS, RS, RS, NO, NO)                                  \
	AREA(ASSISTANCE_REQUEST, "assistance.request", CASE, CASE,           \
	    OF_BOOKS, NEVER, ONE,                                            \
	    RS, W, W, NO, RS, NO, NO, NO)                                    \
	AREA(ASSISTANCE_APPROVE, "assistance.approve", CASE, CASE,           \
	    OF_BOOKS, NEVER, TWO,                                            \
	    AS, NO, A, NO, NO, NO, NO, NO)                                   \
	AREA(ASSISTANCE_DELIVER, "assistance.deliver", NONE, CASE,           \
	    OF_BOOKS, OVER, TWO,                                             \
	    RS, NO, W, NO, WS, WS, NO, NO)                                   \
	AREA(ASSISTANCE_QUICK, "assistance.quick", IDENTITY, IDENTITY,       \
	    OF_BOOKS, NEVER, TWO,                                            \
	    AS, W, W, W, AS, WS, NO, NO)                                     \
	AREA(ASSISTANCE_QUEUE, "assistance.queue", NONE, NONE, OF_BOOKS,     \
	    NEVER, ONE,                                                      \
	    WS, NO, RS, NO, RS, NO, NO, NO)                                  \
	AREA(ENTERPRISES, "enterprises", CASE, CASE, 0, NEVER, ONE,          \
	    RS, NO, M, W, MS, NO, NO, NO)                                    \
	AREA(ENTERPRISES_COMMITTEE, "enterprises.committee", CASE, CASE,     \
	    OF_BOOKS, NEVER, TWO,                                            \
	    AS, NO, AS, NO, AS, NO, NO, NO)                                  \
	AREA(ENTERPRISES_TRANCHE, "enterprises.tranche", NONE, CASE,         \
	    OF_BOOKS, OVER, TWO,                                             \
	    AS, NO, NO, W, WS, NO, NO, NO)                                   \
	AREA(DONORS, "donors", NONE, NONE, OF_DONOR, NEVER, ONE,             \
	    WS, NO, NO, NO, WS, NO, NO, NO)                                  \
	AREA(AGREEMENTS, "agreements", NONE, NONE, OF_BOOKS, NEVER, ONE,     \
	    WS, RS, RS, RS, WS, NO, NO, NO)                                  \
	AREA(BOOKS, "books", NONE, NONE, OF_BOOKS, NEVER, ONE,               \
	    RS, NO, NO, NO, WS, NO, NO, NO)                                  \
	AREA(BOOKS_PAY, "books.pay", NONE, NONE, OF_BOOKS, ALWAYS, TWO,      \
	    AS, NO, NO, NO, WS, NO, NO, NO)                                  \
	AREA(BOOKS_CLOSE, "books.close", NONE, NONE, OF_BOOKS, ALWAYS, TWO,  \
	    AS, NO, NO, NO, WS, NO, NO, NO)                                  \
	AREA(REPORTS, "reports", NONE, NONE, OF_BOOKS, NEVER, ONE,           \
	    WS, RS, RS, RS, WS, NO, NO, NO)                                  \
	AREA(REPORTS_PUBLISH, "reports.publish", NONE, NONE, 0,              \
	    ALWAYS, TWO,                                                     \
	    AS, NO, NO, NO, AS, NO, NO, NO)                                  \
	AREA(BOARD, "board", NONE, NONE, 0, NEVER, ONE,                      \
	    RS, RS, RS, RS, RS, NO, NO, NO)                                  \
	AREA(HOURS, "hours", NONE, NONE, OF_OFFICE, NEVER, ONE,              \
	    RS, W, W, W, WRS, W, W, W)                                       \
	AREA(ACCESS_GRANTS, "access.grants", NONE, NONE, OF_OFFICE,          \
	    ALWAYS, ONE,                                                     \
	    WS, W, W, NO, NO, NO, NO, NO)                                    \
	AREA(ACCESS_WALLS, "access.walls", NONE, NONE, OF_OFFICE,            \
	    ALWAYS, TWO,                                                     \
	    WS, W, NO, NO, NO, NO, NO, NO)                                   \
	AREA(ACCESS_BREAK_GLASS, "access.break_glass", NONE, NONE,           \
	    OF_OFFICE, ALWAYS, ONE,                                          \
	    WS, WS, WS, NO, NO, NO, NO, NO)                                  \
	AREA(ACCESS_WHO_LOOKED, "access.who_looked", NONE, NONE, OF_OFFICE,  \
	    NEVER, ONE,                                                      \
	    RS, R, R, NO, NO, NO, NO, NO)                                    \
	AREA(ADMIN_USERS, "admin.users", NONE, NONE, OF_OFFICE,              \
	    ALWAYS, TWO,                                                     \
	    WS, NO, NO, NO, NO, NO, WS, NO)                                  \
	AREA(ADMIN_LAW, "admin.law", NONE, NONE, 0, ALWAYS, ONE,             \
	    WS, WS, NO, NO, NO, NO, NO, NO)                                  \
	AREA(ADMIN_TEMPLATES, "admin.templates", NONE, NONE, OF_CASE,        \
	    NEVER, ONE,                                                      \
	    WS, WS, NO, NO, NO, NO, NO, NO)                                  \
	AREA(ADMIN_INTERPRETERS, "admin.interpreters", NONE, NONE,           \
	    OF_OFFICE, NEVER, ONE,                                           \
	    WS, WS, WS, NO, NO, NO, NO, NO)                                  \
	AREA(ADMIN_SETTINGS, "admin.settings", NONE, NONE, OF_OFFICE,        \
	    ALWAYS, ONE,                                                     \
	    WS, NO, NO, NO, NO, NO, RS, NO)                                  \
	AREA(ADMIN_IMPORT, "admin.import", IDENTITY, IDENTITY, 0,            \
	    ALWAYS, ONE,                                                     \
	    WS, NO, NO, NO, WS, NO, NO, NO)                                  \
	AREA(ADMIN_EXPORT, "admin.export", NONE, NONE, 0, ALWAYS, TWO,       \
	    AS, W, W, NO, WS, NO, NO, NO)                                    \
	AREA(ADMIN_RETENTION, "admin.retention", NONE, NONE, 0,              \
	    ALWAYS, TWO,                                                     \
	    AS, W, NO, NO, NO, NO, NO, NO)                                   \
	AREA(ADMIN_RIGHTS_REQUESTS, "admin.rights_requests", NONE, NONE,     \
	    OF_OFFICE, NEVER, ONE,                                           \
	    WS, WS, WS, NO, NO, NO, WS, NO)                                  \
	AREA(ADMIN_AUDIT, "admin.audit", NONE, NONE, OF_OFFICE, NEVER, ONE,  \
	    RS, NO, NO, NO, NO, NO, MS, NO)                                  \
	AREA(SYSTEM_STATE, "system.state", NONE, NONE, 0, NEVER, ONE,        \
	    RS, NO, NO, NO, NO, NO, RS, NO)                                  \
	AREA(SYSTEM_BACKUP, "system.backup", NONE, NONE, 0, NEVER, ONE,      \
	    WS, NO, NO, NO, NO, NO, WS, NO)                                  \
	AREA(SYSTEM_RESTORE, "system.restore", NONE, NONE, 0, ALWAYS, TWO,   \
	    AS, NO, NO, NO, NO, NO, WS, NO)                                  \
	AREA(SYSTEM_VAULT, "system.vault", NONE, NONE, 0, ALWAYS, ONE,       \
	    WS, NO, NO, NO, NO, NO, NO, NO)                                  \
	AREA(SYSTEM_SEAL, "system.seal", NONE, NONE, 0, NEVER, ONE,          \
	    WS, WS, WS, WS, WS, WS, WS, WS)                                  \
	AREA(ACCOUNT, "account", NONE, NONE, OF_OFFICE, NEVER, ONE,          \
	    W, W, W, W, W, W, W, W)                                          \
	AREA(PUBLIC_CALC, "public.calc", NONE, NONE, 0, NEVER, ONE,          \
	    RS, RS, RS, RS, RS, RS, RS, RS)

#endif
