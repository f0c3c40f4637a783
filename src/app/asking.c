#include <stdlib.h>
#include <string.h>

#include "app/spine.h"
#include "base/dlog.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "load/zoneread.h"
#include "model/moment.h"
#include "model/subst.h"
#include "run/inputs.h"

/*
 * What comes from people: inputs, answers to prompts, and the
 * environment that all of these make for a command.
 */

enum { SECRET_FILE_MAX = 64 * 1024 };

/* ---- inputs ---------------------------------------------------------------------------- */

/* A file of this machine is there to be read; one of a host is the host's to know. */
static bool
file_is_there(const struct input *in, const char *value, struct err *e)
{
	return in->type != INPUT_FILE || in->host != NONE || in->from != SECRET_NOT ||
		file_exists(value) ||
		err_set(e, ERR_INPUT, "%s: there is no file %s here", in->name, value);
}

bool
session_input_fits(const struct input *in, const char *value, struct err *e)
{
	return inputs_fit(in, value, e) && file_is_there(in, value, e);
}

static void
secret_put(struct map *m, const char *full, char *value_take)
{
	char *old = map_put(m, full, value_take);

	if (old)
		mem_wipe_free(old, strlen(old));
}

static bool
input_secret(struct session *s, const char *full, const char *value, struct err *e)
{
	if (!redact_add(s->redact, full, value, strlen(value), e))
		return false;
	secret_put(&s->secrets, full, mem_strdup(value));
	return true;
}

bool
asking_secret_came(struct session *s, const char *full, const char *value, struct err *e)
{
	bool ok = input_secret(s, full, value, e);

	if (ok && s->watching)
		watching_inputs(s->watching);
	return ok;
}

/* Another one than what this console has, or than stands in its place: what was confirmed and
 * signed was so with that. It is used once the record says so. */
static bool
secret_other(
	struct session *s, int input, const char *full, const char *value, struct err *e)
{
	if (!inputs_may_change(s->run, input, e) ||
		!redact_add(s->redact, full, value, strlen(value), e))
		return false;
	secret_put(&s->secrets_next, full, mem_strdup(value));
	session_request(
		s, &(struct request){.kind = REQ_INPUT, .step = NONE, .name = full});
	return true;
}

void
asking_event(struct session *s, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc;
	const char *name;
	char *next;

	if (ev->type != EVENT_INPUT_SET || ev->step || !s->secrets_next.len)
		return;
	doc = json_parse(ev->data, strlen(ev->data), &e);
	name = doc ? json_str(json_root(doc), "name", "") : "";
	next = map_remove(&s->secrets_next, name);
	if (next)
		secret_put(&s->secrets, name, next);
	json_free(doc);
	watching_inputs(s->watching);
}

/* An `ask` step that asks for a secret is settled by the fact, never by the value. */
static void
secret_given(struct session *s, int input)
{
	for (size_t i = 0; i < s->runbook->steps.list.len; i++)
		if (s->runbook->steps.list.at[i].kind == STEP_ASK &&
			s->runbook->steps.list.at[i].input == input &&
			!run_settled(&s->run->steps.list.at[i]))
			session_request(
				s, &(struct request){.kind = REQ_INPUT, .step = (int)i});
}

bool
session_input(struct session *s, int input, const char *value, struct err *e)
{
	const struct input *in = &s->runbook->inputs.list.at[input];
	const char *old;
	char *full;
	bool ok;

	if (!session_input_fits(in, value, e))
		return false;
	full = runbook_full_name(s->runbook, in->scope, in->name);
	if (in->from != SECRET_NOT) {
		old = asking_value(s, full);
		ok = old && (!str_eq(old, value) || map_has(&s->secrets_next, full))
			? secret_other(s, input, full, value, e)
			: old || input_secret(s, full, value, e);
		if (ok)
			secret_given(s, input);
		if (ok)
			watching_inputs(s->watching);
		spine_changed(s);
	} else {
		struct str clean = STR_INIT;
		redact_text(s->redact, value, strlen(value), &clean);
		session_request(s,
			&(struct request){.kind = REQ_INPUT,
				.step = NONE,
				.name = full,
				.text = clean.buf});
		str_release(&clean);
		ok = true;
	}
	mem_free(full);
	return ok;
}

