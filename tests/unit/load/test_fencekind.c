#include "load/fencekind.h"

#include "unit.h"

#include <string.h>

#include "base/str.h"

static const struct row {
	const char *info, *text;
	enum fence_kind want;
} rows[] = {
	/* the info string is not believed where the lines say otherwise */
	{"bash", "OPENAI_API_KEY=sk-...\nDEBUG=False\n", FENCE_ENV},
	{"bash", "# daily\n0 2 * * * /usr/local/bin/x\n", FENCE_CRONTAB},
	{"bash", "#!/bin/bash\nls\n", FENCE_FILE},
	{"bash", "# Edit x\n# Then deploy\n", FENCE_INSTRUCTIONS},
	{"bash", "$ ls\na\n", FENCE_CONSOLE},
	{"bash", "user@host:~$ ls\n", FENCE_CONSOLE},
	{"bash", "DATE=$(date +%F)\n", FENCE_COMMANDS},
	{"bash", "A=1\nls $A\n", FENCE_COMMANDS},
	{"bash", "A=1 ls\n", FENCE_COMMANDS},
	{"bash", "unknown words\n", FENCE_COMMANDS},
	{"sh title=x", "ls\n", FENCE_COMMANDS},
	{"{.bash}", "ls\n", FENCE_COMMANDS},
	{"Shell", "ls\n", FENCE_COMMANDS},
	{"console", "$ ls\n", FENCE_CONSOLE},
	{"console", "ls\n", FENCE_COMMANDS},
	{"yaml", "a: 1\n", FENCE_FILE},
	{"nginx", "listen 80;\n", FENCE_FILE},
	{"python", "# x\nimport y\n", FENCE_CODE},
	{"sql", "select 1\n", FENCE_SQL},
	{"dotenv", "A = 1\n", FENCE_ENV},
	{"crontab", "x\n", FENCE_CRONTAB},
	/* without one only the lines speak */
	{"", "docker compose ps\ngit pull\n", FENCE_COMMANDS},
	{NULL, "cd /srv\n./deploy.sh\n", FENCE_COMMANDS},
	{"", "/var/log/x.log {\n  daily\n}\n", FENCE_FILE},
	{"", "a: 1\nb: 2\n", FENCE_FILE},
	{"", "{\"a\": 1}\n", FENCE_FILE},
	{"text", "{\"a\": 1}\n", FENCE_OUTPUT},
	{"", "-- all\nSELECT 1\nFROM x;\n", FENCE_SQL},
	{"", "SELECT 1 of them\n", FENCE_INSTRUCTIONS},
	{"", "SELECT 1;\nDELETE FROM x;\n", FENCE_SQL},
	{"", "Stop the workers first.\n", FENCE_INSTRUCTIONS},
	{"", "total 12\n-rw-r--r-- x\n", FENCE_OUTPUT},
	{"bash", "", FENCE_OUTPUT},
	{"bash", " \n\n", FENCE_OUTPUT},
};

static void
judges_by_info_and_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fencekind got = fencekind_judge(
			rows[i].info, rows[i].text, strlen(rows[i].text));

		if (got.kind != rows[i].want)
			fail_msg("%s `%s`: got %s (%s), want %s", rows[i].info,
				rows[i].text, fence_kind_name(got.kind), got.reason,
				fence_kind_name(rows[i].want));
		assert_true(strlen(got.reason) > 0);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_by_info_and_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
