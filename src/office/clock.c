#include "office.h"

#include <time.h>

static int64_t offset_ms, ahead_ms;

static int64_t
clock_ms(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t
system_ms(void)
{
	return clock_ms(CLOCK_REALTIME);
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
	ahead_ms = system_ms() - clock_ms(CLOCK_BOOTTIME);
}

/* The other clock counts sleep too, and nobody can set it. */
int64_t
office_clock_off_ms(void)
{
	return system_ms() - clock_ms(CLOCK_BOOTTIME) - ahead_ms;
}
