#include "load/proberead.h"

#include <stdio.h>

#include "base/digest.h"
#include "base/file.h"
#include "load/expectread.h"
#include "model/parts.h"

_Static_assert(
	(int)KEY_PROBE_CI == (int)PROBE_CI, "the first rows are the kinds, in order");

enum { EVERY_MS = 10000, TIMEOUT_MS = 10000 };

/* Rows of KEYS_PROBE that every kind shares or that have a field of their own. */
static bool
is_argument(int row)
{
	switch (row) {
	case KEY_PROBE_EXPECT:
	case KEY_PROBE_WARN:
	case KEY_PROBE_STEADY:
	case KEY_PROBE_OF:
	case KEY_PROBE_EVERY:
	case KEY_PROBE_TIMEOUT:
	case KEY_PROBE_DRAFT:
		return false;
	default:
		return true;
	}
}

/* The kind: the one key that names a subject; host and container may stand beside it. */
static int
find_kind(const struct reading *r, const struct ynode *key)
{
	const struct ynode *map = key->next;
	int kind = NONE, second = NONE;
	bool host = false, container = false;

	for (const struct ynode *k = map->first; k; k = k->next->next) {
		int row = k->kind == YNODE_SCALAR
			? keytable_find(KEYS_IN_PROBE, k->text, k->len)
			: NONE;

		if (row == NONE || row >= PROBE_KIND_COUNT)
			continue;
		if (row == PROBE_HOST)
			host = true;
		else if (row == PROBE_CONTAINER)
			container = true;
		else if (kind == NONE)
			kind = row;
		else
			second = row;
	}
	if (second != NONE) {
		keyed_complain(r, key, C_PROBE_KIND, "make them two probes",
			"probe `%.60s` has both `%s` and `%s`", key->text,
			probe_kind_name((enum probe_kind)kind),
			probe_kind_name((enum probe_kind)second));
		return NONE;
	}
	if (kind == NONE)
		kind = container ? (int)PROBE_CONTAINER : host ? (int)PROBE_HOST : NONE;
	if (kind == NONE)
		keyed_complain(r, key, C_PROBE_KIND,
			"add http, command, sql, file or another kind; handrail-runbook(5) lists them",
			"probe `%.60s` has no kind", key->text);
	return kind;
}

static void
read_http(const struct ynode **got, struct probe *p)
{
	p->http.method = got[KEY_PROBE_METHOD] ? keyed_line(got[KEY_PROBE_METHOD])
					       : mem_strdup("GET");
	p->http.url = keyed_line(got[KEY_PROBE_HTTP]);
	keyed_pairs(got[KEY_PROBE_HEADERS], &p->http.headers);
	p->http.body = keyed_text(got[KEY_PROBE_BODY]);
	got[KEY_PROBE_METHOD] = got[KEY_PROBE_HEADERS] = got[KEY_PROBE_BODY] = NULL;
}

static void
read_args(const struct ynode **got, struct probe *p)
{
	size_t count;
	const struct key_row *rows = keytable_of(KEYS_IN_PROBE, &count);

	for (size_t i = 0; i < count; i++) {
		if (!got[i] || i == (size_t)p->kind || !is_argument((int)i))
			continue;
		if (got[i]->kind != YNODE_MAP) {
			keyed_pair_add(&p->args, rows[i].name, got[i]);
			continue;
		}
		for (const struct ynode *k = got[i]->first; k; k = k->next->next) {
			char *name = mem_printf("%s.%s", rows[i].name, k->text);

			keyed_pair_add(&p->args, name, k->next);
			mem_free(name);
		}
	}
}

static void
check_subject(const struct reading *r, const struct ynode *n, enum probe_kind kind)
{
	const char *s = n ? n->text : NULL;

	if (!s)
		return;
	if ((kind == PROBE_HTTP || kind == PROBE_BURST || kind == PROBE_CORS) &&
		!str_starts(s, "http://") && !str_starts(s, "https://") &&
		!str_starts(s, "${"))
		keyed_complain(r, n, C_VALUE, "write a URL with http:// or https://",
			"`%s` is not for this URL", probe_kind_name(kind));
	if ((kind == PROBE_TCP || kind == PROBE_TLS) && !strchr(s, ':') &&
		!strchr(s, '$'))
		keyed_complain(r, n, C_VALUE, "write HOST:PORT, as db.example.com:5432",
			"`%.60s` has no port", s);
}

