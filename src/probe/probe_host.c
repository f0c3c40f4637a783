#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "model/keytable.h"
#include "probe/hostscript.h"
#include "probe/words.h"

/* The kinds that are one script on a host: file port host container cron git env. Each is a
 * row that says which script and what it is told. */

enum { SAID_MAX = 64 * 1024 };

/* What a script is told: names are constant, values are held by `held`. */
struct told {
	struct {
		VEC_OF(struct job_env) list;
	} env;
	struct strings held;
};

static void
tell(struct told *t, const char *name, const char *value)
{
	char *copy = mem_strdup(value ? value : "");

	vec_push(&t->held.list, copy);
	vec_push(&t->env.list, (struct job_env){name, copy, false});
}

static void
release(struct told *t)
{
	words_release(&t->held);
	vec_free(&t->env.list);
}

static void
add_fields(const struct expect *x, struct str *out)
{
	for (size_t i = 0; x && i < x->rules.len; i++)
		str_addf(out, "%s ", expect_field_info(x->rules.at[i].field)->name);
}

/* What costs time on the host is done for these alone. */
static void
tell_wanted(struct told *t, const struct probe *p)
{
	struct str want = STR_INIT;

	str_addc(&want, ' ');
	add_fields(p->expect, &want);
	add_fields(p->warn, &want);
	tell(t, "HRP_WANT", want.buf);
	str_release(&want);
}

static bool
tell_value(struct told *t, const struct probe_look *p, const char *name, const char *text,
	struct err *e)
{
	struct str value = STR_INIT;
	bool ok = !text || probe_expand(p, text, SUBST_TEXT, &value, e);

	tell(t, name, value.buf);
	mem_wipe(value.buf, value.len);
	str_release(&value);
	return ok;
}

static bool
tell_port(struct told *t, const struct probe_look *p, struct err *e)
{
	(void)e;
	tell(t, "HRP_SUBJECT", p->probe->subject);
	return true;
}

static bool
tell_subject(struct told *t, const struct probe_look *p, struct err *e)
{
	return tell_value(t, p, "HRP_SUBJECT", p->probe->subject, e);
}

static bool
tell_disk(struct told *t, const struct probe_look *p, struct err *e)
{
	const char *disk = probe_arg(p, "disk");

	return tell_value(t, p, "HRP_DISK", disk ? disk : "/", e);
}

static bool
tell_tree(struct told *t, const struct probe_look *p, struct err *e)
{
	return tell_subject(t, p, e) &&
		tell_value(t, p, "HRP_BRANCH", probe_arg(p, "branch"), e);
}

/* ---- git: what changed between two revisions ---- */

/* One pattern a line; one that is empty would be everything. */
static bool
tell_paths(struct told *t, const struct probe_look *p, struct err *e)
{
	const char *list = probe_arg(p, "paths");
	struct strings words = {0};
	struct str lines = STR_INIT;
	bool ok = !list || words_split(list, &words, e);

	for (size_t i = 0; i < words.list.len && ok; i++) {
		size_t before = lines.len;

		ok = probe_expand(p, words.list.at[i], SUBST_TEXT, &lines, e);
		if (ok && (lines.len == before || strchr(lines.buf + before, '\n')))
			ok = err_set(e, ERR_INPUT, "a path of `paths` is %s",
				lines.len == before ? "empty" : "of several lines");
		str_addc(&lines, '\n');
	}
	tell(t, "HRP_PATHS", lines.buf);
	words_release(&words);
	str_release(&lines);
	return ok;
}

static bool
tell_revisions(struct told *t, const struct probe_look *p, struct err *e)
{
	tell(t, "HRP_LINES", probe_arg(p, "lines"));
	return tell_subject(t, p, e) &&
		tell_value(t, p, "HRP_FROM", probe_arg(p, "from"), e) &&
		tell_value(t, p, "HRP_TO", probe_arg(p, "to"), e) && tell_paths(t, p, e);
}

/* ---- env: rules of variables ---- */

/* NAME, or NAME.part of a URL. */
static bool
good_name(const char *name)
{
	static const char *const parts[] = {
		"scheme", "user", "host", "port", "path", NULL};
	size_t len = strcspn(name, ".");

	if (!isalpha((unsigned char)*name) && *name != '_')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_')
			return false;
	if (!name[len])
		return true;
	for (int i = 0; parts[i]; i++)
		if (strcmp(parts[i], name + len + 1) == 0)
			return true;
	return false;
}

static bool
add_names(struct str *rules, const char *rule, const char *list, struct err *e)
{
	struct strings names = {0};
	bool ok = !list || words_split(list, &names, e);

	for (size_t i = 0; i < names.list.len && ok; i++) {
		const char *name = names.list.at[i];

		ok = good_name(name) ||
			err_set(e, ERR_INPUT, "`%.60s` is no name of a variable", name);
		str_addf(rules, "%s %s\n", rule, name);
	}
	words_release(&names);
	return ok;
}

static bool
add_refused(struct str *rules, const char *list, struct err *e)
{
	struct strings words = {0};
	bool ok = !list || words_split(list, &words, e);

	for (size_t i = 0; i < words.list.len && ok; i++) {
		ok = !strchr(words.list.at[i], '\n') ||
			err_set(e, ERR_INPUT, "a value of `refused` has a line end");
		str_addf(rules, "refused %s\n", words.list.at[i]);
	}
	words_release(&words);
	return ok;
}

