#include "remote/sshconf.h"

#include <ctype.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

enum { LOOK_TIMEOUT_MS = 20 * 1000, ANSWER_LIMIT = 256 * 1024 };
enum { DEFAULT_PORT = 22, MAX_PORT = 65535 };

const char *
sshconf_file(void)
{
	const char *path = getenv("HANDRAIL_SSH_CONFIG");

	return path && *path ? path : NULL;
}

bool
sshconf_alias_ok(const char *alias, struct err *e)
{
	if (!*alias)
		return err_set(e, ERR_INPUT, "the name of the host is empty");
	if (*alias == '-')
		return err_set(
			e, ERR_INPUT, "%s: a host name cannot begin with -", alias);
	for (const char *p = alias; *p; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return err_set(e, ERR_INPUT,
				"a host name holds a blank or control character");
	}
	return true;
}

/* ---- values ---- */

static const char *
home_of_account(void)
{
	const struct passwd *pw = getpwuid(getuid()); /* as ssh does: not $HOME */

	return pw ? pw->pw_dir : "/";
}

static void
add_token(struct str *out, char token, const struct sshconf *c)
{
	const struct passwd *pw = getpwuid(getuid());
	char host[256] = "";

	switch (token) {
	case '%':
		str_addc(out, '%');
		break;
	case 'd':
		str_adds(out, home_of_account());
		break;
	case 'h':
		str_adds(out, c->hostname);
		break;
	case 'k':
		str_adds(out, c->hostkeyalias ? c->hostkeyalias : c->alias);
		break;
	case 'n':
		str_adds(out, c->alias);
		break;
	case 'r':
		str_adds(out, c->user);
		break;
	case 'p':
		str_addf(out, "%d", c->port);
		break;
	case 'i':
		str_addf(out, "%u", (unsigned)getuid());
		break;
	case 'u':
		str_adds(out, pw ? pw->pw_name : "");
		break;
	case 'l':
	case 'L':
		gethostname(host, sizeof host - 1);
		if (token == 'L' && strchr(host, '.'))
			*strchr(host, '.') = 0;
		str_adds(out, host);
		break;
	default: /* %C and what later versions add: no file will be found under it */
		str_addc(out, '%');
		str_addc(out, token);
	}
}

/* ${NAME} of the environment, or nothing: p points behind "${". Returns behind "}". */
static const char *
add_env(struct str *out, const char *p)
{
	const char *end = strchr(p, '}');
	char *name;

	if (!end)
		return p + strlen(p);
	name = mem_strndup(p, (size_t)(end - p));
	if (getenv(name))
		str_adds(out, getenv(name));
	mem_free(name);
	return end + 1;
}

/* ~, %tokens and ${ENV} of a path as ssh(1) lists them under TOKENS. */
static char *
expand(const struct sshconf *c, const char *path)
{
	struct str out = STR_INIT;
	const char *p = path;

	if (p[0] == '~' && (p[1] == '/' || !p[1])) {
		str_adds(&out, home_of_account());
		p++;
	}
	while (*p) {
		if (p[0] == '%' && p[1]) {
			add_token(&out, p[1], c);
			p += 2;
		} else if (p[0] == '$' && p[1] == '{') {
			p = add_env(&out, p + 2);
		} else {
			str_addc(&out, *p++);
		}
	}
	return str_take(&out);
}

static void
expand_all(const struct sshconf *c, struct strings *s)
{
	for (size_t i = 0; i < s->list.len; i++) {
		char *was = s->list.at[i];

		s->list.at[i] = expand(c, was);
		mem_free(was);
	}
}

static char *
agent_socket(const struct sshconf *c, const char *value)
{
	const char *sock;

	if (value && strcmp(value, "none") == 0)
		return NULL;
	if (value && value[0] == '$' && value[1] != '{')
		sock = getenv(value + 1);
	else if (!value || strcmp(value, "SSH_AUTH_SOCK") == 0)
		sock = getenv("SSH_AUTH_SOCK");
	else
		return expand(c, value);
	return sock && *sock ? mem_strdup(sock) : NULL;
}

/* ---- the answer of ssh -G ---- */

enum key_type { KEY_TEXT, KEY_BOOL, KEY_INT, KEY_LIST, KEY_WORDS };

struct key {
	const char *name;
	enum key_type type;
	size_t offset;
};

