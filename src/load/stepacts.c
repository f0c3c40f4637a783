#include "load/stepacts.h"

#include <stdlib.h>

#include "load/expectread.h"
#include "load/scalar.h"
#include "model/acttext.h"
#include "model/pane.h"

static struct expect *
read_expect(const struct frame *f, const struct ynode *n, const struct step *s)
{
	static const char *const whats[STEP_KIND_COUNT] = {
#define X(id, name, help) [STEP_##id] = "a `" name "` step",
		STEP_KINDS(X)
#undef X
	};

	return expectread_expect(
		&f->r, n, keytable_step_fields(s->kind, s->risk), whats[s->kind]);
}

static void
read_save(const struct frame *f, const struct ynode *n, struct step *s)
{
	for (const struct ynode *k = n ? n->first : NULL; k; k = k->next->next) {
		const struct ynode *v = k->next;
		struct saved *saved;

		if (v->kind != YNODE_SCALAR ||
			!loading_name(&f->r, k, KEY_VALUE_NAME, "name of a saved value"))
			continue;
		if (!str_eq(v->text, "output") && v->text[0] != '/') {
			keyed_complain(&f->r, v, C_VALUE,
				"write `output`, or a JSON pointer as /data/0/id",
				"`%.60s` can't be saved", v->text);
			continue;
		}
		saved = vec_add(&s->save.list);
		saved->name = mem_strdup(k->text);
		saved->pointer = v->text[0] == '/' ? keyed_line(v) : NULL;
	}
}

