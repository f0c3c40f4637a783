#include "load/stepread.h"

#include "load/dutyread.h"
#include "load/runbookread.h"
#include "load/stepacts.h"
#include "load/stepname.h"
#include "load/zoneread.h"

_Static_assert((int)KEY_STEP_SECTION == KEYS_STEP_KINDS - 1, "kinds come first");

enum { GUESSED_MAX = 500 }; /* names looked through for "did you mean" */

/* Rows of KEYS_STEP that name a kind; `until` is a wait too. */
static const enum step_kind row_kinds[KEYS_STEP_KINDS] = {
	[KEY_STEP_DO] = STEP_DO,
	[KEY_STEP_RUN] = STEP_RUN,
	[KEY_STEP_SQL] = STEP_SQL,
	[KEY_STEP_HTTP] = STEP_HTTP,
	[KEY_STEP_COPY] = STEP_COPY,
	[KEY_STEP_CHECK] = STEP_CHECK,
	[KEY_STEP_SOAK] = STEP_SOAK,
	[KEY_STEP_WATCH] = STEP_WATCH,
	[KEY_STEP_WAIT] = STEP_WAIT,
	[KEY_STEP_UNTIL] = STEP_WAIT,
	[KEY_STEP_ASK] = STEP_ASK,
	[KEY_STEP_NOTIFY] = STEP_NOTIFY,
	[KEY_STEP_CHOOSE] = STEP_CHOOSE,
	[KEY_STEP_CALL] = STEP_CALL,
	[KEY_STEP_SIGNOFF] = STEP_SIGNOFF,
	[KEY_STEP_SCHEDULE] = STEP_SCHEDULE,
	[KEY_STEP_SECTION] = STEP_SECTION,
};

/* ---- kind ------------------------------------------------------------------------------ */

static void
complain_no_kind(const struct reading *r, const struct ynode *map)
{
	const char *names[KEYS_STEP_KINDS + 1];
	const struct key_row *rows;
	char *guess = NULL;
	size_t count;

	rows = keytable_of(KEYS_IN_STEP, &count);
	for (int i = 0; i < KEYS_STEP_KINDS; i++)
		names[i] = rows[i].name;
	names[KEYS_STEP_KINDS] = NULL;
	for (const struct ynode *k = map->first; k && !guess; k = k->next->next)
		if (k->kind == YNODE_SCALAR && keyed_row(r, KEYS_IN_STEP, k) == NONE) {
			guess = keyed_guess(k->text, names);
			if (guess)
				map = k;
		}
	keyed_complain(r, map, C_NO_KIND,
		guess ? guess
		      : "add do, run, check, ask, choose, wait, signoff, call or section",
		"this step has no kind");
	mem_free(guess);
}

/* Row that names the kind, or NONE after a complaint. */
static int
find_kind(const struct reading *r, const struct ynode *map)
{
	int first = NONE;

	if (map->kind == YNODE_BAD)
		return NONE;
	if (map->kind != YNODE_MAP) {
		keyed_complain(r, map, C_SHAPE, "write it as `do: TEXT` or `run: SHELL`",
			"a step is a mapping, not %s",
			map->kind == YNODE_LIST ? "a list" : "a single value");
		return NONE;
	}
	for (const struct ynode *k = map->first; k; k = k->next->next) {
		int row = k->kind == YNODE_SCALAR ? keyed_row(r, KEYS_IN_STEP, k) : NONE;

		if (row == NONE || row >= KEYS_STEP_KINDS)
			continue;
		if (first != NONE) {
			keyed_complain(r, k, C_TWO_KINDS, "make them two steps",
				"this step is already a `%s`",
				step_kind_name(row_kinds[first]));
			return NONE;
		}
		first = row;
	}
	if (first == NONE)
		complain_no_kind(r, map);
	return first;
}

/* ---- parts -------------------------------------------------------------------------------- */