/* "LOW..HIGH" as the script takes it. */
static bool
add_range(struct str *rules, const char *name, const char *text, struct err *e)
{
	const char *unit;
	const char *dots = strstr(text, "..");
	char *first = mem_strndup(text, dots ? (size_t)(dots - text) : 0);
	double low = 0, high = 0;
	bool ok = dots && expect_number(first, &low, &unit) && !*unit &&
		expect_number(dots + 2, &high, &unit) && !*unit && low <= high;

	mem_free(first);
	if (!ok)
		return err_set(e, ERR_INPUT,
			"the range of %.60s is no LOW..HIGH: `%.60s`", name, text);
	str_addf(rules, "range %s %.15g %.15g\n", name, low, high);
	return true;
}

static bool
add_rule(const struct probe_look *p, struct str *rules, const struct pair *arg,
	struct err *e)
{
	const char *dot = strchr(arg->key, '.');
	struct str value = STR_INIT;
	bool ok = true;

	if (!dot)
		return true;
	if (!good_name(dot + 1))
		return err_set(e, ERR_INPUT, "`%.60s` is no name of a variable", dot + 1);
	ok = probe_expand(p, arg->value, SUBST_TEXT, &value, e);
	if (ok && strchr(value.buf, '\n'))
		ok = err_set(e, ERR_INPUT, "the value for %.60s has a line end", dot + 1);
	if (ok && str_starts(arg->key, "equals."))
		str_addf(rules, "equals %s %s\n", dot + 1, value.buf);
	else if (ok && str_starts(arg->key, "lengths."))
		str_addf(rules, "length %s %s\n", dot + 1, value.buf);
	else if (ok && str_starts(arg->key, "ranges."))
		ok = add_range(rules, dot + 1, value.buf, e);
	mem_wipe(value.buf, value.len);
	str_release(&value);
	return ok;
}

static bool
tell_rules(struct told *t, const struct probe_look *p, struct err *e)
{
	struct str rules = STR_INIT;
	bool ok = add_names(&rules, "there", p->probe->subject, e) &&
		add_names(&rules, "without", probe_arg(p, "without"), e) &&
		add_refused(&rules, probe_arg(p, "refused"), e);

	for (size_t i = 0; i < p->probe->args.list.len && ok; i++)
		ok = add_rule(p, &rules, &p->probe->args.list.at[i], e);
	tell(t, "HRP_RULES", rules.buf);
	mem_wipe(rules.buf, rules.len);
	str_release(&rules);
	tell(t, "HRP_CONTAINER", probe_arg(p, "container"));
	return ok && tell_value(t, p, "HRP_DOTENV", probe_arg(p, "dotenv"), e) &&
		tell_value(t, p, "HRP_PROCESS", probe_arg(p, "process"), e);
}

/* ---- the rows ---- */

static const struct kind_row {
	enum hostscript script;
	bool (*tell)(struct told *t, const struct probe_look *p, struct err *e);
	bool inside; /* `container:` is where the look is made */
} rows[PROBE_KIND_COUNT] = {
	[PROBE_FILE] = {HOSTSCRIPT_FILE, tell_subject, true},
	[PROBE_PORT] = {HOSTSCRIPT_PORT, tell_port, false},
	[PROBE_HOST] = {HOSTSCRIPT_HOST, tell_disk, false},
	[PROBE_CONTAINER] = {HOSTSCRIPT_CONTAINER, tell_subject, false},
	[PROBE_CRON] = {HOSTSCRIPT_CRON, tell_subject, false},
	[PROBE_GIT] = {HOSTSCRIPT_GIT, tell_tree, false},
	[PROBE_ENV] = {HOSTSCRIPT_ENV, tell_rules, false},
};
static const struct kind_row revisions = {HOSTSCRIPT_CHANGED, tell_revisions, false};

static void
read_said(
	const struct probe_look *p, const struct look_end *end, struct hostlook_one *out)
{
	if (end->cut)
		snprintf(out->why, sizeof out->why, "the host's answer is too long");
	else
		hostscript_read(p->probe->kind, end, out);
	if (!*out->why && keytable_probe_fields(p->probe->kind) >> EXPECT_TIME & 1)
		facts_add_number(&out->facts, EXPECT_TIME, (double)end->took_ms);
}

static bool
script_begin(struct probe_look *p, struct err *e)
{
	const struct kind_row *row = p->probe->kind == PROBE_GIT && probe_arg(p, "from")
		? &revisions
		: &rows[p->probe->kind];
	struct hostlook_spec s = {.text = STR_INIT,
		.host = p->probe->host,
		.says = p->probe->subject ? p->probe->subject : "",
		.shell = HOSTSCRIPT_SHELL,
		.limit = SAID_MAX,
		.container = row->inside ? probe_arg(p, "container") : NULL,
		.read = read_said};
	struct told t = {0};
	bool ok;

	tell_wanted(&t, p->probe);
	ok = row->tell(&t, p, e);
	s.env = t.env.list.at;
	s.env_len = t.env.list.len;
	hostscript_text(row->script, &s.text);
	if (ok)
		ok = hostlook_begin(p, &s, e);
	else
		err_ctx(e, "%s", p->probe->name);
	str_release(&s.text);
	release(&t);
	return ok;
}

const struct probe_way probe_way_script = {
	.start = script_begin,
	.free = hostlook_drop,
};
