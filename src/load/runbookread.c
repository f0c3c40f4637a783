#include "load/runbookread.h"

#include "base/digest.h"
#include "base/file.h"
#include "load/cure.h"
#include "load/hostread.h"
#include "load/inputread.h"
#include "load/proberead.h"
#include "load/stepread.h"

/* ---- files --------------------------------------------------------------------------------- */

/* Lexically: no "./", no "x/..": so that the same file has the same name. */
static char *
tidy_path(const char *path)
{
	struct str out = STR_INIT;

	if (path[0] == '/')
		str_addc(&out, '/');
	while (*path) {
		size_t n = strcspn(path, "/");
		size_t root = out.len && out.buf[0] == '/';

		if (n == 2 && path[0] == '.' && path[1] == '.' && out.len > root &&
			!str_ends(&out, "..")) {
			size_t cut = out.len;

			while (cut > root && out.buf[cut - 1] != '/')
				cut--;
			str_cut(&out, cut > root ? cut - 1 : cut);
		} else if (n && !(n == 1 && path[0] == '.')) {
			if (out.len > root)
				str_addc(&out, '/');
			str_add(&out, path, n);
		}
		path += n;
		path += *path == '/';
	}
	return str_take(&out);
}

/* A text that stands for a file: of a record that is walked on. */
static const struct source *
kept_source(const struct load_opts *o, const char *path)
{
	for (size_t i = 0; i < o->kept_len; i++)
		if (str_eq(o->kept[i].path, path))
			return &o->kept[i];
	return NULL;
}

static char *
try_path(const struct load_opts *o, const char *dir, const char *name)
{
	static const char *const tails[] = {"", ".yaml", ".yml"};

	for (int i = 0; i < 3; i++) {
		char *file = mem_printf("%s%s", name, tails[i]);
		char *raw = file_join(dir, file), *path = tidy_path(raw);

		mem_free(raw);
		mem_free(file);
		if (kept_source(o, path) || (file_exists(path) && !file_is_dir(path)))
			return path;
		mem_free(path);
	}
	return NULL;
}

/* Beside the file, then in the project's folders; NULL if there is none. */
static char *
find_runbook(const struct frame *f, const char *name)
{
	const struct project *p = f->l->o->project;
	char *path = try_path(f->l->o, f->dir, name);

	for (size_t i = 0; !path && p && i < p->runbooks.list.len; i++)
		path = try_path(f->l->o, p->runbooks.list.at[i], name);
	return path;
}

static const struct source *
find_source(const struct runbook *rb, const char *path)
{
	for (size_t i = 0; i < rb->sources.list.len; i++)
		if (str_eq(rb->sources.list.at[i].path, path))
			return &rb->sources.list.at[i];
	return NULL;
}

static const struct source *
add_source(struct runbook *rb, const char *path, const char *text, size_t len)
{
	struct source *s = vec_add(&rb->sources.list);

	s->path = mem_strdup(path);
	/* may hold NUL: then it is refused, with all its bytes */
	s->text = mem_large(len + 1, 1);
	memcpy(s->text, text, len);
	s->text[len] = '\0';
	s->len = len;
	digest_hex(text, len, s->sha256);
	return s;
}

void
runbookread_source(struct runbook *rb, const struct source *s)
{
	if (!find_source(rb, s->path))
		add_source(rb, s->path, s->text, s->len);
}

/* ---- the head of a file ---------------------------------------------------------------------- */

static void
read_reviewed(const struct frame *f, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX];

	if (!n || !keyed_read(&f->r, n, KEYS_IN_REVIEWED, 0, got))
		return;
	f->l->rb->reviewed_last = keyed_line(got[KEY_REVIEWED_LAST]);
	f->l->rb->reviewed_every_ms = keyed_ms(got[KEY_REVIEWED_EVERY]);
}

static void
read_page(const struct frame *f, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX];

	if (!n || !keyed_read(&f->r, n, KEYS_IN_SOURCE, 0, got))
		return;
	f->l->rb->source_file = keyed_line(got[KEY_SOURCE_FILE]);
	f->l->rb->source_sha256 = keyed_line(got[KEY_SOURCE_SHA256]);
}

