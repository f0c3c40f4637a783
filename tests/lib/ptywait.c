#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ptyimpl.h"

static bool
ended(const struct pty *p)
{
	return p->phase == PTY_ENDED && (p->drained || p->master < 0);
}

static bool
wait_until(struct pty *p, pty_pred *holds, void *arg, int timeout_ms)
{
	int64_t deadline = ptyimpl_deadline_after(timeout_ms);

	pty_poll(p);
	for (;;) {
		if (holds(p, arg))
			return true;
		if (ended(p) || ptyimpl_now_ms() >= deadline)
			return false;
		ptyimpl_step(p, deadline);
	}
}

static void __attribute__((format(printf, 2, 3)))
complain(struct pty *p, const char *fmt, ...)
{
	char why[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	pty_dump(p, why);
}

bool
pty_wait(struct pty *p, pty_pred *holds, void *arg, int timeout_ms)
{
	if (wait_until(p, holds, arg, timeout_ms))
		return true;
	complain(p, "the state waited for did not come in %d ms", timeout_ms);
	return false;
}

static bool
has_text(struct pty *p, void *arg)
{
	return strstr(pty_screen(p), arg);
}

static bool
lacks_text(struct pty *p, void *arg)
{
	return !has_text(p, arg);
}

bool
pty_wait_text(struct pty *p, const char *text, int timeout_ms)
{
	if (wait_until(p, has_text, (void *)text, timeout_ms))
		return true;
	complain(p, "\"%s\" did not appear in %d ms", text, timeout_ms);
	return false;
}

bool
pty_wait_gone(struct pty *p, const char *text, int timeout_ms)
{
	if (wait_until(p, lacks_text, (void *)text, timeout_ms))
		return true;
	complain(p, "\"%s\" did not go away in %d ms", text, timeout_ms);
	return false;
}

struct row_text {
	int row;
	const char *text;
};

static bool
row_has(struct pty *p, void *arg)
{
	const struct row_text *want = arg;

	return strstr(pty_row(p, want->row), want->text);
}

bool
pty_wait_row(struct pty *p, int row, const char *text, int timeout_ms)
{
	struct row_text want = {.row = row, .text = text};

	if (wait_until(p, row_has, &want, timeout_ms))
		return true;
	complain(p, "\"%s\" did not appear in row %d in %d ms", text, row, timeout_ms);
	return false;
}

struct span {
	const char *at;
	size_t n;
};

static bool
raw_has(struct pty *p, void *arg)
{
	const struct span *want = arg;

	return memmem(p->raw.at, p->raw.n, want->at, want->n);
}

bool
pty_wait_raw(struct pty *p, const char *bytes, size_t n_bytes, int timeout_ms)
{
	struct span want = {.at = bytes, .n = n_bytes};

	if (wait_until(p, raw_has, &want, timeout_ms))
		return true;
	complain(p, "the bytes waited for were not written in %d ms", timeout_ms);
	return false;
}

static bool
is_stopped(struct pty *p, void *arg)
{
	(void)arg;
	return p->phase == PTY_STOPPED;
}

bool
pty_wait_stop(struct pty *p, int timeout_ms)
{
	if (wait_until(p, is_stopped, NULL, timeout_ms))
		return true;
	complain(p, "the program did not stop in %d ms", timeout_ms);
	return false;
}

static bool
is_ended(struct pty *p, void *arg)
{
	(void)arg;
	return ended(p);
}

bool
pty_wait_exit(struct pty *p, int *status, int timeout_ms)
{
	if (!wait_until(p, is_ended, NULL, timeout_ms)) {
		complain(p, "the program did not end in %d ms", timeout_ms);
		return false;
	}
	if (status)
		*status = p->status;
	return true;
}
