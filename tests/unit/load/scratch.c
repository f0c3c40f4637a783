#include "scratch.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

char scratch[] = "/tmp/handrail-load-XXXXXX";

int
scratch_enter(void **state)
{
	(void)state;
	memcpy(scratch + sizeof scratch - 7, "XXXXXX", 6);
	return mkdtemp(scratch) && chdir(scratch) == 0 ? 0 : -1;
}

int
scratch_leave(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	return chdir("/") == 0 && file_remove_tree(scratch, &e) ? 0 : -1;
}

void
scratch_put(const char *path, const char *text)
{
	struct err e = ERR_INIT;

	if (!file_replace(path, text, strlen(text), 0600, &e))
		fail_msg("%s", e.msg);
}

void
scratch_errors(const struct diags *d, int count)
{
	struct str s = STR_INIT;

	if (d->errors != (size_t)count) {
		diags_print(d, &s);
		scratch_say(s.buf);
	}
	assert_int_equal(d->errors, count);
	str_release(&s);
}

void
scratch_say(const char *text)
{
	for (const char *end; *text; text = end + (*end == '\n')) {
		end = strchrnul(text, '\n');
		print_message("# %.*s\n", (int)(end - text), text);
	}
}
