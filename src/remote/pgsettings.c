#include "remote/pgsettings.h"

#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/file.h"
#include "base/mem.h"
#include "remote/pgservice.h"
#include "remote/reach.h"

void
pgsettings_set(struct pairs *c, const char *key, const char *value)
{
	for (size_t i = 0; i < c->list.len; i++) {
		struct pair *p = &c->list.at[i];

		if (strcmp(p->key, key) != 0)
			continue;
		mem_wipe_free(p->value, strlen(p->value));
		p->value = mem_strdup(value);
		return;
	}
	vec_push(&c->list,
		(struct pair){.key = mem_strdup(key), .value = mem_strdup(value)});
}

/* A password with an @ that is not written as %40 is cut there, and its rest would be taken
 * for a host, a port or a database: a name that is looked up, shown and recorded. */
static bool
cut_by_at(const struct pairs *c)
{
	static const char *const keys[] = {"host", "hostaddr", "port", "dbname"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (pairs_get(c, keys[i]) && strchr(pairs_get(c, keys[i]), '@'))
			return true;
	return false;
}

/* Everything that a string or service says, and what we add to it. */
bool
pgsettings_read(struct pairs *c, const struct pgconn_opts *o, struct err *e)
{
	char *said = NULL;
	PQconninfoOption *all;

	if (!o->dsn)
		return pgservice_read(o->service, c, e);
	all = PQconninfoParse(o->dsn, &said);
	if (!all)
		err_set(e, ERR_INPUT, "the connection string cannot be read");
	for (PQconninfoOption *i = all; i && i->keyword; i++)
		if (i->val)
			pgsettings_set(c, i->keyword, i->val);
	if (said)
		PQfreemem(said);
	PQconninfoFree(all);
	if (all && strstr(o->dsn, "://") && cut_by_at(c))
		return err_set(e, ERR_INPUT,
			"the connection string has an @ in its user or password: write it "
			"as %%40 there, / as %%2F");
	if (all && pairs_get(c, "service")) {
		struct pairs more = {0};
		bool ok = pgservice_read(pairs_get(c, "service"), &more, e);

		for (size_t i = 0; i < more.list.len; i++) {
			struct pair *p = &more.list.at[i];

			if (!pairs_get(c, p->key))
				pgsettings_set(c, p->key, p->value);
			mem_free(p->key);
			mem_wipe_free(p->value, strlen(p->value));
		}
		vec_free(&more.list);
		return ok;
	}
	return all != NULL;
}

/* What is spoken with stands on this machine: hostaddr, where there is one, decides alone,
 * and host is only the name in the certificate then. */
static bool
is_local(const struct pairs *c, const struct pgconn_opts *o, const char *host)
{
	const char *addr = o->through ? NULL : pairs_get(c, "hostaddr");

	if (addr && *addr)
		return reach_is_loopback(addr);
	return *host == '/' || !*host || reach_is_loopback(host);
}

void
pgsettings_safe(struct pairs *c, const struct pgconn_opts *o, const char *host)
{
	/* A server that has gone without a word is noticed within half a minute. */
	static const char *const alive[][2] = {{"keepalives_idle", "15"},
		{"keepalives_interval", "5"}, {"keepalives_count", "3"},
		{"tcp_user_timeout", "30000"}};
	const char *home = getenv("HOME");
	char *own = mem_printf("%s/.postgresql/root.crt", home ? home : "");
	bool local = is_local(c, o, host);

	pgsettings_set(c, "application_name", "handrail");
	pgsettings_set(c, "client_encoding", "UTF8");
	pgsettings_set(c, "gssencmode", "disable");
	for (size_t i = 0; i < sizeof alive / sizeof *alive; i++)
		if (!pairs_get(c, alive[i][0]))
			pgsettings_set(c, alive[i][0], alive[i][1]);
	if (o->ca)
		pgsettings_set(c, "sslrootcert", o->ca);
	if (o->cert)
		pgsettings_set(c, "sslcert", o->cert);
	if (o->key)
		pgsettings_set(c, "sslkey", o->key);
	if (!pairs_get(c, "sslmode") && (o->ca || !local))
		pgsettings_set(c, "sslmode", "verify-full");
	/* This version of libpq does not know the system's certificates by itself. */
	if (!pairs_get(c, "sslrootcert") && !file_exists(own) &&
		pairs_get(c, "sslmode") && str_starts(pairs_get(c, "sslmode"), "verify"))
		pgsettings_set(c, "sslrootcert", "/etc/ssl/certs/ca-certificates.crt");
	mem_free(own);
}
