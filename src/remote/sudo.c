#include "remote/sudo.h"

#include <string.h>

#include "base/mem.h"
#include "remote/hr1.h"

#define PROMPT "HR1-password"
#define READY  "HR1 ready"

enum { SAID_MAX = 400 };

struct sudo {
	struct link_exec *exec;
	struct str out, err;
	sudo_fn *fn;
	void *ctx;
	bool told;
};

bool
sudo_wants_password(const char *err)
{
	return strstr(err, "sudo:") && strstr(err, "password is required");
}

static void
tell(struct sudo *s, enum sudo_verdict verdict, const char *why)
{
	if (s->told)
		return;
	s->told = true;
	s->fn(s->ctx, verdict, why); /* may free s */
}

static void
on_out(void *ctx, const char *p, size_t len)
{
	struct sudo *s = ctx;

	if (s->out.len + len <= SAID_MAX)
		str_add(&s->out, p, len);
}

/* A second prompt means that the first answer was wrong. Hanging up here keeps sudo from
 * reading, and counting, another attempt. */
static void
on_err(void *ctx, const char *p, size_t len)
{
	struct sudo *s = ctx;
	const char *first;

	if (s->err.len + len <= SAID_MAX)
		str_add(&s->err, p, len);
	first = strstr(s->err.buf, PROMPT);
	if (!first || !strstr(first + 1, PROMPT))
		return;
	link_exec_free(s->exec);
	s->exec = NULL;
	tell(s, SUDO_WRONG, "wrong password");
}

/* What sudo said beside its prompt. */
static const char *
words(struct sudo *s)
{
	char *p = strstr(s->err.buf, PROMPT);

	return p ? p + strlen(PROMPT) : s->err.buf;
}

static void
on_end(void *ctx, const struct link_exec_end *end)
{
	struct sudo *s = ctx;

	if (strstr(s->out.buf, READY))
		tell(s, SUDO_FINE, "");
	else if (end->lost)
		tell(s, SUDO_LOST, end->why);
	else
		tell(s, SUDO_REFUSED, *words(s) ? words(s) : end->why);
}

struct sudo *
sudo_start(struct link *l, const char *as, const char *password, sudo_fn *fn, void *ctx)
{
	struct link_exec_calls calls = {
		.on_out = on_out, .on_err = on_err, .on_end = on_end};
	struct str command = STR_INIT, input = STR_INIT;
	struct err e = ERR_INIT;
	struct sudo *s;

	if (!hr1_command(as, HR1_NO_PASSWORD, &command, &e))
		return NULL;
	str_reset(&command);
	str_addf(&command,
		"exec sudo -k -S -p " PROMPT " -u %s -- /bin/sh -c 'echo " READY "'", as);
	str_reserve(&input, strlen(password) + 2);
	str_addf(&input, "%s\n", password);
	s = mem_alloc(sizeof *s);
	s->out = STR_INIT;
	s->err = STR_INIT;
	s->fn = fn;
	s->ctx = ctx;
	calls.ctx = s;
	s->exec = link_exec_keep(l, command.buf, input.buf, input.len, &calls);
	mem_wipe(input.buf, input.len);
	str_release(&input);
	str_release(&command);
	return s;
}

void
sudo_free(struct sudo *s)
{
	if (!s)
		return;
	link_exec_free(s->exec);
	str_release(&s->out);
	str_release(&s->err);
	mem_free(s);
}