static void
read_roles(const struct frame *f, const struct ynode *n)
{
	struct runbook *rb = f->l->rb;

	for (const struct ynode *k = n ? n->first : NULL; k; k = k->next->next) {
		struct role *role;

		if (k->kind != YNODE_SCALAR)
			continue;
		if (map_has(&f->l->roles, k->text)) {
			keyed_complain(&f->r, k, C_ROLE_TWICE, "remove it here",
				"the role `%.60s` has been given already", k->text);
			continue;
		}
		loading_put(&f->l->roles, k->text, 0);
		role = vec_add(&rb->roles.list);
		role->name = mem_strdup(k->text);
		keyed_strings(k->next, &role->principals);
	}
}

static void
take_roles(struct loading *l)
{
	const struct project *p = l->o->project;

	for (size_t i = 0; p && i < p->roles.list.len; i++) {
		const struct role *from = &p->roles.list.at[i];
		struct role *to = vec_add(&l->rb->roles.list);

		loading_put(&l->roles, from->name, 0);
		to->name = mem_strdup(from->name);
		for (size_t j = 0; j < from->principals.list.len; j++)
			vec_push(&to->principals.list,
				mem_strdup(from->principals.list.at[j]));
	}
}

static void
read_head(const struct frame *f, const struct ynode **got)
{
	struct runbook *rb = f->l->rb;

	rb->title = keyed_line(got[KEY_RUNBOOK_TITLE]);
	rb->kind = (enum runbook_kind)keyed_word(got[KEY_RUNBOOK_KIND], KEYS_IN_RUNBOOK,
		KEY_RUNBOOK_KIND, RUNBOOK_CHECKLIST);
	rb->why = keyed_text(got[KEY_RUNBOOK_WHY]);
	rb->owner = keyed_line(got[KEY_RUNBOOK_OWNER]);
	read_reviewed(f, got[KEY_RUNBOOK_REVIEWED]);
	read_page(f, got[KEY_RUNBOOK_SOURCE]);
	keyed_pairs(got[KEY_RUNBOOK_CONTACTS], &rb->contacts);
	keyed_pairs(got[KEY_RUNBOOK_LINKS], &rb->links);
	keyed_strings(got[KEY_RUNBOOK_ALIASES], &rb->aliases);
	keyed_strings(got[KEY_RUNBOOK_TAGS], &rb->tags);
	keyed_strings(got[KEY_RUNBOOK_ENVIRONMENTS], &rb->environments);
	take_roles(f->l);
}

static bool
names_environment(const struct frame *f, const struct ynode *n)
{
	struct strings list = {0};
	bool found = false;

	keyed_strings(n, &list);
	for (size_t i = 0; i < list.list.len; i++) {
		found = found || str_eq(list.list.at[i], f->l->env->name);
		mem_free(list.list.at[i]);
	}
	vec_free(&list.list);
	return found;
}

static void
check_environment(const struct frame *f, const struct ynode *n)
{
	if (f->l->env && !f->l->scenario && n && !names_environment(f, n))
		keyed_complain(&f->r, n, C_ENV_REFUSED, "choose another environment",
			"this runbook was not written for `%s`", f->l->env->name);
}

/* ---- the way back ------------------------------------------------------------------------------ */

/* As if its one step called that runbook. A record walks what it holds, nothing that came to
 * the disk later. */
static void
read_named_rollback(struct frame *f, const struct ynode *n)
{
	struct runbook *rb = f->l->rb;
	char *path = find_runbook(f, n->text);

	rb->rollback = keyed_line(n);
	if (f->l->o->kept && !(path && kept_source(f->l->o, path))) {
		mem_free(path);
		return;
	}
	if (path) {
		rb->rollback_first = (int)rb->steps.list.len;
		stepread_heading(f, n, "The way back");
		stepread_call(f, n);
	} else {
		keyed_complain(&f->r, n, C_CALL_MISSING,
			"check the name, or write the steps",
			"there is no runbook `%.100s`", n->text);
	}
	mem_free(path);
}