static void
note_fixup(struct frame *f, enum fixup_kind kind, const struct ynode *n, int option)
{
	struct fixup x = {.kind = kind,
		.node = n,
		.option = option,
		.step = (int)f->l->rb->steps.list.len};

	vec_push(&f->fixups, x);
}

static void
read_when(const struct frame *f, const struct ynode *n, struct step *s)
{
	static const char *const names[] = {"env", "input.NAME", "step.ID", NULL};

	for (const struct ynode *k = n ? n->first : NULL; k; k = k->next->next) {
		bool known;

		if (k->kind != YNODE_SCALAR || k->next->kind != YNODE_SCALAR)
			continue;
		known = str_eq(k->text, "env") ||
			(str_starts(k->text, "input.") && k->text[6]) ||
			(str_starts(k->text, "step.") && k->text[5]);
		if (!known) {
			char *guess = keyed_guess(k->text, names);

			keyed_complain(&f->r, k, C_WHEN_BAD,
				guess ? guess : "write env, input.NAME or step.ID",
				"unknown condition `%.60s`", k->text);
			mem_free(guess);
			continue;
		}
		vec_push(&s->when.list,
			(struct condition){.key = mem_strdup(k->text),
				.value = keyed_line(k->next)});
	}
}

static char *
read_explain(const struct frame *f, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX];
	struct str s = STR_INIT;

	if (!n || n->kind == YNODE_SCALAR)
		return keyed_text(n);
	for (const struct ynode *i = n->first; i; i = i->next)
		if (keyed_read(&f->r, i, KEYS_IN_EXPLAIN, 0, got) &&
			got[KEY_EXPLAIN_PART] && got[KEY_EXPLAIN_TEXT])
			str_addf(&s, "%s: %s\n", got[KEY_EXPLAIN_PART]->text,
				got[KEY_EXPLAIN_TEXT]->text);
	return str_take(&s);
}

static char *
read_sample(const struct frame *f, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX];

	if (!n || n->kind == YNODE_SCALAR)
		return keyed_line(n);
	return keyed_read(&f->r, n, KEYS_IN_SAMPLE, 0, got)
		? keyed_line(got[KEY_SAMPLE_FILE])
		: NULL;
}

static void
read_source(const struct frame *f, const struct ynode *n, struct step *s)
{
	const struct ynode *got[KEYS_MAX];

	if (!n || !keyed_read(&f->r, n, KEYS_IN_STEP_SOURCE, 0, got))
		return;
	s->source_line = keyed_int(got[KEY_STEP_SOURCE_LINE], 0);
	s->source_kind = keyed_line(got[KEY_STEP_SOURCE_KIND]);
}

static void
read_common(struct frame *f, const struct ynode **got, struct step *s)
{
	const struct ynode *needs = got[KEY_STEP_NEEDS];

	s->why = keyed_text(got[KEY_STEP_WHY]);
	s->explain = read_explain(f, got[KEY_STEP_EXPLAIN]);
	s->sample = read_sample(f, got[KEY_STEP_SAMPLE]);
	s->opens = keyed_line(got[KEY_STEP_OPENS]);
	keyed_pairs(got[KEY_STEP_LINKS], &s->links);
	read_source(f, got[KEY_STEP_SOURCE], s);
	read_when(f, got[KEY_STEP_WHEN], s);
	s->host = loading_host(f, got[KEY_STEP_HOST]);
	if (needs && needs->kind == YNODE_SCALAR)
		note_fixup(f, FIXUP_NEEDS, needs, 0);
	else if (needs)
		for (const struct ynode *i = needs->first; i; i = i->next)
			note_fixup(f, FIXUP_NEEDS, i, 0);
}

