#ifndef UNIT_MODEL_ZONES_H
#define UNIT_MODEL_ZONES_H

/* Berlin as the system knows it, and times as people write them. */

#include "base/file.h"
#include "base/stamp.h"
#include "base/zone.h"
#include "unit.h"

static inline struct zone *
zone_named(const char *name)
{
	char *path = file_join("/usr/share/zoneinfo", name);
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	struct zone *z = NULL;

	if (file_read(path, 1 << 20, &text, &e))
		z = zone_parse(name, text.buf, text.len, &e);
	if (!z)
		fail_msg("%s", e.msg);
	str_release(&text);
	mem_free(path);
	return z;
}

static inline struct wall
utc(const char *stamp)
{
	struct wall w = {0};

	assert_true(stamp_parse(stamp, &w));
	return w;
}

#endif