/* What has its place in the environment or a file, without the line ends behind it; with
 * `text` released by the caller, by mem_wipe. NULL: it cannot be had, and err says why. */
static const char *
secret_read(const struct input *in, struct str *text, struct err *e)
{
	const char *value;

	if (in->from == SECRET_ENV) {
		value = getenv(in->from_value);
		if (value && *value)
			return value;
		err_set(e, ERR_INPUT, "secret %s: the environment has no %s", in->name,
			in->from_value);
		return NULL;
	}
	if (!file_read(in->from_value, SECRET_FILE_MAX, text, e)) {
		(void)err_ctx(e, "secret %s", in->name);
		return NULL;
	}
	while (text->len > 0 && strchr("\r\n", text->buf[text->len - 1]))
		str_cut(text, text->len - 1);
	return text->buf;
}

/* Nobody practises with what is really secret. */
static bool
practice_secret(
	struct session *s, const struct input *in, const char *full, struct err *e)
{
	char *value = mem_printf("practice-%s", in->name);
	bool ok = input_secret(s, full, value, e);

	mem_free(value);
	return ok;
}

/* A secret that is not asked for comes from its place, once. */
static bool
secret_fetch(struct session *s, const struct input *in, const char *full, struct err *e)
{
	struct str text = STR_INIT;
	const char *value;
	bool ok;

	if (session_practises(s))
		return practice_secret(s, in, full, e);
	if (in->from == SECRET_COMMAND)
		return !bidden_why(s, (int)(in - s->runbook->inputs.list.at), e);
	if (in->from == SECRET_ASK)
		return err_set(
			e, ERR_INPUT, "secret %s has not been given yet", in->name);
	value = secret_read(in, &text, e);
	ok = value && input_secret(s, full, value, e);
	if (text.cap)
		mem_wipe(text.buf, text.cap);
	str_release(&text);
	return ok;
}

void
asking_foresee(struct session *s)
{
	for (size_t i = 0; i < s->runbook->inputs.list.len; i++) {
		const struct input *in = &s->runbook->inputs.list.at[i];
		struct str text = STR_INIT;
		struct err ignored = ERR_INIT; /* the step that needs it says so */
		const char *value = NULL;
		char *full;

		if ((in->from != SECRET_ENV && in->from != SECRET_FILE) ||
			session_practises(s))
			continue;
		full = runbook_full_name(s->runbook, in->scope, in->name);
		value = secret_read(in, &text, &ignored);
		if (value && !redact_add(s->redact, full, value, strlen(value), &ignored))
			dlog("secret", "%s", ignored.msg);
		mem_free(full);
		if (text.cap)
			mem_wipe(text.buf, text.cap);
		str_release(&text);
	}
}

bool
session_has_input(const struct session *s, int input)
{
	const struct input *in = &s->runbook->inputs.list.at[input];
	char *full = runbook_full_name(s->runbook, in->scope, in->name);
	bool has;

	if (in->from == SECRET_NOT)
		has = map_has(&s->run->values, full);
	else
		has = in->from != SECRET_ASK || session_practises(s) ||
			map_has(&s->secrets, full);
	mem_free(full);
	return has;
}

/* Named by itself, or by the step that asks for it. */
static bool
is_about(const struct session *s, const struct queued *c, int input, const char *full)
{
	if (!c || c->q.kind != REQ_INPUT)
		return false;
	return c->q.name ? strcmp(c->q.name, full) == 0
			 : s->runbook->steps.list.at[c->q.step].input == input;
}

bool
session_input_comes(const struct session *s, int input)
{
	const struct input *in = &s->runbook->inputs.list.at[input];
	char *full = runbook_full_name(s->runbook, in->scope, in->name);
	bool comes = is_about(s, s->current, input, full);

	for (size_t i = 0; !comes && i < s->queue.list.len; i++)
		comes = is_about(s, s->queue.list.at[i], input, full);
	mem_free(full);
	return comes;
}

