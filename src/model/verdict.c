#include "model/verdict.h"

#include "base/str.h"

static const char *const names[] = {
	[VERDICT_OK] = "ok",
	[VERDICT_WARN] = "warn",
	[VERDICT_FAIL] = "fail",
	[VERDICT_UNKNOWN] = "unknown",
};

const char *
verdict_name(enum verdict v)
{
	return names[v];
}

bool
verdict_parse(const char *s, enum verdict *out)
{
	for (int v = VERDICT_OK; v <= VERDICT_UNKNOWN; v++) {
		if (str_eq(s, names[v])) {
			*out = (enum verdict)v;
			return true;
		}
	}
	return false;
}
