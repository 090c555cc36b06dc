/* The areas of permission, in the order of reach_table.h. */
#ifndef ALAS_AREAS_H
#define ALAS_AREAS_H

#include "reach_table.h"

enum area {
	AREA_NONE,		/* no permission but being signed in */
#define AREA(name, ...) AREA_##name,
	REACH_TABLE(AREA)
#undef AREA
	AREAS
};

#endif