static void
read_options(struct frame *f, const struct ynode *list, struct step *s)
{
	const struct ynode *got[KEYS_MAX];

	for (const struct ynode *i = list ? list->first : NULL; i; i = i->next) {
		struct option *o = vec_add(&s->options.list);

		o->go = NONE;
		if (!keyed_read(&f->r, i, KEYS_IN_OPTION, 0, got))
			continue;
		o->label = keyed_line(got[KEY_OPTION_LABEL]);
		o->says = keyed_text(got[KEY_OPTION_SAYS]);
		if (got[KEY_OPTION_GOTO])
			note_fixup(f, FIXUP_OPTION, got[KEY_OPTION_GOTO],
				(int)s->options.list.len - 1);
		if (!o->label)
			o->label = mem_strdup("?");
	}
}

static void
read_signoff(const struct frame *f, const struct ynode **got, struct step *s)
{
	struct strings not = {0};

	s->role = keyed_line(got[KEY_STEP_SIGNOFF]);
	s->says = keyed_text(got[KEY_STEP_SAYS]);
	s->count = keyed_int(got[KEY_STEP_COUNT], 1);
	keyed_strings(got[KEY_STEP_AFTER], &s->after);
	keyed_strings(got[KEY_STEP_NOT], &not );
	loading_probes(f, got[KEY_STEP_CHANGED], &s->changed);
	for (size_t i = 0; i < not .list.len; i++) {
		if (str_eq(not .list.at[i], "runner")) {
			s->not_runner = true;
			mem_free(not .list.at[i]);
		} else {
			vec_push(&s->not_roles.list, not .list.at[i]);
		}
	}
	vec_free(&not .list);
}

static int
read_input_name(const struct frame *f, const struct ynode *n)
{
	char *full, *guess;
	const char **names;
	size_t count = 0;
	int i;

	if (!n)
		return NONE;
	full = loading_full(f, n->text);
	i = loading_index(&f->l->inputs, full);
	mem_free(full);
	if (i != NONE)
		return i;
	names = mem_array(f->l->rb->inputs.list.len + 1, sizeof *names);
	for (size_t j = 0; j < f->l->rb->inputs.list.len && count < GUESSED_MAX; j++)
		if (f->l->rb->inputs.list.at[j].scope == f->scope)
			names[count++] = f->l->rb->inputs.list.at[j].name;
	guess = keyed_guess(n->text, names);
	keyed_complain(&f->r, n, C_INPUT_UNKNOWN, guess ? guess : "add it to `inputs:`",
		"unknown input `%.60s`", n->text);
	mem_free(guess);
	mem_free(names);
	return NONE;
}

/* The zone behind it is read now: nothing else of it can be a zone's name. */
static void
read_until(const struct frame *f, const struct ynode *n, struct step *s)
{
	const char *zone = n ? strrchr(n->text, ' ') : NULL;

	s->wait_until = n ? keyed_line(n) : mem_strdup("?");
	if (zone && zone_name_valid(zone + 1) && strspn(zone + 1, "0123456789:") == 0)
		(void)zoneread_find(&f->r, n, zone + 1, &f->l->rb->windows);
}

static void
read_looks(const struct frame *f, const struct ynode **got, const struct ynode *subject,
	struct step *s)
{
	loading_probes(f, subject, &s->probes);
	s->within_ms = keyed_ms(got[KEY_STEP_WITHIN]);
	s->for_ms = keyed_ms(got[KEY_STEP_FOR]);
	s->every_ms = keyed_ms(got[KEY_STEP_EVERY]);
	loading_probes(f, got[KEY_STEP_ABORT], &s->aborts);
	if (got[KEY_STEP_ABORT])
		s->text = stepname_join("abort: ", got[KEY_STEP_ABORT]);
}

/* Fields of the kind. */
static void
read_kind(struct frame *f, const struct ynode **got, const struct ynode *map, int row,
	struct step *s)
{
	const struct ynode *subject = got[row];

