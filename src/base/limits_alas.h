/*
 * The named maxima of the house.  Every loop, buffer, list, depth, wait
 * and retry has one; reaching it is a refusal, never a crash.
 */
#ifndef ALAS_LIMITS_H
#define ALAS_LIMITS_H

enum {
	KIB = 1024,
	MIB = 1024 * 1024,

	OP_ARENA_MAX = 64 * MIB,	/* memory of one operation */
	ANSWER_MAX = 16 * MIB,		/* bytes of one answer */
	SCGI_HEADER_MAX = 64 * KIB,
	SCGI_NAMES_MAX = 32,
	SCGI_VALUE_MAX = 8 * KIB,
	PATH_MAX_BYTES = 1024,
	PATH_SEGMENTS_MAX = 12,
	FORM_BODY_MAX = 256 * KIB,
	FORM_NAMES_MAX = 500,
	JSON_BODY_MAX = 1 * MIB,
	JSON_DEPTH_MAX = 32,
	UPLOAD_BODY_MAX = 26 * MIB,
	UPLOADS_MAX = 8,		/* such bodies at once */
	BODY_PARTS_MAX = 25,		/* of one such body */
	FILED_MAX = BODY_PARTS_MAX,	/* files of one operation */
	CONNECTIONS_MAX = 512,		/* at the office's socket */

	RECORD_PLAIN_MAX = 128 << 11,	/* bytes of packed fields */
	FIELD_VALUE_MAX = 65535,
	FIELDS_MAX = 64,		/* fields of one entity */
	LIST_VALUES_MAX = 64,		/* codes in one list */
	PAGE_ROWS = 50,			/* rows of a list page */
	PAGE_ROWS_API_MAX = 100,
	CHILDREN_MAX = 5000,		/* rows under one parent */
	TOUCHED_MAX = 1000,		/* rows of one audit leaf */
	CHANGES_MAX = 200,		/* field changes told in one leaf */
	PROOF_MAX = 64,			/* hashes of a proof: leaves count 64 bits */
	READS_MAX = 1000,		/* read leaves that wait */
	ERRORS_MAX = 100,		/* field errors of one form */
	SQL_ARGS_MAX = 48,
	SQL_COLUMNS_MAX = 48,

	DEADLINE_DAYS_MAX = 400,	/* days listed in a sheet */
	CUSTODY_PERIODS_MAX = 64,

	FIGURES_ITEMS_MAX = 10000,	/* in a list of a question */
	LOAN_INSTALMENTS_MAX = 600,
	RATE_PERCENT_MAX = 1000,
	PLAN_MONTHS_MAX = 600,
	SURVIVAL_MONTHS_MAX = 1200,
	SUPPRESS_SIDE_MAX = 60,		/* rows, or columns, of a table */
	SUPPRESS_CELLS_MAX = SUPPRESS_SIDE_MAX * SUPPRESS_SIDE_MAX,
	SUPPRESS_K_MAX = 1000,
	SUPPRESS_NODES = 20000,		/* patterns tried, unless told */
	SUPPRESS_NODES_MAX = 1000000,
	NEED_PERSONS_MAX = 2000,
	NEED_COSTS_MAX = 64,		/* of one person */
	NEED_QUANTILES_MAX = 100,
	NEED_WORK_MAX = 1000000000,	/* persons times steps */
	NEED_SUMS_MAX = 2000000,	/* different sums kept */
	FX_LINES_MAX = 2000,		/* purchases, spendings or rates */
	FX_RATE_MAX = 1000000,		/* units for one of the report's */

	LAW_FILE_MAX = 1 * MIB,		/* bytes of one file of the law */
	LAW_ROWS_MAX = 4000,		/* rows of one */
	LAW_COLUMNS_MAX = 24,
	LAW_CELL_MAX = 1024,
	LAW_FAULTS_MAX = 100,		/* what one lint reports */
	LAW_STEPS_MAX = 8,		/* in the chain of one rule */
	LAW_READINGS_MAX = 4,		/* of one step, the answer not counted */
	LAW_AREAS_MAX = 64,		/* districts of one suspension */
	LAW_EXTRA_MAX = 64,		/* suspensions a question brings along */
	LAW_CLOSED_MAX = 400,		/* closed days it brings along */
	LAW_TERM_DAYS_MAX = 36600,	/* a hundred years */
	LAW_TERM_MONTHS_MAX = 1200,
	LAW_TERM_HOURS_MAX = 8784,
	LAW_DISTANCE_MAX = 90,
	LAW_DAYS_EDGE = 10,		/* first and last of a cut list */
};

#endif