static void
read_rollback(struct frame *f, const struct ynode *n)
{
	struct runbook *rb = f->l->rb;

	if (!n)
		return;
	if (n->kind == YNODE_SCALAR) {
		read_named_rollback(f, n);
		return;
	}
	rb->rollback_first = (int)rb->steps.list.len;
	if (n->first && !ynode_get(n->first, "section"))
		stepread_heading(f, n, "The way back");
	stepread_list(f, n);
}

/* ---- one file ---------------------------------------------------------------------------------- */

static bool
check_version(const struct reading *r, const struct ynode *root)
{
	const struct ynode *v = ynode_get(root, "handrail");

	if (!v && ynode_get(root, "handrail_project")) {
		keyed_complain(r, root, C_KEY_MISSING,
			"check it with `handrail lint handrail.yaml`",
			"this is a project file, not a runbook");
		return false;
	}
	if (!v || v->kind != YNODE_SCALAR || str_eq(v->text, "1"))
		return true;
	if (v->text[0] >= '1' && v->text[0] <= '9' &&
		v->text[strspn(v->text, "0123456789")] == '\0')
		keyed_complain(r, v, C_VERSION, "use a version of handrail that reads it",
			"format %.20s is newer than this version, which reads 1",
			v->text);
	else
		keyed_complain(r, v, C_VALUE, "write `handrail: 1`",
			"`%.20s` is no format", v->text);
	return false;
}

static void
read_parts(struct frame *f, const struct ynode **got)
{
	const struct ynode *steps = got[KEY_RUNBOOK_STEPS];

	check_environment(f, got[KEY_RUNBOOK_ENVIRONMENTS]);
	hostread_file(f, got[KEY_RUNBOOK_HOSTS]);
	inputread_file(f, got[KEY_RUNBOOK_INPUTS]);
	if (f->call == NONE)
		proberead_project(f);
	proberead_file(f, got[KEY_RUNBOOK_PROBES]);
	proberead_logs(f, got[KEY_RUNBOOK_LOGS]);
	proberead_containers(f, got[KEY_RUNBOOK_CONTAINERS]);
	read_roles(f, f->call == NONE ? got[KEY_RUNBOOK_ROLES] : NULL);
	if (!steps)
		return;
	if (!steps->first)
		keyed_complain(
			&f->r, steps, C_NO_VALUE, "add a step", "there are no steps");
	stepread_list(f, steps);
	if (f->call == NONE)
		read_rollback(f, got[KEY_RUNBOOK_ROLLBACK]);
	stepread_resolve(f);
}

static void
release_frame(struct frame *f)
{
	map_release(&f->hosts);
	map_release(&f->own_ids);
	map_release(&f->slugs);
	vec_free(&f->fixups);
}

/* Values of a call must be for inputs the called file has. */
static void
check_with(const struct frame *f, const struct reading *caller, const struct ynode *with)
{
	struct runbook *rb = f->l->rb;

	for (const struct ynode *k = with ? with->first : NULL; k; k = k->next->next) {
		char *full = k->kind == YNODE_SCALAR ? loading_full(f, k->text) : NULL;
		int i = full ? loading_index(&f->l->inputs, full) : NONE;

		mem_free(full);
		if (i == NONE)
			keyed_complain(caller, k, C_INPUT_UNKNOWN,
				"see `inputs:` of that runbook",
				"the called runbook has no input `%.60s`",
				k->kind == YNODE_SCALAR ? k->text : "?");
		else if (rb->inputs.list.at[i].from != SECRET_NOT)
			keyed_complain(caller, k->next, C_SECRET_LITERAL, "remove it",
				"`%.60s` is a secret of the called runbook", k->text);
	}
}

static void
read_text(struct frame *f, const struct source *src, const struct ynode *with,
	const struct reading *caller)
{
	const struct ynode *got[KEYS_MAX];
	const char *text = src->text; /* `src` moves when a call adds its own */
	size_t len = src->len, from = f->l->d->list.len;
	struct ydoc *y = ydoc_parse(f->r.file, text, len, f->l->d);

	map_init(&f->hosts);
	map_init(&f->own_ids);
	map_init(&f->slugs);
	if (y && check_version(&f->r, ydoc_root(y)) &&
		keyed_read(&f->r, ydoc_root(y), KEYS_IN_RUNBOOK, 0, got)) {
		if (f->call == NONE)
			read_head(f, got);
		read_parts(f, got);
		if (with)
			check_with(f, caller, with);
	}
	cure_attach(f->r.file, text, len, f->l->d, from);
	release_frame(f);
	ydoc_free(y);
}