	switch (s->kind) {
	case STEP_DO:
		s->text = keyed_text(subject);
		s->evidence = (enum evidence_kind)(1 +
			keyed_word(got[KEY_STEP_EVIDENCE], KEYS_IN_STEP,
				KEY_STEP_EVIDENCE, -1));
		break;
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
		stepacts_read(f, got, map, s);
		break;
	case STEP_CHECK:
	case STEP_SOAK:
		read_looks(f, got, subject, s);
		break;
	case STEP_WATCH:
		stepacts_read_watch(f, got, s);
		break;
	case STEP_WAIT:
		if (row == KEY_STEP_UNTIL)
			read_until(f, subject, s);
		else
			s->wait_ms = subject ? keyed_ms(subject) : 1;
		break;
	case STEP_ASK:
		s->input = read_input_name(f, subject);
		break;
	case STEP_NOTIFY:
	case STEP_SECTION:
	case STEP_CALL:
		s->text = keyed_line(subject);
		break;
	case STEP_CHOOSE:
		s->text = keyed_line(subject);
		read_options(f, got[KEY_STEP_OPTIONS], s);
		break;
	case STEP_SIGNOFF:
		read_signoff(f, got, s);
		break;
	case STEP_SCHEDULE:
		dutyread_list(f, subject, s);
		break;
	case STEP_KIND_COUNT:
		break;
	}
}

static void
read_failure(struct frame *f, const struct ynode *n, struct step *s)
{
	if (!n)
		return;
	if (str_eq(n->text, "ask")) {
		s->on_failure = ON_FAILURE_ASK;
	} else if (!str_eq(n->text, "stop")) {
		s->on_failure = ON_FAILURE_GOTO;
		note_fixup(f, FIXUP_FAILURE, n, 0);
	}
}

/* A step as it is before anything was read. */
static struct step
blank_step(const struct frame *f, const struct ynode *map)
{
	return (struct step){
		.index = (int)f->l->rb->steps.list.len,
		.section = f->section,
		.call = f->call,
		.scope = f->scope,
		.host = NONE,
		.risk = RISK_NONE,
		.undo = {.host = NONE, .risk = RISK_MODERATE},
		.copy_source = {.host = NONE},
		.copy_target = {.host = NONE},
		.on_failure_go = NONE,
		.input = NONE,
		.count = 1,
		.line = (int)map->line,
		.col = map->col,
		.file = mem_strdup(f->r.file),
	};
}

static void
append_step(struct frame *f, struct step *s, const struct ynode **got,
	const struct ynode *subject)
{
	s->title = keyed_line(got[KEY_STEP_TITLE]);
	if (!s->title)
		s->title = stepname_title(f, subject, s);
	s->id = stepname_take_id(f, got[KEY_STEP_ID], s->title);
	s->number = stepname_number(f, s->kind);
	idtable_put(&f->l->ids, s);
	if (s->kind == STEP_SECTION) {
		s->section = NONE;
		f->section = s->index;
	}
	vec_push(&f->l->rb->steps.list, *s);
}

static void
read_step(struct frame *f, const struct ynode *map)
{
	const struct ynode *got[KEYS_MAX];
	int row = find_kind(&f->r, map);
	struct step s;

	if (row == NONE)
		return;
	s = blank_step(f, map);
	s.kind = row_kinds[row];
	keyed_read(&f->r, map, KEYS_IN_STEP, 1U << s.kind, got);
	read_common(f, got, &s);
	read_kind(f, got, map, row, &s);
	read_failure(f, got[KEY_STEP_ON_FAILURE], &s);
	append_step(f, &s, got, got[row]);
	if (s.kind != STEP_CALL || !got[row])
		return;
	runbookread_call(f, got[row], s.index, got[KEY_STEP_WITH]);
}

void
stepread_heading(struct frame *f, const struct ynode *at, const char *title)
{
	struct step s = blank_step(f, at);

	s.kind = STEP_SECTION;
	s.text = mem_strdup(title);
	s.title = mem_strdup(title);
	s.id = stepname_id(f, title);
	s.number = stepname_number(f, STEP_SECTION);
	s.section = NONE;
	idtable_put(&f->l->ids, &s);
	f->section = s.index;
	vec_push(&f->l->rb->steps.list, s);
}