static const struct key keys[] = {
#define KEY(name, type, field) \
	{ \
		name, type, offsetof(struct sshconf, field) \
	}
	KEY("hostname", KEY_TEXT, hostname),
	KEY("user", KEY_TEXT, user),
	KEY("port", KEY_INT, port),
	KEY("hostkeyalias", KEY_TEXT, hostkeyalias),
	KEY("identityfile", KEY_LIST, identityfiles),
	KEY("certificatefile", KEY_LIST, certificatefiles),
	KEY("userknownhostsfile", KEY_WORDS, known_files),
	KEY("globalknownhostsfile", KEY_WORDS, global_files),
	KEY("identitiesonly", KEY_BOOL, identities_only),
	KEY("identityagent", KEY_TEXT, identityagent),
	KEY("proxyjump", KEY_TEXT, proxyjump),
	KEY("proxycommand", KEY_TEXT, proxycommand),
	KEY("pkcs11provider", KEY_TEXT, pkcs11provider),
	KEY("bindaddress", KEY_TEXT, bindaddress),
	KEY("addressfamily", KEY_TEXT, addressfamily),
	KEY("preferredauthentications", KEY_TEXT, preferredauth),
	KEY("revokedhostkeys", KEY_TEXT, revokedhostkeys),
	KEY("knownhostscommand", KEY_TEXT, knownhostscommand),
	KEY("gssapiauthentication", KEY_BOOL, gssapi),
	KEY("hostbasedauthentication", KEY_BOOL, hostbased),
	KEY("pubkeyauthentication", KEY_BOOL, pubkey),
	KEY("passwordauthentication", KEY_BOOL, password),
	KEY("kbdinteractiveauthentication", KEY_BOOL, kbdinteractive),
	KEY("connecttimeout", KEY_INT, connect_timeout_s),
#undef KEY
};

static void
add_words(struct strings *s, const char *value)
{
	while (*value) {
		size_t len = strcspn(value, " ");

		if (len > 0)
			vec_push(&s->list, mem_strndup(value, len));
		value += len;
		while (*value == ' ')
			value++;
	}
}

static void
set_key(struct sshconf *c, const struct key *k, const char *value)
{
	char *base = (char *)c + k->offset;

	switch (k->type) {
	case KEY_TEXT:
		mem_free(*(char **)base);
		*(char **)base = mem_strdup(value);
		break;
	case KEY_BOOL: /* "unbound" and "host-bound" are kinds of yes */
		*(bool *)base = strcmp(value, "no") != 0 && strcmp(value, "false") != 0;
		break;
	case KEY_INT:
		*(int *)base = (int)strtol(value, NULL, 10);
		break;
	case KEY_LIST:
		vec_push(&((struct strings *)base)->list, mem_strdup(value));
		break;
	case KEY_WORDS:
		add_words((struct strings *)base, value);
		break;
	}
}

static void
drop_none(char **value)
{
	if (*value && (strcmp(*value, "none") == 0 || !**value)) {
		mem_free(*value);
		*value = NULL;
	}
}

static void
read_line(struct sshconf *c, char *line)
{
	char *value = strchr(line, ' ');

	if (!value)
		return;
	*value++ = 0;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (strcmp(line, keys[i].name) == 0)
			set_key(c, &keys[i], value);
	}
}

static void
settle(struct sshconf *c)
{
	char **optional[] = {&c->hostkeyalias, &c->proxyjump, &c->proxycommand,
		&c->pkcs11provider, &c->bindaddress, &c->preferredauth,
		&c->revokedhostkeys, &c->knownhostscommand};
	char *agent = agent_socket(c, c->identityagent);

	mem_free(c->identityagent);
	c->identityagent = agent;
	for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
		drop_none(optional[i]);
	for (size_t i = 0; i < c->certificatefiles.list.len; i++) {
		if (strcmp(c->certificatefiles.list.at[i], "none") == 0) {
			mem_free(c->certificatefiles.list.at[i]);
			vec_remove(&c->certificatefiles.list, i);
			i--;
		}
	}
	for (size_t i = 0; i < c->global_files.list.len; i++)
		vec_push(&c->known_files.list, mem_strdup(c->global_files.list.at[i]));
	expand_all(c, &c->identityfiles);
	expand_all(c, &c->certificatefiles);
	expand_all(c, &c->known_files);
}

bool
sshconf_parse(struct sshconf *out, const char *alias, const char *text, size_t len,
	struct err *e)
{
	const char *p = text, *end = text + len;

	*out = (struct sshconf){.alias = mem_strdup(alias)};
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		char *line = mem_strndup(p, (size_t)((nl ? nl : end) - p));