static void
read_hosts(const struct frame *f, const struct ynode **got, struct probe *p)
{
	p->host = p->through = NONE;
	if (!f)
		return;
	p->host = loading_host(f, got[KEY_PROBE_HOST]);
	p->through = loading_host(f, got[KEY_PROBE_THROUGH]);
	got[KEY_PROBE_HOST] = got[KEY_PROBE_THROUGH] = NULL;
}

bool
proberead_one(const struct reading *r, const struct frame *f, const struct ynode *key,
	struct probe *out)
{
	const struct ynode *got[KEYS_MAX];
	char what[48];
	int kind;

	*out = (struct probe){.host = NONE, .through = NONE};
	if (!loading_name(r, key, KEY_VALUE_LABEL, "name of a probe"))
		return false;
	if (key->next->kind != YNODE_MAP)
		return keyed_read(r, key->next, KEYS_IN_PROBE, 0, got) && false;
	kind = find_kind(r, key);
	if (kind == NONE)
		return false;
	keyed_read(r, key->next, KEYS_IN_PROBE, 1U << kind, got);
	out->name = mem_strdup(key->text);
	out->kind = (enum probe_kind)kind;
	out->line = (int)key->line;
	snprintf(what, sizeof what, "a `%s` probe", probe_kind_name(out->kind));
	check_subject(r, got[kind], out->kind);
	if (got[kind]) {
		struct pairs one = {0};

		keyed_pair_add(&one, "subject", got[kind]);
		out->subject = one.list.at[0].value;
		one.list.at[0].value = NULL;
		parts_free_pairs(&one);
	}
	out->expect = expectread_expect(
		r, got[KEY_PROBE_EXPECT], keytable_probe_fields(out->kind), what);
	out->warn = expectread_expect(
		r, got[KEY_PROBE_WARN], keytable_probe_fields(out->kind), what);
	if (!out->expect)
		out->expect = expectread_placeholder(keytable_probe_fields(out->kind));
	out->draft = got[KEY_PROBE_DRAFT] && keyed_bool(got[KEY_PROBE_DRAFT]);
	out->steady = keyed_int(got[KEY_PROBE_STEADY], 1);
	out->of = keyed_int(got[KEY_PROBE_OF], out->steady);
	if (out->of < out->steady)
		keyed_complain(r, got[KEY_PROBE_OF], C_VALUE,
			"make `of` at least `steady`", "%d of %d readings can't be good",
			out->steady, out->of);
	out->every_ms = got[KEY_PROBE_EVERY] ? keyed_ms(got[KEY_PROBE_EVERY]) : EVERY_MS;
	out->timeout_ms = out->every_ms < TIMEOUT_MS ? out->every_ms : TIMEOUT_MS;
	if (got[KEY_PROBE_TIMEOUT])
		out->timeout_ms = keyed_ms(got[KEY_PROBE_TIMEOUT]);
	read_hosts(f, got, out);
	if (out->kind == PROBE_HTTP)
		read_http(got, out);
	read_args(got, out);
	return true;
}

/* Hosts come before probes of the same name. */
static void
read_need(const struct frame *f, const struct ynode *n, struct probe *p)
{
	int host = loading_index(&f->hosts, n->text);
	int probe = host == NONE ? loading_probe(f, n) : NONE;

	if (host != NONE)
		vec_push(&p->needs_hosts.list, host);
	else if (probe != NONE)
		vec_push(&p->needs_probes.list, probe);
}

static void
read_needs(const struct frame *f, const struct ynode *n, struct probe *p)
{
	const struct ynode *i = n->kind == YNODE_LIST ? n->first : n;

	for (; i && i->kind == YNODE_SCALAR; i = n->kind == YNODE_LIST ? i->next : NULL)
		read_need(f, i, p);
}

