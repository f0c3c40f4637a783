#include "app/watched.h"

#include <string.h>

#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stamp.h"

static char *
in_state(const char *name)
{
	char *state = file_xdg(FILE_XDG_STATE), *path = file_join(state, name);

	mem_free(state);
	return path;
}

struct wall
watched_last(void)
{
	char *path = in_state("tick");
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	struct wall at = {0};

	if (file_read(path, STAMP_BYTES, &text, &e)) {
		text.buf[strcspn(text.buf, "\n")] = '\0';
		if (!stamp_parse(text.buf, &at))
			at = (struct wall){0};
	}
	str_release(&text);
	mem_free(path);
	return at;
}

bool
watched_tell(struct wall at, struct err *e)
{
	char *path = in_state("tick"), stamp[STAMP_BYTES];
	char *text = mem_printf("%s\n", stamp_wall(at, stamp));
	bool ok = file_replace(path, text, strlen(text), 0600, e);

	mem_free(text);
	mem_free(path);
	return ok;
}

int
watched_lock(const char *name, struct err *e)
{
	char *state = file_xdg(FILE_XDG_STATE), *path = file_join(state, name);
	int fd = file_mkdirs(state, 0700, e) ? disk_open(path, DISK_APPEND, e) : -1;

	if (fd >= 0 && !disk_lock(fd, e)) {
		err_set(e, ERR_STATE, "another handrail tick is at work");
		disk_close(fd);
		fd = -1;
	}
	mem_free(path);
	mem_free(state);
	return fd;
}

bool
watched_words(struct wall last, struct wall now, struct str *out)
{
	char ago[STAMP_BYTES];
	bool fresh = last.ms && now.ms - last.ms < WATCHED_FRESH_MS;

	if (!last.ms)
		str_adds(out, "not watched: see handrail tick --install-help");
	else
		str_addf(out, "%s: handrail tick ran %s ago",
			fresh ? "watched" : "not watched",
			stamp_duration(
				(now.ms > last.ms ? now.ms - last.ms : 0) / 1000 * 1000,
				ago));
	return fresh;
}