const char *
asking_value(struct session *s, const char *full)
{
	const char *value = map_get(&s->run->values, full);

	if (!value)
		value = map_get(&s->secrets, full);
	for (size_t i = 0; !value && i < s->runbook->inputs.list.len; i++) {
		const struct input *in = &s->runbook->inputs.list.at[i];
		char *name = runbook_full_name(s->runbook, in->scope, in->name);
		struct err ignored = ERR_INIT; /* who asks says that there is no value */

		if (in->from != SECRET_NOT && str_eq(name, full) &&
			secret_fetch(s, in, full, &ignored))
			value = map_get(&s->secrets, full);
		mem_free(name);
	}
	return value;
}

bool
session_as_written(const struct session *s, const char *text, struct err *e)
{
	static const char mark[] = "[redacted:";
	struct str clean = STR_INIT;
	const char *at;
	size_t same = 0;
	bool is;

	redact_text(s->redact, text, strlen(text), &clean);
	is = strcmp(clean.buf, text) == 0;
	while (!is && clean.buf[same] == text[same])
		same++;
	at = is ? NULL
		: strstr(clean.buf + (same < sizeof mark ? 0 : same - sizeof mark), mark);
	if (!is)
		err_set(e, ERR_INPUT,
			"a secret stands in it (%.*s), which the record never holds: name an "
			"input with ${...} instead",
			at ? (int)strcspn(at + sizeof mark - 1, "]") : 1,
			at ? at + sizeof mark - 1 : "?");
	str_release(&clean);
	return is;
}

bool
asking_as_written(const struct session *s, const struct request *q, struct err *e)
{
	return (q->kind != REQ_REDLINE && q->kind != REQ_ADD) ||
		((!q->text || session_as_written(s, q->text, e)) &&
			(!q->data || session_as_written(s, q->data, e)));
}

/* ---- times to wait for --------------------------------------------------------------------- */

static bool
add_zone(struct session *s, const char *text, struct err *e)
{
	char zone[ZONE_NAME_BYTES];

	return !moment_parse(text, zone) || zoneread_add(&s->runbook->windows, zone, e);
}

/* Zones of a runbook are read with it; that of a value, as soon as it has one. */
void
asking_zones(struct session *s)
{
	struct err ignored = ERR_INIT; /* whoever begins the wait is told */

	for (size_t i = 0; i < s->runbook->steps.list.len; i++) {
		const struct step *st = &s->runbook->steps.list.at[i];
		char *text = st->kind == STEP_WAIT && st->wait_until &&
				strstr(st->wait_until, "${")
			? run_expand(s->run, st, st->wait_until, NULL, &ignored)
			: NULL;

		if (text)
			(void)add_zone(s, text, &ignored);
		mem_free(text);
	}
}

/* ---- environment -------------------------------------------------------------------------- */

static void
env_add(struct asking_env *env, const char *name, const char *value, bool secret)
{
	vec_push(&env->list,
		(struct job_env){mem_strdup(name), mem_strdup(value), secret});
}

void
asking_env_release(struct asking_env *env)
{
	for (size_t i = 0; i < env->list.len; i++) {
		char *value = (char *)env->list.at[i].value;
		mem_free((char *)env->list.at[i].name);
		mem_wipe_free(value, strlen(value));
	}
	vec_free(&env->list);
}

void
asking_env_scope(struct session *s, int scope, struct asking_env *out)
{
	const char *prefix = s->runbook->scopes.list.at[scope].prefix;
	size_t len = strlen(prefix);

	for (size_t i = 0; i < s->run->values.len; i++) {
		const char *full = s->run->values.at[i].key;
		if (str_starts(full, prefix) && !strchr(full + len, '/'))
			env_add(out, full + len, s->run->values.at[i].value, false);
	}
}

int
asking_secret_wanted(const struct session *s, int step, enum way way)
{
	for (size_t i = 0; i < s->runbook->inputs.list.len; i++)
		if (s->runbook->inputs.list.at[i].from == SECRET_ASK &&
			run_leg_uses_secret(s->run, step, way, (int)i) &&
			!session_has_input(s, (int)i))
			return (int)i;
	return NONE;
}