void
proberead_file(struct frame *f, const struct ynode *table)
{
	struct runbook *rb = f->l->rb;

	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		char *full = k->kind == YNODE_SCALAR ? loading_full(f, k->text) : NULL;
		struct probe p;

		if (!full)
			continue;
		if (map_has(&f->l->env_probes, k->text))
			keyed_complain(&f->r, k, C_PROBE_TWICE, "remove one of the two",
				"probe `%.60s` is also in handrail.yaml", k->text);
		/* a broken one keeps its name, so that its uses are not complained of */
		if (!proberead_one(&f->r, f, k, &p))
			p = (struct probe){.name = mem_strdup(k->text),
				.subject = mem_strdup(""),
				.host = NONE,
				.through = NONE,
				.expect = expectread_placeholder(
					keytable_probe_fields(PROBE_COMMAND)),
				.kind = PROBE_COMMAND,
				.steady = 1,
				.of = 1,
				.line = (int)k->line};
		p.scope = f->scope;
		loading_put(&f->l->probes, full, (int)rb->probes.list.len);
		vec_push(&rb->probes.list, p);
		mem_free(full);
	}
	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		const struct ynode *needs = ynode_get(k->next, "needs");
		int at = k->kind == YNODE_SCALAR
			? runbook_find_probe(rb, f->scope, k->text)
			: NONE;

		if (needs && needs->kind != YNODE_MAP && at != NONE)
			read_needs(f, needs, &rb->probes.list.at[at]);
	}
}

static bool
hosts_there(const struct frame *f, const struct ynode *probe)
{
	static const char *const keys[] = {"host", "through"};

	for (int i = 0; i < 2; i++) {
		const struct ynode *n = ynode_get(probe, keys[i]);

		if (n && n->kind == YNODE_SCALAR && !map_has(&f->hosts, n->text))
			return false;
	}
	return true;
}

/* What is needed and not there in this environment cannot be dead. */
static void
project_needs(struct frame *f, const struct ynode *table)
{
	for (const struct ynode *k = table->first; k; k = k->next->next) {
		const struct ynode *n = ynode_get(k->next, "needs"), *i;
		int at = k->kind == YNODE_SCALAR
			? loading_index(&f->l->env_probes, k->text)
			: NONE;

		if (!n || n->kind == YNODE_MAP || at == NONE)
			continue;
		for (i = n->kind == YNODE_LIST ? n->first : n;
			i && i->kind == YNODE_SCALAR;
			i = n->kind == YNODE_LIST ? i->next : NULL)
			if (map_has(&f->hosts, i->text) ||
				map_has(&f->l->env_probes, i->text))
				read_need(f, i, &f->l->rb->probes.list.at[at]);
	}
}

void
proberead_project(struct frame *f)
{
	const struct project *p = f->l->o->project;
	struct reading r = {.d = f->l->d, .file = p ? p->path : NULL};
	struct diags quiet = {0}; /* load_project has said it all */
	struct reading again = {.d = &quiet, .file = r.file};
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	char sha[DIGEST_HEX + 1] = "";
	const struct ynode *table;
	struct ydoc *y = NULL;

	if (!p || !p->probes.list.len)
		return;
	if (p->text)
		str_add(&text, p->text, p->text_len);
	if (p->text || file_read(p->path, YDOC_BYTES_MAX, &text, &e)) {
		digest_hex(text.buf, text.len, sha);
		y = ydoc_parse(p->path, text.buf, text.len, &quiet);
	}
	if (!y || strcmp(sha, p->sha256) != 0) {
		keyed_complain(&r, NULL, C_PROJECT_CHANGED, "start again",
			"handrail.yaml is no longer as it was read");
	} else if ((table = ynode_get(ydoc_root(y), "probes")) &&
		table->kind == YNODE_MAP) {
		for (const struct ynode *k = table->first; k; k = k->next->next) {
			struct probe probe;

			if (k->kind != YNODE_SCALAR || !hosts_there(f, k->next) ||
				!proberead_one(&again, f, k, &probe))
				continue;
			probe.shared = true;
			loading_put(&f->l->env_probes, k->text,
				(int)f->l->rb->probes.list.len);
			vec_push(&f->l->rb->probes.list, probe);
		}
		project_needs(f, table);
	}
	diags_release(&quiet);
	ydoc_free(y);
	str_release(&text);
}