		read_line(out, line);
		mem_free(line);
		p = nl ? nl + 1 : end;
	}
	if (!out->hostname || !out->user || out->port < 1 || out->port > MAX_PORT) {
		sshconf_release(out);
		return err_set(
			e, ERR_PARSE, "ssh -G %s names no host, user or port", alias);
	}
	settle(out);
	return true;
}

static void
strings_release(struct strings *s)
{
	for (size_t i = 0; i < s->list.len; i++)
		mem_free(s->list.at[i]);
	vec_free(&s->list);
}

void
sshconf_release(struct sshconf *c)
{
	char *texts[] = {c->alias, c->hostname, c->user, c->hostkeyalias,
		c->identityagent, c->proxyjump, c->proxycommand, c->pkcs11provider,
		c->bindaddress, c->addressfamily, c->preferredauth, c->revokedhostkeys,
		c->knownhostscommand};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		mem_free(texts[i]);
	strings_release(&c->identityfiles);
	strings_release(&c->certificatefiles);
	strings_release(&c->known_files);
	strings_release(&c->global_files);
	*c = (struct sshconf){0};
}

char *
sshconf_known_name(const struct sshconf *c)
{
	char *name = c->hostkeyalias      ? mem_strdup(c->hostkeyalias)
		: c->port == DEFAULT_PORT ? mem_strdup(c->hostname)
					  : mem_printf("[%s]:%d", c->hostname, c->port);

	for (char *p = name; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return name;
}

char *
sshconf_address(const struct sshconf *c)
{
	bool v6 = strchr(c->hostname, ':') != NULL;

	return mem_printf(v6 ? "%s@[%s]:%d" : "%s@%s:%d", c->user, c->hostname, c->port);
}

/* ---- asking ssh ---- */

struct sshconf_look {
	struct loop_child *child;
	char *alias;
	struct str out, err;
	sshconf_fn *fn;
	void *ctx;
};

static void
look_out(void *ctx, const char *p, size_t len)
{
	struct sshconf_look *k = ctx;

	if (k->out.len + len <= ANSWER_LIMIT)
		str_add(&k->out, p, len);
}

static void
look_err(void *ctx, const char *p, size_t len)
{
	struct sshconf_look *k = ctx;

	if (k->err.len + len <= ANSWER_LIMIT)
		str_add(&k->err, p, len);
}

static void
look_end(void *ctx, const struct loop_child_end *end)
{
	struct sshconf_look *k = ctx;
	struct sshconf conf;
	struct err e = ERR_INIT;

	if (end->timed_out) {
		err_set(&e, ERR_TIMEOUT, "ssh -G %s did not answer", k->alias);
	} else if (end->exit != 0) {
		struct str why = STR_INIT;

		text_harmless(&why, k->err.buf, k->err.len, TEXT_ONE_LINE);
		err_set(&e, ERR_INPUT, "ssh -G %s: %s", k->alias,
			why.len ? why.buf : "failed");
		str_release(&why);
	} else if (sshconf_parse(&conf, k->alias, k->out.buf, k->out.len, &e)) {
		k->fn(k->ctx, &conf, NULL); /* may free k */
		sshconf_release(&conf);
		return;
	}
	k->fn(k->ctx, NULL, &e);
}

struct sshconf_look *
sshconf_look_start(
	struct loop *l, const char *alias, sshconf_fn *fn, void *ctx, struct err *e)
{
	const char *file = sshconf_file();
	const char *argv[] = {"ssh", "-G", "-F", file, "--", alias, NULL};
	const char *plain[] = {"ssh", "-G", "--", alias, NULL};
	struct loop_child_opts o = {
		.argv = file ? argv : plain,
		.timeout_ms = LOOK_TIMEOUT_MS,
	};
	struct loop_child_calls calls = {
		.on_out = look_out,
		.on_err = look_err,
		.on_end = look_end,
	};
	struct sshconf_look *k;

	if (!sshconf_alias_ok(alias, e))
		return NULL;
	k = mem_alloc(sizeof *k);
	k->out = STR_INIT;
	k->err = STR_INIT;
	k->alias = mem_strdup(alias);
	k->fn = fn;
	k->ctx = ctx;
	calls.ctx = k;
	k->child = loop_child_start(l, &o, &calls, e);
	if (!k->child) {
		sshconf_look_free(k);
		return NULL;
	}
	return k;
}

void
sshconf_look_free(struct sshconf_look *k)
{
	if (!k)
		return;
	loop_child_free(k->child);
	str_release(&k->out);
	str_release(&k->err);
	mem_free(k->alias);
	mem_free(k);
}
