#include "base/dlog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/jsonout.h"
#include "base/stamp.h"
#include "base/str.h"
#include "base/text.h"

/* One of the two mutable globals of base: a log that had to be handed to every function
 * would not be used where it is wanted most. */
static int dlog_fd = -1;

bool
dlog_open(const char *path, struct err *e)
{
	int fd = open(path,
		O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);

	if (fd < 0)
		return err_sys(e, errno, "cannot open the debug log %s", path);
	if (isatty(fd)) {
		close(fd);
		return err_set(e, ERR_INPUT,
			"%s is a terminal: the debug log would write over the screen",
			path);
	}
	dlog_close();
	dlog_fd = fd;
	return true;
}

void
dlog_close(void)
{
	if (dlog_fd >= 0)
		close(dlog_fd);
	dlog_fd = -1;
}

bool
dlog_on(void)
{
	return dlog_fd >= 0;
}

void
dlog(const char *area, const char *fmt, ...)
{
	struct str text = STR_INIT, clean = STR_INIT, line = STR_INIT;
	char stamp[STAMP_BYTES];
	struct jsonout j;
	struct err e = ERR_INIT;
	va_list ap;

	if (!dlog_on())
		return;
	int saved = errno;
	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	text_harmless(&clean, text.buf, text.len, TEXT_ONE_LINE);

	struct now now = clock_now();
	jsonout_init(&j, &line);
	jsonout_open(&j);
	jsonout_kstr(&j, "t", stamp_wall(now.wall, stamp));
	jsonout_kint(&j, "mono", now.mono.ms);
	jsonout_kstr(&j, "area", area);
	jsonout_kstr(&j, "text", clean.buf);
	jsonout_close(&j);
	str_addc(&line, '\n');
	/* A debug log that cannot be written is given up, never a reason to stop. */
	if (!file_write_all(dlog_fd, line.buf, line.len, &e))
		dlog_close();
	str_release(&text);
	str_release(&clean);
	str_release(&line);
	errno = saved;
}