void
stepread_call(struct frame *f, const struct ynode *name)
{
	struct step s = blank_step(f, name);

	s.kind = STEP_CALL;
	s.text = keyed_line(name);
	s.title = mem_strdup(s.text);
	s.id = stepname_id(f, s.title);
	s.number = stepname_number(f, STEP_CALL);
	idtable_put(&f->l->ids, &s);
	vec_push(&f->l->rb->steps.list, s);
	runbookread_call(f, name, s.index, NULL);
}

/* Written ids are taken before any is made from a title. */
static void
note_written_ids(struct frame *f, const struct ynode *list)
{
	for (const struct ynode *i = list->first; i; i = i->next) {
		const struct ynode *id = ynode_get(i, "id");
		char *full;

		if (!id || id->kind != YNODE_SCALAR)
			continue;
		full = loading_full(f, id->text);
		loading_put(&f->own_ids, full, (int)id->line);
		mem_free(full);
	}
}

/* Steps are large and many: room for all of a file at once. */
static void
reserve_steps(struct runbook *rb, size_t room)
{
	struct step *at;

	if (rb->steps.list.len) { /* a called file: those before it move */
		vec_reserve(&rb->steps.list, room);
		return;
	}
	if (rb->steps.list.cap >= room)
		return;
	at = mem_large(room, sizeof *at);
	mem_free(rb->steps.list.at);
	rb->steps.list.at = at;
	rb->steps.list.cap = room;
}

void
stepread_list(struct frame *f, const struct ynode *list)
{
	struct loading *l = f->l;
	size_t room = l->rb->steps.list.len + list->len + RUNBOOK_ADDED_MAX;

	reserve_steps(l->rb,
		room < LOADING_STEPS_MAX + RUNBOOK_ADDED_MAX
			? room
			: LOADING_STEPS_MAX + RUNBOOK_ADDED_MAX);
	note_written_ids(f, list);
	for (const struct ynode *i = list->first; i && !l->stopped; i = i->next) {
		if (l->rb->steps.list.len >= LOADING_STEPS_MAX) {
			keyed_complain(&f->r, i, C_TOO_MANY, "split the runbook",
				"more than %d steps", LOADING_STEPS_MAX);
			l->stopped = true;
			return;
		}
		read_step(f, i);
	}
}

/* ---- names of steps ------------------------------------------------------------------------ */

static int
find_step(const struct frame *f, const struct ynode *n)
{
	char *full, *guess;
	const char **names;
	size_t count = 0, head = strlen(f->prefix);
	const struct runbook *rb = f->l->rb;
	int i;

	if (n->kind != YNODE_SCALAR)
		return NONE;
	full = loading_full(f, n->text);
	i = idtable_find(&f->l->ids, rb, full);
	mem_free(full);
	if (i != NONE || f->l->stopped)
		return i;
	names = mem_array(rb->steps.list.len + 1, sizeof *names);
	for (size_t j = 0; j < rb->steps.list.len && count < GUESSED_MAX; j++)
		if (str_starts(rb->steps.list.at[j].id, f->prefix))
			names[count++] = rb->steps.list.at[j].id + head;
	guess = keyed_guess(n->text, names);
	keyed_complain(&f->r, n, C_STEP_UNKNOWN,
		guess ? guess : "write the id of a step; `handrail show` lists them",
		"unknown step `%.70s`", n->text);
	mem_free(guess);
	mem_free(names);
	return NONE;
}

void
stepread_resolve(struct frame *f)
{
	for (size_t i = 0; i < f->fixups.len; i++) {
		const struct fixup *x = &f->fixups.at[i];
		struct step *s = &f->l->rb->steps.list.at[x->step];
		int to = find_step(f, x->node);

		switch (x->kind) {
		case FIXUP_NEEDS:
			if (to != NONE)
				vec_push(&s->needs.list, to);
			break;
		case FIXUP_FAILURE:
			s->on_failure_go = to;
			break;
		case FIXUP_OPTION:
			s->options.list.at[x->option].go = to;
			break;
		}
	}
}
