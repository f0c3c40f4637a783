#include "app/bidden.h"

#include <stdio.h>
#include <string.h>

#include "app/spine.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "load/load.h"
#include "remote/pace.h"

enum { ANSWER_MS = 20 * 1000, VALUE_MAX = 64 * 1024, SAID_MAX = 200 };

/* One secret, by its input. */
struct bid {
	struct session *s;
	int input;
	char *text; /* shell text; NULL: config.yaml has none of that name */
	struct loop_child *child; /* it runs */
	struct str out, said;
	bool ended;
	char why[320]; /* there is no value */
};

struct bidden {
	VEC_OF(struct bid *) list;
};

static void
wipe(struct str *s)
{
	if (s->cap)
		mem_wipe(s->buf, s->cap);
	str_release(s);
}

static void
printed(void *ctx, const char *p, size_t len)
{
	struct bid *b = ctx;
	struct str more = STR_INIT;

	/* what it grows out of is left clean */
	if (b->out.len + len > VALUE_MAX)
		len = VALUE_MAX + 1 - b->out.len;
	str_reserve(&more, b->out.len + len);
	str_add(&more, b->out.buf ? b->out.buf : "", b->out.len);
	str_add(&more, p, len);
	wipe(&b->out);
	b->out = more;
}

static void
said(void *ctx, const char *p, size_t len)
{
	struct bid *b = ctx;

	if (b->said.len < SAID_MAX)
		str_add(&b->said, p,
			len < SAID_MAX - b->said.len ? len : SAID_MAX - b->said.len);
}

static const struct input *
input_of(const struct bid *b)
{
	return &b->s->runbook->inputs.list.at[b->input];
}

static void
set_why(struct bid *b, const struct loop_child_end *end)
{
	char *words = text_harmless_dup(b->said.buf ? b->said.buf : "");
	int n = (int)strcspn(words, "\n");

	if (end->timed_out)
		snprintf(
			b->why, sizeof b->why, "no answer within %d s", ANSWER_MS / 1000);
	else if (end->signal)
		snprintf(b->why, sizeof b->why, "ended by signal %d", end->signal);
	else
		snprintf(b->why, sizeof b->why, "exit %d%s%.*s", end->exit, n ? ": " : "",
			n, words);
	mem_free(words);
}

/* Without the line ends behind it, as from a file. */
static void
take_value(struct bid *b)
{
	char *full = runbook_full_name(
		b->s->runbook, input_of(b)->scope, input_of(b)->name);
	struct err e = ERR_INIT;

	while (b->out.len && strchr("\r\n", b->out.buf[b->out.len - 1]))
		str_cut(&b->out, b->out.len - 1);
	if (!b->out.len)
		snprintf(b->why, sizeof b->why, "it printed nothing");
	else if (b->out.len > VALUE_MAX || memchr(b->out.buf, '\0', b->out.len))
		snprintf(b->why, sizeof b->why,
			"what it printed is no secret of one text");
	else if (!asking_secret_came(b->s, full, b->out.buf, &e))
		snprintf(b->why, sizeof b->why, "%s", e.msg);
	mem_free(full);
}

static void
tell(struct bid *b)
{
	struct err e = ERR_INIT;

	if (bidden_why(b->s, b->input, &e))
		spine_message(b->s, &e);
}

static void
ended(void *ctx, const struct loop_child_end *end)
{
	struct bid *b = ctx;

	loop_child_free(b->child);
	b->child = NULL;
	b->ended = true;
	if (end->exit == 0 && !end->timed_out)
		take_value(b);
	else
		set_why(b, end);
	wipe(&b->out);
	str_release(&b->said);
	tell(b);
	spine_changed(b->s);
	spine_pump(b->s);
}

static void
begin(struct bid *b)
{
	const char *const argv[] = {"/bin/sh", "-c", b->text, NULL};
	struct err e = ERR_INIT;

	b->why[0] = '\0';
	b->ended = false;
	b->child = loop_child_start(b->s->loop,
		&(struct loop_child_opts){
			.argv = argv, .timeout_ms = pace_ms(ANSWER_MS), .pass_fd = -1},
		&(struct loop_child_calls){printed, said, ended, b}, &e);
	if (b->child)
		return;
	b->ended = true;
	snprintf(b->why, sizeof b->why, "%s", e.msg);
	tell(b);
}

/* The operator's own, never of a runbook or project. */
static bool
own_settings(struct settings *out, char *why, size_t len)
{
	char *config = file_xdg(FILE_XDG_CONFIG),
	     *path = file_join(config, "config.yaml");
	struct diags d = {0};
	bool ok = !file_exists(path) || load_settings(path, out, &d);

	if (!ok && d.list.len)
		snprintf(why, len, "config.yaml:%d: %.200s", d.list.at[0].line,
			d.list.at[0].msg);
	diags_release(&d);
	mem_free(config);
	mem_free(path);
	return ok;
}

void
bidden_start(struct session *s)
{
	struct settings own = {0};
	char why[300] = "";

	if (s->quiet || s->onlooking || session_practises(s))
		return;
	for (size_t i = 0; i < s->runbook->inputs.list.len; i++) {
		const struct input *in = &s->runbook->inputs.list.at[i];
		struct bid *b;

		if (in->from != SECRET_COMMAND)
			continue;
		if (!s->bidden) {
			s->bidden = mem_alloc(sizeof *s->bidden);
			(void)own_settings(&own, why, sizeof why);
		}
		b = mem_alloc(sizeof *b);
		*b = (struct bid){.s = s,
			.input = (int)i,
			.text = mem_strdup(pairs_get(&own.commands, in->from_value))};
		vec_push(&s->bidden->list, b);
		if (b->text) {
			begin(b);
			continue;
		}
		b->ended = true;
		if (why[0])
			snprintf(b->why, sizeof b->why, "%s", why);
		else
			snprintf(b->why, sizeof b->why,
				"your config.yaml has no such command: add `commands: "
				"{%.80s: ...}`",
				in->from_value);
		tell(b);
	}
	settings_release(&own);
}

bool
bidden_busy(const struct session *s)
{
	for (size_t i = 0; s->bidden && i < s->bidden->list.len; i++)
		if (!s->bidden->list.at[i]->ended)
			return true;
	return false;
}

static struct bid *
bid_of(const struct session *s, int input)
{
	for (size_t i = 0; s->bidden && i < s->bidden->list.len; i++)
		if (s->bidden->list.at[i]->input == input)
			return s->bidden->list.at[i];
	return NULL;
}

bool
bidden_why(const struct session *s, int input, struct err *e)
{
	const struct input *in = &s->runbook->inputs.list.at[input];
	const struct bid *b = bid_of(s, input);

	if (b && b->ended && !b->why[0])
		return false;
	err_set(e, ERR_INPUT, "secret %s, from the command %s of your own: %s", in->name,
		in->from_value, b && b->ended ? b->why : "it has not answered yet");
	return true;
}

void
bidden_again(struct session *s, int input)
{
	struct bid *b = bid_of(s, input);

	if (b && b->text && b->ended && b->why[0])
		begin(b);
}

void
bidden_release(struct session *s)
{
	for (size_t i = 0; s->bidden && i < s->bidden->list.len; i++) {
		struct bid *b = s->bidden->list.at[i];

		loop_child_free(b->child);
		wipe(&b->out);
		str_release(&b->said);
		mem_free(b->text);
		mem_free(b);
	}
	if (s->bidden)
		vec_free(&s->bidden->list);
	mem_free(s->bidden);
	s->bidden = NULL;
}