void
proberead_logs(struct frame *f, const struct ynode *table)
{
	const struct ynode *got[KEYS_MAX];
	size_t count;
	const struct key_row *rows = keytable_of(KEYS_IN_LOG, &count);

	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		struct log_source *log;

		if (!loading_name(&f->r, k, KEY_VALUE_LABEL, "name of a log") ||
			!keyed_read(&f->r, k->next, KEYS_IN_LOG, 0, got))
			continue;
		log = vec_add(&f->l->rb->logs.list);
		*log = (struct log_source){
			.name = mem_strdup(k->text), .scope = f->scope};
		log->host = loading_host(f, got[KEY_LOG_HOST]);
		for (size_t i = KEY_LOG_CONTAINER; i < count; i++)
			if (got[i])
				keyed_pair_add(&log->args, rows[i].name, got[i]);
		int ways = !!got[KEY_LOG_CONTAINER] + !!got[KEY_LOG_PATH] +
			!!got[KEY_LOG_UNIT] + !!got[KEY_LOG_COMMAND];
		if (ways > 1)
			keyed_complain(&f->r, k, C_TOGETHER,
				"make them logs of their own",
				"log `%.60s` has more than one of container, path, unit and command",
				k->text);
		else if (ways == 0)
			keyed_complain(&f->r, k, C_KEY_MISSING,
				"add `container:`, `path:`, `unit:` or `command:`",
				"log `%.60s` has nothing to follow", k->text);
	}
}

/* What compose would say and a list of one's own cannot both be right; both are of one
 * project. */
static void
check_group(
	struct frame *f, const struct ynode *at, const struct ynode *const got[KEYS_MAX])
{
	static const int of_compose[] = {KEY_CONTAINERS_DIR, KEY_CONTAINERS_COMPOSE,
		KEY_CONTAINERS_ENV_FILE, KEY_CONTAINERS_PROFILES};
	const struct ynode *compose = NULL, *expects;

	for (size_t i = 0; i < sizeof of_compose / sizeof *of_compose && !compose; i++)
		compose = got[of_compose[i]];
	expects = compose ? compose : got[KEY_CONTAINERS_SERVICES];
	if (compose && got[KEY_CONTAINERS_SERVICES])
		keyed_complain(&f->r, compose, C_TOGETHER, "leave one of them out",
			"the services are listed, and to be read from compose files");
	if (compose && !got[KEY_CONTAINERS_DIR])
		keyed_complain(&f->r, compose, C_KEY_MISSING, "add `dir:`",
			"the folder of the compose files is not named");
	if (expects && !got[KEY_CONTAINERS_PROJECT])
		keyed_complain(&f->r, at, C_KEY_MISSING, "add `project:`",
			"services belong to a project, and none is named");
}

void
proberead_containers(struct frame *f, const struct ynode *list)
{
	const struct ynode *got[KEYS_MAX];

	for (const struct ynode *i = list ? list->first : NULL; i; i = i->next) {
		struct container_group g = {.host = NONE};

		if (!keyed_read(&f->r, i, KEYS_IN_CONTAINERS, 0, got))
			continue;
		check_group(f, i, got);
		g.host = loading_host(f, got[KEY_CONTAINERS_HOST]);
		g.project = keyed_line(got[KEY_CONTAINERS_PROJECT]);
		g.name = keyed_line(got[KEY_CONTAINERS_NAME]);
		g.dir = keyed_line(got[KEY_CONTAINERS_DIR]);
		g.env_file = keyed_line(got[KEY_CONTAINERS_ENV_FILE]);
		keyed_strings(got[KEY_CONTAINERS_COMPOSE], &g.compose);
		keyed_strings(got[KEY_CONTAINERS_PROFILES], &g.profiles);
		keyed_strings(got[KEY_CONTAINERS_SERVICES], &g.services);
		vec_push(&f->l->rb->containers.list, g);
	}
}