/* Secrets go only to commands that name them; the record says so before each start. */
static bool
env_secrets(struct session *s, const struct step *st, enum way way,
	struct asking_env *out, struct err *e)
{
	for (size_t i = 0; i < s->runbook->inputs.list.len; i++) {
		const struct input *in = &s->runbook->inputs.list.at[i];
		bool ok = true;
		if (!run_leg_uses_secret(s->run, st->index, way, (int)i))
			continue;
		char *full = runbook_full_name(s->runbook, in->scope, in->name);
		if (!map_has(&s->secrets, full))
			ok = secret_fetch(s, in, full, e);
		if (!ok)
			bidden_again(s, (int)i);
		if (ok)
			env_add(out, in->name, map_get(&s->secrets, full), true);
		mem_free(full);
		if (!ok)
			return false;
	}
	return true;
}

bool
asking_env(struct session *s, const struct step *st, const struct leg *leg, enum way way,
	struct asking_env *out, struct err *e)
{
	asking_env_scope(s, st->scope, out);
	if (!env_secrets(s, st, way, out, e))
		return false;
	for (size_t i = 0; i < st->env.list.len; i++) {
		char *value = run_expand(
			s->run, st, st->env.list.at[i].value, leg->host, e);
		if (!value)
			return err_ctx(e, "env %s", st->env.list.at[i].key);
		env_add(out, st->env.list.at[i].key, value, false);
		mem_free(value);
	}
	if (leg->each)
		env_add(out, "each", leg->each, false);
	env_add(out, "HANDRAIL_RUN", s->run->id, false);
	env_add(out, "HANDRAIL_STEP", st->id, false);
	env_add(out, "HANDRAIL_HOST", leg->host, false);
	env_add(out, "HANDRAIL_ENV",
		s->runbook->environment ? s->runbook->environment : "", false);
	return true;
}

const char *
asking_named(const void *names, const char *name)
{
	const struct asking_names *n = names;

	if (strcmp(name, "host") == 0)
		return n->host;
	if (strcmp(name, "run") == 0)
		return n->s->run->id;
	if (strcmp(name, "step") == 0)
		return n->step->id;
	if (strcmp(name, "env") == 0)
		return n->s->runbook->environment;
	for (size_t i = n->env->list.len; i-- > 0;)
		if (strcmp(n->env->list.at[i].name, name) == 0)
			return n->env->list.at[i].value;
	return NULL;
}

/* ---- prompts --------------------------------------------------------------------------------- */

static void
asked_free(struct asked *a)
{
	mem_free(a->from);
	mem_free(a->text);
	mem_free(a);
}

static void
asking_show(struct session *s)
{
	const struct asked *a;

	if (!s->asked.list.len || !s->calls.on_prompt)
		return;
	a = s->asked.list.at[0];
	s->calls.on_prompt(
		s->calls.ctx, &(struct session_prompt){a->from, a->text, a->echo});
}

/* A link that asks anew has dropped its earlier question: an answer to that one, a
 * passphrase say, must not go to whoever asks now. */
static void
asking_outdate(struct session *s, const struct link *l)
{
	for (size_t i = 0; l && i < s->asked.list.len; i++)
		if (s->asked.list.at[i]->link == l)
			s->asked.list.at[i]->link = NULL;
}

void
asking_add(struct session *s, struct asked *take)
{
	asking_outdate(s, take->link);
	vec_push(&s->asked.list, take);
	if (s->asked.list.len == 1)
		asking_show(s);
	spine_changed(s);
}

void
session_answer(struct session *s, const char *text)
{
	struct err e = ERR_INIT;
	struct asked *a;

	if (!s->asked.list.len)
		return;
	a = s->asked.list.at[0];
	vec_remove(&s->asked.list, 0);
	switch (a->kind) {
	case ASKED_LINK:
		if (a->link)
			link_answer(a->link, text);
		break;
	case ASKED_SIGN:
		signing_prompt_answer(s, text);
		break;
	case ASKED_AUTHORITY:
		authorizing_answer(s, text);
		break;
	case ASKED_SUDO:
		outcome_sudo_answer(s, a->doing, text);
		break;
	case ASKED_SECRET:
		outcome_secret_answer(
			s, a->doing, text && session_input(s, a->input, text, &e));
		break;
	}
	asked_free(a);
	asking_show(s);
	spine_changed(s);
}

void
asking_release(struct session *s)
{
	choosing_release(s);
	for (size_t i = 0; i < s->asked.list.len; i++)
		asked_free(s->asked.list.at[i]);
	vec_free(&s->asked.list);
}
