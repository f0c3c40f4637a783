#include "remote/pgservice.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

enum { FILE_MAX = 1024 * 1024 };

/* The line without blanks around it. */
static char *
trim(char *line)
{
	size_t len = strlen(line);

	while (len > 0 && isspace((unsigned char)line[len - 1]))
		line[--len] = '\0';
	while (isspace((unsigned char)*line))
		line++;
	return line;
}

static bool
is_section(const char *line, const char *name)
{
	size_t len = strlen(name);

	return line[0] == '[' && strncmp(line + 1, name, len) == 0 &&
		strcmp(line + 1 + len, "]") == 0;
}

bool
pgservice_parse(
	const char *text, const char *name, struct pairs *out, bool *found, struct err *e)
{
	char *copy = mem_strdup(text), *save = NULL;
	bool inside = false, ok = true;

	*found = false;
	for (char *raw = strtok_r(copy, "\n", &save); raw && ok;
		raw = strtok_r(NULL, "\n", &save)) {
		char *line = trim(raw), *eq;

		if (!*line || *line == '#')
			continue;
		if (*line == '[') {
			if (*found)
				break; /* the first section of that name is whole */
			inside = *found = is_section(line, name);
			continue;
		}
		if (!inside)
			continue;
		eq = strchr(line, '=');
		if (!eq || eq == line) {
			ok = err_set(e, ERR_INPUT,
				"service %.60s has a line that is no NAME=VALUE", name);
			break;
		}
		*eq = '\0';
		vec_push(&out->list,
			(struct pair){
				.key = mem_strdup(line), .value = mem_strdup(eq + 1)});
	}
	mem_wipe_free(copy, strlen(text)); /* it may hold passwords */
	return ok;
}

bool
pgservice_read(const char *name, struct pairs *out, struct err *e)
{
	const char *home = getenv("HOME"), *own = getenv("PGSERVICEFILE");
	char *paths[] = {own ? mem_strdup(own)
			     : mem_printf("%s/.pg_service.conf", home ? home : ""),
		mem_strdup("/etc/postgresql-common/pg_service.conf"),
		mem_strdup("/etc/pg_service.conf")};
	bool found = false, ok = true;

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct str text = STR_INIT;
		struct err none = ERR_INIT;

		if (ok && !found && file_read(paths[i], FILE_MAX, &text, &none))
			ok = pgservice_parse(text.buf, name, out, &found, e);
		mem_wipe(text.buf, text.len);
		str_release(&text);
		mem_free(paths[i]);
	}
	if (ok && !found)
		return err_set(e, ERR_INPUT,
			"there is no service %.60s in pg_service.conf", name);
	return ok;
}
