#include "office.h"

#include <time.h>

static int64_t offset_ms;

static int64_t
system_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

instant
office_now(void)
{
	return (instant){ system_ms() + offset_ms, true };
}

void
office_set_clock(instant now)
{
	if (now.known)
		offset_ms = now.ms - system_ms();
}