static bool
valid_variable(const char *name)
{
	for (const char *p = name; *p; p++) {
		bool letter = (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') ||
			*p == '_';

		if (!letter && (p == name || *p < '0' || *p > '9'))
			return false;
	}
	return name[0] && strncasecmp(name, "LD_", 3) != 0 && !str_eq(name, "IFS") &&
		!str_starts(name, "HANDRAIL_");
}

static void
read_env(const struct frame *f, const struct ynode *n, struct step *s)
{
	for (const struct ynode *k = n ? n->first : NULL; k; k = k->next->next)
		if (k->kind == YNODE_SCALAR && !valid_variable(k->text))
			keyed_complain(&f->r, k, C_NAME_BAD,
				"write letters, digits and _; not IFS, LD_... or HANDRAIL_...",
				"`%.60s` can't be set", k->text);
	keyed_pairs(n, &s->env);
}

static void
read_undo(const struct frame *f, const struct ynode *n, struct step *s)
{
	const struct ynode *got[KEYS_MAX];

	if (!n)
		return;
	s->undo.host = s->host;
	if (n->kind == YNODE_SCALAR) {
		s->undo.text = keyed_text(n);
		return;
	}
	keyed_read(&f->r, n, KEYS_IN_UNDO, 0, got);
	s->undo.text = got[KEY_UNDO_RUN] ? keyed_text(got[KEY_UNDO_RUN]) : mem_strdup("");
	if (got[KEY_UNDO_HOST])
		s->undo.host = loading_host(f, got[KEY_UNDO_HOST]);
	s->undo.risk = (enum risk)keyed_word(
		got[KEY_UNDO_RISK], KEYS_IN_UNDO, KEY_UNDO_RISK, RISK_MODERATE);
	s->undo.expect = expectread_expect(&f->r, got[KEY_UNDO_EXPECT],
		keytable_step_fields(STEP_RUN, s->undo.risk), "a way back");
}

static void
read_retries(const struct frame *f, const struct ynode *n, struct step *s)
{
	const struct ynode *got[KEYS_MAX];

	if (!n || !keyed_read(&f->r, n, KEYS_IN_RETRIES, 0, got))
		return;
	s->retries = keyed_int(got[KEY_RETRIES_TIMES], 0);
	s->retry_wait_ms = keyed_ms(got[KEY_RETRIES_WAIT]);
}

static void
read_http(const struct frame *f, const struct ynode *n, struct step *s)
{
	const struct ynode *got[KEYS_MAX];

	if (!n || !keyed_read(&f->r, n, KEYS_IN_HTTP, 0, got))
		return;
	s->http.method = got[KEY_HTTP_METHOD] ? keyed_line(got[KEY_HTTP_METHOD])
					      : mem_strdup("GET");
	s->http.url = keyed_line(got[KEY_HTTP_URL]);
	keyed_pairs(got[KEY_HTTP_HEADERS], &s->http.headers);
	s->http.body = keyed_text(got[KEY_HTTP_BODY]);
	s->text = acttext_http(&s->http);
}

/* A request that only asks is a look, unless its author says otherwise. */
static enum risk
risk_unsaid(const struct step *s)
{
	const char *m = s->http.method;

	return m && (str_eq(m, "GET") || str_eq(m, "HEAD") || str_eq(m, "OPTIONS"))
		? RISK_NONE
		: RISK_MODERATE;
}

/* [HOST:]PATH; the host before the colon must be known. */
static struct copy_place
read_place(const struct frame *f, const struct ynode *n)
{
	size_t len = n ? acttext_host_len(n->text) : 0;
	struct copy_place place = {.host = NONE};
	struct ynode host;
	char *name;

	if (!n)
		return place;
	if (!len) {
		place.path = keyed_line(n);
		return place;
	}
	host = *n;
	name = mem_strndup(n->text, len);
	host.text = name;
	place.host = loading_host(f, &host);
	mem_free(name);
	name = keyed_line(n);
	place.path = mem_strdup(strchr(name, ':') + 1);
	mem_free(name);
	return place;
}

/* It runs on the hosts that get the file, or else on those that give it. */
static void
read_copy(const struct frame *f, const struct ynode *n, const struct ynode *host,
	struct step *s)
{
	const struct ynode *got[KEYS_MAX];

	if (!n || !keyed_read(&f->r, n, KEYS_IN_COPY, 0, got))
		return;
	s->copy_source = read_place(f, got[KEY_COPY_FROM]);
	s->copy_target = read_place(f, got[KEY_COPY_TO]);
	s->copy_from = keyed_line(got[KEY_COPY_FROM]);
	s->copy_to = keyed_line(got[KEY_COPY_TO]);
	s->copy_mode = keyed_line(got[KEY_COPY_MODE]);
	s->text = acttext_copy(s->copy_from, s->copy_to, s->copy_mode);
	if (host)
		keyed_complain(&f->r, host, C_TOGETHER, "leave `host:` out",
			"a copy names its hosts in `from:` and `to:`");
	s->host = s->copy_target.host != NONE ? s->copy_target.host : s->copy_source.host;
}

/* ---- watch ----------------------------------------------------------------------------- */

static const struct log_source *
find_log(const struct frame *f, const char *name)
{
	const struct runbook *rb = f->l->rb;

	for (size_t i = 0; i < rb->logs.list.len; i++)
		if (rb->logs.list.at[i].scope == f->scope &&
			str_eq(rb->logs.list.at[i].name, name))
			return &rb->logs.list.at[i];
	return NULL;
}

/* One word that is no path is more likely a log than a command. */
static void
complain_log(const struct frame *f, const struct ynode *at, const char *name)
{
	const struct runbook *rb = f->l->rb;
	const char **names;
	char *guess;

	if (!rb->logs.list.len || name[strcspn(name, " \t/;|&$")])
		return;
	names = mem_array(rb->logs.list.len + 1, sizeof *names);
	for (size_t i = 0; i < rb->logs.list.len; i++)
		names[i] = rb->logs.list.at[i].name;
	guess = keyed_guess(name, names);
	keyed_complain(&f->r, at, C_VALUE,
		guess ? guess
		      : "write the name of a log, or a command with its arguments",
		"`%.60s` is no log of this file", name);
	mem_free(guess);
	mem_free(names);
}

/* All panes of a step are on its hosts: those of `host:`, or of its logs. */
static void
take_host(const struct frame *f, const struct ynode *at, const struct ynode *host,
	int log_host, struct step *s)
{
	if (!host && s->panes.list.len == 1)
		s->host = log_host;
	else if (s->host != log_host)
		keyed_complain(&f->r, at, C_TOGETHER, "make it a step of its own",
			"this log is on another host than the rest of the watch");
}

static void
read_pane(const struct frame *f, const struct ynode *n, const struct ynode *host,
	struct step *s)
{
	const struct log_source *log;
	char *text, *pane;

	if (n->kind != YNODE_SCALAR)
		return;
	text = keyed_line(n);
	log = find_log(f, text);
	pane = log ? pane_of_log(log) : NULL;
	if (!log)
		complain_log(f, n, text);
	vec_push(&s->watched.list, text);
	vec_push(&s->panes.list, pane ? pane : pane_of_text(text));
	if (log)
		take_host(f, n, host, log->host, s);
}

void
stepacts_read_watch(struct frame *f, const struct ynode **got, struct step *s)
{
	const struct ynode *list = got[KEY_STEP_WATCH];
	const struct ynode *at = list && list->kind == YNODE_LIST ? list->first : list;
	struct str text = STR_INIT;

	for (; at; at = list->kind == YNODE_LIST ? at->next : NULL)
		read_pane(f, at, got[KEY_STEP_HOST], s);
	for (size_t i = 0; i < s->panes.list.len; i++) {
		str_addf(&text, "%s%s", i ? "\n" : "", s->panes.list.at[i]);
		if (s->panes.list.len > 1)
			vec_push(&s->each.list, mem_strdup(s->watched.list.at[i]));
	}
	s->text = str_take(&text);
	s->as = keyed_line(got[KEY_STEP_AS]);
	s->dir = keyed_line(got[KEY_STEP_DIR]);
	s->shell = keyed_line(got[KEY_STEP_SHELL]);
	s->for_ms = keyed_ms(got[KEY_STEP_FOR]);
	s->expect = read_expect(f, got[KEY_STEP_EXPECT], s);
}

static void
check_dsn(const struct frame *f, const struct ynode *n)
{
	const struct runbook *rb = f->l->rb;
	char *full;
	int i;

	if (!n)
		return;
	full = loading_full(f, n->text);
	i = loading_index(&f->l->inputs, full);
	mem_free(full);
	if (i == NONE)
		keyed_complain(&f->r, n, C_INPUT_UNKNOWN,
			"add it to `inputs:` as a secret", "unknown input `%.60s`",
			n->text);
	else if (rb->inputs.list.at[i].from == SECRET_NOT)
		keyed_complain(&f->r, n, C_SECRET_LITERAL,
			"add `secret: true` and `from:` to it",
			"the input `%.60s` is no secret", n->text);
}

static void
read_limits(const struct frame *f, const struct ynode **got, struct step *s)
{
	s->timeout_ms = keyed_ms(got[KEY_STEP_TIMEOUT]);
	s->kill_after_ms = keyed_ms(got[KEY_STEP_KILL_AFTER]);
	s->serial = keyed_int(got[KEY_STEP_SERIAL], 0);
	s->batch_pct = keyed_int(
		got[KEY_STEP_BATCH], 0); /* the % behind it ends the number */
	s->max_failures = keyed_int(got[KEY_STEP_MAX_FAILURES], 0);
	read_retries(f, got[KEY_STEP_RETRIES], s);
}

static void
read_what(const struct frame *f, const struct ynode **got, struct step *s)
{
	if (s->kind == STEP_HTTP)
		read_http(f, got[KEY_STEP_HTTP], s);
	else if (s->kind == STEP_COPY)
		read_copy(f, got[KEY_STEP_COPY], got[KEY_STEP_HOST], s);
	else
		s->text = keyed_text(
			got[s->kind == STEP_RUN ? KEY_STEP_RUN : KEY_STEP_SQL]);
	s->as = keyed_line(got[KEY_STEP_AS]);
	s->dir = keyed_line(got[KEY_STEP_DIR]);
	s->shell = keyed_line(got[KEY_STEP_SHELL]);
	s->tty = keyed_bool(got[KEY_STEP_TTY]);
	s->service = keyed_line(got[KEY_STEP_SERVICE]);
	s->dsn = keyed_line(got[KEY_STEP_DSN]);
	s->verify_sql = keyed_text(got[KEY_STEP_VERIFY]);
	check_dsn(f, got[KEY_STEP_DSN]);
	read_env(f, got[KEY_STEP_ENV], s);
	read_save(f, got[KEY_STEP_SAVE], s);
	keyed_strings(got[KEY_STEP_EACH], &s->each);
}

void
stepacts_read(struct frame *f, const struct ynode **got, const struct ynode *map,
	struct step *s)
{
	read_what(f, got, s);
	s->risk = (enum risk)keyed_word(
		got[KEY_STEP_RISK], KEYS_IN_STEP, KEY_STEP_RISK, risk_unsaid(s));
	s->confirm = keyed_line(got[KEY_STEP_CONFIRM]);
	s->two_person = keyed_bool(got[KEY_STEP_TWO_PERSON]);
	loading_probes(f, got[KEY_STEP_BEFORE], &s->before);
	read_undo(f, got[KEY_STEP_UNDO], s);
	s->irreversible = keyed_text(got[KEY_STEP_IRREVERSIBLE]);
	read_limits(f, got, s);
	s->expect = read_expect(f, got[KEY_STEP_EXPECT], s);
	s->warn = read_expect(f, got[KEY_STEP_WARN], s);
	/* what was written and refused is not also complained of as absent */
	if (!s->expect && keyed_written(map, "expect"))
		s->expect = expectread_placeholder(
			keytable_step_fields(s->kind, s->risk));
	if (!s->undo.text && !s->irreversible &&
		(keyed_written(map, "undo") || keyed_written(map, "irreversible")))
		s->irreversible = mem_strdup("?");
}
