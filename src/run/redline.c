#include "run/redline.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/acttext.h"
#include "model/danger.h"
#include "model/sqltext.h"
#include "model/subst.h"
#include "run/legs.h"

/* Its text says all of it: what was read from it is what the file has. */
static bool
can_be_read(const struct step *s, struct err *e)
{
	struct http_spec h;
	char *again;
	bool same;

	if (s->kind != STEP_HTTP)
		return true;
	if (!acttext_read_http(s->text, &h, e))
		return err_ctx(e, "this request can only be edited in the runbook");
	again = acttext_http(&h);
	same = strcmp(again, s->text) == 0;
	mem_free(again);
	acttext_release_http(&h);
	return same ||
		err_set(e, ERR_INPUT, "this request can only be edited in the runbook");
}

bool
redline_may(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (!step_kind_acts(rs->step->kind))
		return err_set(e, ERR_INPUT,
			"only a command, a statement, a request or a copy can be edited");
	if (run_settled(rs))
		return err_set(e, ERR_STATE, "step %s is %s already", rs->step->number,
			run_step_word(r, step));
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg_run *lr = &rs->legs.list.at[i].way[WAY_FORWARD];

		if (legs_active(lr) || lr->state == LEG_RETRY || legs_ok(lr) ||
			lr->state == LEG_UNKNOWN)
			return err_set(e, ERR_STATE,
				"step %s has begun: it goes on with the command it has",
				rs->step->number);
	}
	return can_be_read(rs->step, e);
}

/* ---- does it fit ------------------------------------------------------------------------ */

struct naming {
	const struct run *r;
	const struct step *step;
	bool shown; /* a secret may not stand here */
	struct err *e;
	bool ok;
};

static bool
is_built_in(const char *name)
{
	static const char *const names[] = {"host", "run", "env", "step", "each"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* An input, or what a step before it saves. */
static void
known(void *ctx, const char *name)
{
	struct naming *n = ctx;
	const struct runbook *rb = n->r->runbook;
	int input = runbook_find_input(rb, n->step->scope, name);
	bool saved = false;

	for (int i = 0; i < n->step->index && !saved; i++) {
		const struct step *s = &rb->steps.list.at[i];

		for (size_t j = 0; s->scope == n->step->scope && j < s->save.list.len;
			j++)
			saved = saved || strcmp(s->save.list.at[j].name, name) == 0;
	}
	if (!n->ok)
		return;
	if (input == NONE && !saved && !is_built_in(name))
		n->ok = err_set(n->e, ERR_INPUT, "nothing is called ${%.40s} here", name);
	else if (input != NONE && n->shown &&
		rb->inputs.list.at[input].from != SECRET_NOT)
		n->ok = err_set(n->e, ERR_INPUT,
			"${%.40s} is a secret: it would be seen there", name);
}

static bool
names_fit(const struct run *r, int step, const char *text, bool shown, struct err *e)
{
	struct naming n = {r, &r->runbook->steps.list.at[step], shown, e, true};

	subst_names(text, known, &n);
	return n.ok;
}

static const char *
any_value(void *ctx, const char *name)
{
	struct naming *n = ctx;

	known(n, name);
	return n->ok ? "x" : NULL;
}

static bool
sql_fits(const struct run *r, int step, const char *text, struct err *e)
{
	struct err said = ERR_INIT;
	struct naming n = {r, &r->runbook->steps.list.at[step], false, &said, true};
	struct sqltext made;

	if (sqltext_read(text, any_value, &n, &made, e)) {
		sqltext_release(&made);
		return true;
	}
	return n.ok ? false : err_set(e, ERR_INPUT, "%s", said.msg);
}

static bool
http_fits(const struct run *r, int step, const char *text, struct err *e)
{
	struct http_spec h;
	bool ok;

	if (!acttext_read_http(text, &h, e))
		return false;
	ok = names_fit(r, step, h.url, true, e) && names_fit(r, step, h.body, false, e);
	for (size_t i = 0; ok && i < h.headers.list.len; i++)
		ok = names_fit(r, step, h.headers.list.at[i].value, false, e);
	acttext_release_http(&h);
	return ok;
}

/* Another host would be another step: nothing is known of it here. */
static bool
place_fits(
	const struct run *r, int step, const char *place, const char *was, struct err *e)
{
	size_t host = acttext_host_len(was);

	if (acttext_host_len(place) != host || strncmp(place, was, host) != 0)
		return err_set(e, ERR_INPUT, "the host of a copy stays: %.*s",
			host ? (int)host : (int)strlen("this machine"),
			host ? was : "this machine");
	if (!acttext_is_file(place + host + (host > 0)))
		return err_set(e, ERR_INPUT, "\"%.60s\" is no path of a file", place);
	return names_fit(r, step, place, true, e);
}

static bool
copy_fits(const struct run *r, int step, const char *text, struct err *e)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	struct acttext_copy c;
	bool ok;

	if (!acttext_read_copy(text, &c, e))
		return false;
	ok = place_fits(r, step, c.from, s->copy_from, e) &&
		place_fits(r, step, c.to, s->copy_to, e);
	if (ok && strstr(s->copy_to, "${host}") && !strstr(c.to, "${host}"))
		ok = err_set(e, ERR_INPUT,
			"the target keeps its ${host}: else each file replaces the last");
	acttext_release_copy(&c);
	return ok;
}

bool
redline_is_text(const char *text, struct err *e)
{
	size_t len = strlen(text);

	if (!text[strspn(text, " \t\n")])
		return err_set(
			e, ERR_INPUT, "a command without words: skip the step instead");
	if (len > REDLINE_BYTES || !text_valid_utf8(text, len))
		return err_set(e, ERR_INPUT, "more than %d bytes, or not valid text",
			REDLINE_BYTES);
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] < ' ' && text[i] != '\n' &&
			    text[i] != '\t') ||
			text[i] == 0x7f)
			return err_set(
				e, ERR_INPUT, "a command has no control characters");
	return true;
}

