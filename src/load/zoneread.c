#include "load/zoneread.h"

#include "base/file.h"
#include "load/keyed.h"

enum { ZONE_FILE_MAX = 1 << 18 };

static struct zone *
read_file(const char *name, struct err *e)
{
	static const char *const folders[] = {
		"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo"};
	struct zone *z = NULL;

	err_set(e, ERR_PARSE, "it is no name of a zone");
	for (size_t i = 0; zone_name_valid(name) && i < sizeof folders / sizeof *folders;
		i++) {
		char *path = file_join(folders[i], name);
		struct str text = STR_INIT;

		if (file_read(path, ZONE_FILE_MAX, &text, e))
			z = zone_parse(name, text.buf, text.len, e);
		str_release(&text);
		mem_free(path);
		if (z)
			break;
	}
	return z;
}

bool
zoneread_add(struct windows *keep, const char *name, struct err *e)
{
	struct err why = ERR_INIT;
	struct zone *z;

	if (!*name || str_eq(name, "UTC") || window_zone(keep, name))
		return true;
	z = read_file(name, &why);
	if (!z)
		return err_set(
			e, ERR_INPUT, "this system knows no time zone %.60s", name);
	vec_push(&keep->zones, z);
	return true;
}

const struct zone *
zoneread_find(const struct reading *r, const struct ynode *at, const char *name,
	struct windows *keep)
{
	const struct zone *known = window_zone(keep, name);
	struct err e = ERR_INIT;
	struct zone *z;

	if (known || !*name || str_eq(name, "UTC"))
		return known;
	z = read_file(name, &e);
	if (z)
		vec_push(&keep->zones, z);
	else
		keyed_complain(r, at, C_ZONE, "write it as Europe/Berlin, or UTC",
			"this system knows no time zone `%.60s`", name);
	return z;
}