void
runbookread_file(struct loading *l, const char *path, const char *text, size_t len)
{
	char *dir = file_dir(path), *tidy = tidy_path(path);
	struct frame f = {.l = l,
		.r = {.d = l->d, .file = path, .keys = l->keys},
		.dir = dir,
		.prefix = "",
		.number = "",
		.call = NONE,
		.section = NONE};
	struct scope *scope = vec_add(&l->rb->scopes.list);

	*scope = (struct scope){.prefix = mem_strdup(""), .parent = NONE};
	l->stack[l->depth++] = tidy;
	read_text(&f, add_source(l->rb, path, text, len), NULL, NULL);
	l->depth--;
	mem_free(tidy);
	mem_free(dir);
}

/* ---- calls ------------------------------------------------------------------------------------- */

static bool
may_call(const struct frame *f, const struct ynode *name, const char *path)
{
	struct loading *l = f->l;

	for (int i = 0; i < l->depth; i++) {
		if (str_eq(l->stack[i], path)) {
			keyed_complain(&f->r, name, C_CALL_CYCLE, "remove the call",
				"`%.100s` is being called already", name->text);
			return false;
		}
	}
	if (l->depth == LOADING_DEPTH_MAX || l->calls >= LOADING_CALLS_MAX) {
		keyed_complain(&f->r, name, C_CALL_DEEP, "write the steps out",
			l->depth == LOADING_DEPTH_MAX ? "calls deeper than 8 levels"
						      : "more than 200 calls");
		return false;
	}
	l->calls++;
	return true;
}

static const struct source *
read_source(const struct frame *f, const struct ynode *name, const char *path)
{
	const struct source *src = find_source(f->l->rb, path);
	const struct source *kept = kept_source(f->l->o, path);
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	if (src)
		return src;
	if (kept)
		return add_source(f->l->rb, path, kept->text, kept->len);
	if (file_read(path, YDOC_BYTES_MAX, &text, &e))
		src = add_source(f->l->rb, path, text.buf, text.len);
	else
		keyed_complain(&f->r, name, C_READ, NULL, "%s", e.msg);
	str_release(&text);
	return src;
}

void
runbookread_call(struct frame *caller, const struct ynode *name, int index,
	const struct ynode *with)
{
	struct loading *l = caller->l;
	const struct step *step = &l->rb->steps.list.at[index];
	char *path = find_runbook(caller, name->text);
	struct scope *scope;

	if (!path) {
		keyed_complain(&caller->r, name, C_CALL_MISSING,
			"check the name; folders are searched as `runbooks:` in handrail.yaml says",
			"there is no runbook `%.100s`", name->text);
		return;
	}
	if (l->stopped || !may_call(caller, name, path)) {
		mem_free(path);
		return;
	}
	const struct source *src = read_source(caller, name, path);

	if (src) {
		/* copies: the vectors they stand in may move while the file is read */
		struct source own = *src;
		char *prefix = mem_printf("%s/", step->id);
		char *number = mem_printf("%s.", step->number), *dir = file_dir(path);
		struct frame f = {.l = l,
			.r = {.d = l->d, .file = own.path, .keys = l->keys},
			.dir = dir,
			.scope = (int)l->rb->scopes.list.len,
			.prefix = prefix,
			.call = index,
			.number = number,
			.section = caller->section};

		scope = vec_add(&l->rb->scopes.list);
		*scope = (struct scope){
			.prefix = mem_strdup(prefix), .parent = caller->scope};
		keyed_pairs(with, &scope->with);
		l->stack[l->depth++] = path;
		read_text(&f, &own, with, &caller->r);
		l->depth--;
		mem_free(dir);
		mem_free(number);
		mem_free(prefix);
	}
	mem_free(path);
}