bool
redline_fits(const struct run *r, int step, const char *text, struct err *e)
{
	enum step_kind kind = r->runbook->steps.list.at[step].kind;

	if (!redline_is_text(text, e))
		return false;
	return kind == STEP_SQL     ? sql_fits(r, step, text, e)
		: kind == STEP_HTTP ? http_fits(r, step, text, e)
		: kind == STEP_COPY ? copy_fits(r, step, text, e)
				    : true;
}

/* ---- what it would do ------------------------------------------------------------------- */

enum { MODE_SET_ID = 06000, MODE_ANYBODY = 02 };

static void
worse(enum risk than, const char *msg, enum risk *risk, struct str *why)
{
	if (than > *risk)
		*risk = than;
	if (why && than > RISK_NONE)
		str_addf(why, "%s%s", why->len ? "; " : "", msg);
}

/* The server that a URL names: up to its path. */
static size_t
server_len(const char *url)
{
	const char *from = strstr(url, "://");

	from = from ? from + 3 : url;
	return (size_t)(from - url) + strcspn(from, "/?#");
}

static void
judge_http(const struct step *s, const char *text, enum risk *risk, struct str *why)
{
	const char *was = s->http.url ? s->http.url : "";
	struct http_spec h;
	struct err e = ERR_INIT;

	if (!acttext_read_http(text, &h, &e))
		return;
	if (strcmp(h.method, "DELETE") == 0 && !str_eq(s->http.method, "DELETE"))
		worse(RISK_HARD, "removes what is there", risk, why);
	if (server_len(h.url) != server_len(was) ||
		strncmp(h.url, was, server_len(was)) != 0)
		worse(RISK_HARD, "another server than the runbook's", risk, why);
	acttext_release_http(&h);
}

static unsigned long
mode_bits(const char *mode)
{
	return mode ? strtoul(mode, NULL, 8) : 0;
}

/* What a copy may reach is up to whoever wrote the runbook: other files may be anything. */
static void
judge_copy(const struct step *s, const char *text, enum risk *risk, struct str *why)
{
	struct acttext_copy c;
	struct err e = ERR_INIT;
	unsigned long bits;

	if (!acttext_read_copy(text, &c, &e))
		return;
	if (!str_eq(c.from, s->copy_from))
		worse(RISK_HARD, "another file than the runbook's", risk, why);
	if (!str_eq(c.to, s->copy_to))
		worse(RISK_HARD, "to another place than the runbook's", risk, why);
	bits = mode_bits(c.mode) & ~mode_bits(s->copy_mode);
	if (bits & MODE_SET_ID)
		worse(RISK_HARD, "runs with the rights of its owner or group", risk, why);
	if (bits & MODE_ANYBODY)
		worse(RISK_HARD, "anybody may write it", risk, why);
	acttext_release_copy(&c);
}

enum risk
redline_risk(const struct step *s, const char *text, struct str *why)
{
	const struct danger_opts o = {
		.place = s->kind == STEP_HTTP || s->kind == STEP_COPY ? DANGER_IN_DO
								      : DANGER_IN_RUN,
		.tty = s->tty};
	enum risk risk = s->risk > RISK_MODERATE ? s->risk : RISK_MODERATE;
	struct danger_hits hits = {0};

	if (s->kind == STEP_SQL)
		danger_scan_sql(text, &hits);
	else
		danger_scan(text, &o, &hits);
	for (size_t i = 0; i < hits.list.len; i++)
		worse(hits.list.at[i].rule->risk, hits.list.at[i].rule->msg, &risk, why);
	danger_release(&hits);
	if (s->kind == STEP_HTTP)
		judge_http(s, text, &risk, why);
	if (s->kind == STEP_COPY)
		judge_copy(s, text, &risk, why);
	return risk;
}

/* ---- the diff --------------------------------------------------------------------------- */

static void
add_lines(struct str *out, char mark, const char *from, const char *end)
{
	while (from < end) {
		size_t len = strcspn(from, "\n");

		str_addf(out, "%s%c %.*s", out->len ? "\n" : "", mark, (int)len, from);
		from += len + 1;
	}
}

void
redline_diff(const char *old, const char *new, struct str *out)
{
	const char *a = old, *b = new, *ea = old + strlen(old), *eb = new + strlen(new);

	for (;;) { /* whole lines that are the same at the beginning */
		size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");

		if (!*a || !*b || n != m || memcmp(a, b, n) != 0 || !a[n] || !b[m])
			break;
		a += n + 1;
		b += m + 1;
	}
	while (ea > a && eb > b && ea[-1] == eb[-1]) { /* and at the end */
		const char *la = ea - 1, *lb = eb - 1;

		while (la > a && la[-1] != '\n')
			la--;
		while (lb > b && lb[-1] != '\n')
			lb--;
		if (ea - la != eb - lb || memcmp(la, lb, (size_t)(ea - la)) != 0)
			break;
		ea = la;
		eb = lb;
	}
	add_lines(out, '-', a, ea);
	add_lines(out, '+', b, eb);
}
