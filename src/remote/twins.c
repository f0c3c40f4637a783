#include "remote/twins.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "model/parts.h"
#include "remote/sshconf.h"

enum { ALIASES_MAX = 200 };

struct twins {
	struct loop *loop;
	struct strings aliases;
	VEC_OF(struct sshconf)
	found; /* by alias; hostname NULL: ssh said nothing of it */
	struct sshconf_look *look;
	struct loop_timer *soon;
	twins_fn *fn;
	void *ctx;
};

static bool
same_way(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
are_one(const struct sshconf *a, const struct sshconf *b)
{
	return a->hostname && b->hostname && strcmp(a->alias, b->alias) != 0 &&
		strcasecmp(a->hostname, b->hostname) == 0 && a->port == b->port &&
		same_way(a->proxyjump, b->proxyjump) &&
		same_way(a->proxycommand, b->proxycommand);
}

/* Each with the first that it is the same as: of three names that makes two pairs. */
static void
tell(struct twins *t)
{
	struct str words = STR_INIT;

	for (size_t i = 1; i < t->found.len; i++)
		for (size_t k = 0; k < i; k++) {
			const struct sshconf *a = &t->found.at[k], *b = &t->found.at[i];

			if (!are_one(a, b))
				continue;
			str_addf(&words, "%s%s and %s are one machine (%s:%d)",
				words.len ? "; " : "", a->alias, b->alias, b->hostname,
				b->port);
			break;
		}
	t->fn(t->ctx, words.buf); /* may free t */
	str_release(&words);
}

static void ask_next(void *ctx);

static void
have_conf(void *ctx, struct sshconf *c, const struct err *e)
{
	struct twins *t = ctx;

	if (e) {
		vec_push(&t->found, (struct sshconf){0});
	} else {
		vec_push(&t->found, *c);
		*c = (struct sshconf){0};
	}
	loop_timer_start(t->soon, 0, 0);
}

static void
ask_next(void *ctx)
{
	struct twins *t = ctx;
	struct err e = ERR_INIT;

	sshconf_look_free(t->look);
	t->look = NULL;
	if (t->found.len == t->aliases.list.len) {
		tell(t);
		return;
	}
	t->look = sshconf_look_start(
		t->loop, t->aliases.list.at[t->found.len], have_conf, t, &e);
	if (t->look)
		return;
	vec_push(
		&t->found, (struct sshconf){0}); /* the link that needs it will say why */
	loop_timer_start(t->soon, 0, 0);
}

struct twins *
twins_start(struct loop *l, const char *const *aliases, size_t n, twins_fn *fn, void *ctx)
{
	struct twins *t = mem_alloc(sizeof *t);

	t->loop = l;
	t->fn = fn;
	t->ctx = ctx;
	t->soon = loop_timer_new(l, ask_next, t);
	for (size_t i = 0; i < n && i < ALIASES_MAX; i++)
		vec_push(&t->aliases.list, mem_strdup(aliases[i]));
	loop_timer_start(t->soon, 0, 0);
	return t;
}

static bool
is_there(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

struct twins *
twins_of(struct loop *l, const struct runbook *rb, twins_fn *fn, void *ctx)
{
	const char *names[ALIASES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < rb->targets.list.len && n < ALIASES_MAX; i++) {
		const struct target *t = &rb->targets.list.at[i];

		if (rb->hosts.list.at[t->host].via == HOST_SSH &&
			!is_there(names, n, t->id))
			names[n++] = t->id;
	}
	return n > 1 ? twins_start(l, names, n, fn, ctx) : NULL;
}

void
twins_free(struct twins *t)
{
	if (!t)
		return;
	sshconf_look_free(t->look);
	loop_timer_free(t->soon);
	for (size_t i = 0; i < t->found.len; i++)
		sshconf_release(&t->found.at[i]);
	vec_free(&t->found);
	parts_free_strings(&t->aliases);
	mem_free(t);
}
