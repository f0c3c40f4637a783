#include "share/storesql.h"

#include <stdio.h>
#include <string.h>

#include "share/store_sql.h"

enum { NEWEST = 3 };

int
storesql_version(void)
{
	return NEWEST;
}

const char *
storesql_cure(const char *state)
{
	static const char *const cures[][2] = {
		{"42P01", "there is no store in that database: handrail store init"},
		{"3F000", "there is no store in that database: handrail store init"},
		{"42501",
			"the store does not let this user in: grant it handrail_writer"},
		{"55P03", "somebody holds the lock of this run in the store"},
		{"57014",
			"the store was too slow, or somebody holds the lock of this run there"},
	};

	for (size_t i = 0; i < sizeof cures / sizeof *cures; i++)
		if (strcmp(cures[i][0], state) == 0)
			return cures[i][1];
	return NULL;
}

static bool
part(int version, const char **from, const char **to)
{
	char mark[48], end[48];

	snprintf(mark, sizeof mark, "\n-- version %d,", version);
	snprintf(end, sizeof end, "\n-- end of version %d\n", version);
	*from = strstr(store_sql, mark);
	*to = *from ? strstr(*from, end) : NULL;
	return *to != NULL;
}

bool
storesql_since(int have, struct str *out)
{
	const char *from, *to;
	bool any = false;

	for (int v = have + 1; part(v, &from, &to); v++) {
		str_adds(out, "begin;");
		str_add(out, from, (size_t)(to - from));
		str_adds(out, "\ncommit;\n");
		any = true;
	}
	return any;
}
