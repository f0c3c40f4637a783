#include "model/probewhat.h"

#include <string.h>

#include "base/mem.h"
#include "model/subst.h"

static const struct log_source *
log_of(const struct runbook *rb, const struct probe *p)
{
	for (size_t i = 0; p->kind == PROBE_LOG && i < rb->logs.list.len; i++) {
		const struct log_source *log = &rb->logs.list.at[i];

		if (log->scope == p->scope && str_eq(log->name, p->subject))
			return log;
	}
	return NULL;
}

static void
names_of_pairs(
	const struct pairs *list, void (*each)(void *ctx, const char *name), void *ctx)
{
	for (size_t i = 0; i < list->list.len; i++)
		subst_names(list->list.at[i].value, each, ctx);
}

void
probewhat_names(const struct runbook *rb, const struct probe *p,
	void (*each)(void *ctx, const char *name), void *ctx)
{
	const struct log_source *log = log_of(rb, p);

	if (p->kind != PROBE_COMMAND)
		subst_names(p->subject, each, ctx);
	subst_names(p->http.url, each, ctx);
	subst_names(p->http.body, each, ctx);
	names_of_pairs(&p->http.headers, each, ctx);
	names_of_pairs(&p->args, each, ctx);
	if (log)
		names_of_pairs(&log->args, each, ctx);
}

/* ---- the digest -------------------------------------------------------------------------- */

struct told {
	const struct runbook *rb;
	const struct probewhat *v;
	int scope;
	struct str text;
	bool secret;
};

static void
tell_value(void *ctx, const char *name)
{
	struct told *t = ctx;
	int input = runbook_find_input(t->rb, t->scope, name);
	const char *value;
	char *full;

	if (input != NONE && t->rb->inputs.list.at[input].from != SECRET_NOT) {
		t->secret = true;
		return;
	}
	full = runbook_full_name(t->rb, t->scope, name);
	value = t->v->value(t->v->ctx, full);
	if (value) /* with its length, so that no value can pretend to be two */
		str_addf(&t->text, "\n%s %zu %s", name, strlen(value), value);
	mem_free(full);
}

static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_';
}

/* Shell text has its values as variables. Which words of it are some only the shell knows:
 * every word that could be one counts. */
static void
tell_words(struct told *t, const char *shell)
{
	while (*shell) {
		size_t len = 0;

		while (in_word(shell[len]))
			len++;
		if (len) {
			char *word = mem_strndup(shell, len);

			if (subst_valid_name(word))
				tell_value(t, word);
			mem_free(word);
		}
		shell += len ? len : 1;
	}
}

static void
tell_log(struct told *t, const struct log_source *log)
{
	const struct host *h = log->host == NONE ? NULL
						 : &t->rb->hosts.list.at[log->host];

	for (size_t i = 0; i < log->args.list.len; i++)
		str_addf(&t->text, "\n%s: %s", log->args.list.at[i].key,
			log->args.list.at[i].value);
	for (int i = 0; h && i < h->target_count; i++)
		str_addf(&t->text, "\non %s",
			t->rb->targets.list.at[h->first_target + i].id);
}

bool
probewhat_digest(const struct runbook *rb, const struct probe *p,
	const struct probewhat *v, char out[DIGEST_HEX + 1])
{
	struct told t = {.rb = rb, .v = v, .scope = p->scope, .text = STR_INIT};
	const struct log_source *log = log_of(rb, p);

	probe_canonical(rb, p, &t.text);
	if (log)
		tell_log(&t, log);
	probewhat_names(rb, p, tell_value, &t);
	if (p->kind == PROBE_COMMAND && p->subject)
		tell_words(&t, p->subject);
	digest_hex(t.text.buf, t.text.len, out);
	str_release(&t.text);
	return !t.secret;
}
