#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "probe/netlook.h"
#include "probe/words.h"
#include "remote/pgconn.h"

/*
 * A query in a read-only transaction. value is the first column of the first row, row the
 * columns of that row; ${name} is a parameter and never becomes part of the text.
 */

struct probe_kind_state {
	struct netlook net;
	struct pgconn *pg;
	struct strings params;
};

static void
add_clean(const struct probe_look *p, const char *cell, struct str *out)
{
	if (p->env.redact)
		redact_text(p->env.redact, cell, strlen(cell), out);
	else
		str_adds(out, cell);
}

static void
add_row(const struct probe_look *p, const struct pgconn_end *end, struct facts *f)
{
	for (size_t i = 0; i < end->columns->list.len; i++) {
		struct str cell = STR_INIT;

		add_clean(p, end->cells->list.at[i], &cell);
		/* As an answer the first one is also a number and JSON, where it is. */
		if (i == 0)
			facts_add_answer(
				f, EXPECT_REPLY, cell.buf, cell.len, FACTS_WHOLE);
		facts_add_text(
			f, EXPECT_ROW, end->columns->list.at[i], cell.buf, cell.len);
		str_release(&cell);
	}
}

static void
ended(void *ctx, const struct pgconn_end *end)
{
	struct probe_look *p = ctx;
	struct facts facts = {0};
	struct probe_found f = {.facts = &facts,
		.took_ms = netlook_took_ms(&p->state->net),
		.silent = end->unsure ? VERDICT_UNKNOWN : VERDICT_FAIL,
		.why = end->ok ? NULL : end->why};

	if (end->ok && end->cells->list.len > 0) {
		add_row(p, end, &facts);
	} else if (end->ok) {
		f.nothing = "no row";
		facts_add_text(&facts, EXPECT_VALUE, NULL, "", 0);
		facts_add_text(&facts, EXPECT_ROW, NULL, "", 0);
	}
	facts_add_number(&facts, EXPECT_TIME, (double)f.took_ms);
	probe_found(p, &f); /* may free p */
	facts_release(&facts);
}

/* ${name} becomes $1, $2 ... with its value beside; $${ is a literal ${. */
static bool
take_params(const struct probe_look *p, const char *text, struct str *sql,
	struct strings *params, struct err *e)
{
	bool quoted = false;

	for (const char *at = text; *at; at++) {
		const char *close = strchr(at, '}');
		struct str value = STR_INIT;
		char *name;
		bool ok;

		if (*at == '\'')
			quoted = !quoted;
		if (str_starts(at, "$${")) {
			str_adds(sql, "${");
			at += 2;
			continue;
		}
		if (!str_starts(at, "${") || !close) {
			str_addc(sql, *at);
			continue;
		}
		name = mem_strndup(at, (size_t)(close - at) + 1);
		ok = !quoted ||
			err_set(e, ERR_INPUT,
				"%s stands in quotes: without them it is a parameter",
				name);
		ok = ok && probe_expand(p, name, SUBST_TEXT, &value, e);
		mem_free(name);
		if (ok) {
			vec_push(&params->list, str_take(&value));
			str_addf(sql, "$%zu", params->list.len);
		}
		str_release(&value);
		if (!ok)
			return false;
		at = close;
	}
	return true;
}

static bool
sql_begin(struct probe_look *p, struct err *e)
{
	struct probe_kind_state *s = p->state = mem_alloc(sizeof *s);
	const char *dsn = probe_arg(p, "dsn");
	struct str sql = STR_INIT, string = STR_INIT;
	struct pgconn_opts o = {.loop = p->env.loop,
		.http = p->env.http,
		.service = probe_arg(p, "service"),
		.ca = probe_arg(p, "ca"),
		.cert = probe_arg(p, "cert"),
		.key = probe_arg(p, "key"),
		.timeout_ms = p->probe->timeout_ms,
		.params = &s->params};
	bool ok;

	netlook_init(&s->net, p);
	s->net.host = mem_strdup(o.service ? o.service : dsn ? dsn : "");
	if (dsn) {
		char *name = mem_printf("${%s}", dsn);

		ok = probe_expand(p, name, SUBST_TEXT, &string, e);
		o.dsn = string.buf;
		mem_free(name);
	} else {
		ok = o.service ||
			err_set(e, ERR_INPUT, "name the server: service: or dsn:");
	}
	ok = ok && take_params(p, p->probe->subject, &sql, &s->params, e) &&
		netlook_through(p, &o.through, e);
	o.sql = sql.buf;
	if (ok)
		s->pg = pgconn_start(&o, ended, p, e);
	mem_wipe(string.buf, string.len);
	str_release(&string);
	str_release(&sql);
	return (ok && s->pg) || err_ctx(e, "%s", p->probe->name);
}

static void
sql_drop(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;

	if (!s)
		return;
	pgconn_free(s->pg);
	netlook_release(&s->net);
	words_release(&s->params);
	mem_free(s);
}

const struct probe_way probe_way_sql = {
	.start = sql_begin,
	.free = sql_drop,
};
