#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/glob.h"
#include "load/keyed.h"
#include "load/load.h"

/* Scenarios. What is said of a state is held against what the state can be. */

/* A scenario is read before anybody trusts it: what takes long to work through is no use to
 * anybody. WORK_MAX is of comparisons of words, a second's worth at most. */
enum { ENTRIES_MAX = 1000, NAMES_MAX = 100, WORD_MAX = 64, WORK_MAX = 20000000 };

struct making {
	struct reading r;
	struct scenario *s;
	int64_t work; /* of check_state so far */
};

static const struct ynode *
items(const struct ynode *list)
{
	return list ? list->first : NULL;
}

/* ---- hosts ---------------------------------------------------------------------------------- */

static void
read_hosts(struct making *m, const struct ynode *table)
{
	static const struct key_row name = {.name = "hosts", .value = KEY_VALUE_LABEL};

	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		struct project_host *h;

		if (k->kind != YNODE_SCALAR || !keyed_scalar(&m->r, k, &name))
			continue;
		h = vec_add(&m->s->hosts.list);
		*h = (struct project_host){.host = {.name = mem_strdup(k->text),
						   .via = HOST_SIM,
						   .line = (int)k->line}};
		keyed_strings(k->next, &h->aliases);
	}
}

/* ---- what is measured ---------------------------------------------------------------------- */

static void
add_fact(struct making *m, struct scene_facts *to, enum expect_field field,
	const struct ynode *key, const struct ynode *v)
{
	const struct expect_field_info *info = expect_field_info(field);
	struct scene_fact *f;
	const char *unit;

	if (v->kind != YNODE_SCALAR) {
		if (v->kind != YNODE_BAD)
			keyed_complain(&m->r, v, C_SCENE_IS, "write the value",
				"`%s` is one value", info->name);
		return;
	}
	f = vec_add(&to->list);
	*f = (struct scene_fact){.field = field,
		.key = key ? mem_strdup(key->text) : NULL,
		.text = keyed_line(v)};
	if (field == EXPECT_JSON && f->key &&
		(f->key[0] != '/' || strchr(f->key + 1, '/')))
		keyed_complain(&m->r, key, C_SCENE_IS,
			"write the whole answer: json: '{\"a\": {\"b\": 1}}'",
			"`%.40s` is no member of the answer itself", f->key);
	f->is_number = expect_number(f->text, &f->number, &unit);
	if (info->how == EXPECT_HOW_NUMBER && !f->is_number)
		keyed_complain(&m->r, v, C_SCENE_IS, "write a number, with its unit",
			"`%s` is a number, not `%.40s`", info->name, v->text);
}

static void
read_is(struct making *m, struct scene_facts *to, const struct ynode *map)
{
	for (const struct ynode *k = map ? map->first : NULL; k; k = k->next->next) {
		enum expect_field field;
		const struct ynode *v = k->next;

		if (k->kind != YNODE_SCALAR)
			continue;
		if (!expect_field_find(k->text, &field)) {
			keyed_complain(&m->r, k, C_SCENE_IS,
				"handrail-runbook(5) lists them",
				"nothing that can be measured is called `%.40s`",
				k->text);
			continue;
		}
		if (v->kind != YNODE_MAP) {
			add_fact(m, to, field, NULL, v);
			continue;
		}
		for (const struct ynode *i = v->first; i; i = i->next->next)
			if (i->kind == YNODE_SCALAR)
				add_fact(m, to, field, i, i->next);
	}
}

/* ---- answers --------------------------------------------------------------------------------- */

/* \xHH is a byte, \\ a backslash; everything else stands for itself. */
static char *
bytes_of(const char *text, size_t *len)
{
	struct str out = STR_INIT;

	for (; *text; text++) {
		if (text[0] == '\\' && text[1] == '\\') {
			str_addc(&out, *++text);
		} else if (str_starts(text, "\\x") && isxdigit((unsigned char)text[2]) &&
			isxdigit((unsigned char)text[3])) {
			char hex[3] = {text[2], text[3], '\0'};

			str_addc(&out, (char)strtol(hex, NULL, 16));
			text += 3;
		} else {
			str_addc(&out, *text);
		}
	}
	*len = out.len;
	return str_take(&out);
}

static void
read_answer(struct making *m, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX], *bytes, *output;
	struct scene_answer *a;

	if (!keyed_read(&m->r, n, KEYS_IN_SCENE_ANSWER, 0, got))
		return;
	bytes = got[KEY_SCENE_ANSWER_BYTES];
	output = got[KEY_SCENE_ANSWER_OUTPUT];
	if (bytes && output)
		keyed_complain(&m->r, bytes, C_TOGETHER, "keep one of the two",
			"`bytes` and `output` are the same thing");
	a = vec_add(&m->s->answers.list);
	a->line = (int)n->line;
	a->step = keyed_line(got[KEY_SCENE_ANSWER_STEP]);
	a->match = keyed_text(got[KEY_SCENE_ANSWER_MATCH]);
	a->host = keyed_line(got[KEY_SCENE_ANSWER_HOST]);
	keyed_pairs(got[KEY_SCENE_ANSWER_WHEN], &a->when);
	keyed_pairs(got[KEY_SCENE_ANSWER_SET], &a->set);
	keyed_pairs(got[KEY_SCENE_ANSWER_INPUT], &a->input);
	a->times = keyed_int(got[KEY_SCENE_ANSWER_TIMES], 0);
	a->after_ms = keyed_ms(got[KEY_SCENE_ANSWER_AFTER]);
	a->exit = keyed_int(got[KEY_SCENE_ANSWER_EXIT], 0);
	if (a->exit > 255)
		keyed_complain(&m->r, got[KEY_SCENE_ANSWER_EXIT], C_VALUE,
			"write a number from 0 to 255", "no command ends with %d",
			a->exit);
	read_is(m, &a->is, got[KEY_SCENE_ANSWER_IS]);
	a->wrong = keyed_line(got[KEY_SCENE_ANSWER_WRONG]);
	if (bytes) {
		a->output = bytes_of(bytes->text, &a->output_len);
	} else {
		a->output = output ? keyed_text(output) : mem_strdup("");
		a->output_len = strlen(a->output);
	}
	a->error = got[KEY_SCENE_ANSWER_ERROR] ? keyed_text(got[KEY_SCENE_ANSWER_ERROR])
					       : mem_strdup("");
}

/* ---- probes ----------------------------------------------------------------------------------- */

static void
read_probe(struct making *m, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX];
	struct scene_probe *p;
	int ways;

	if (!keyed_read(&m->r, n, KEYS_IN_SCENE_PROBE, 0, got) ||
		!got[KEY_SCENE_PROBE_PROBE])
		return;
	ways = (got[KEY_SCENE_PROBE_IS] != NULL) +
		(got[KEY_SCENE_PROBE_NOTHING] != NULL) +
		(got[KEY_SCENE_PROBE_SILENT] != NULL);
	if (ways != 1)
		keyed_complain(&m->r, n, C_SCENE_IS, "write one of is, nothing, silent",
			"it finds %s", ways ? "two things at once" : "not anything");
	p = vec_add(&m->s->probes.list);
	p->line = (int)n->line;
	p->probe = keyed_line(got[KEY_SCENE_PROBE_PROBE]);
	p->host = keyed_line(got[KEY_SCENE_PROBE_HOST]);
	keyed_pairs(got[KEY_SCENE_PROBE_WHEN], &p->when);
	read_is(m, &p->is, got[KEY_SCENE_PROBE_IS]);
	p->nothing = keyed_line(got[KEY_SCENE_PROBE_NOTHING]);
	p->silent = keyed_line(got[KEY_SCENE_PROBE_SILENT]);
	p->after_ms = keyed_ms(got[KEY_SCENE_PROBE_AFTER]);
}

/* ---- logs, containers, events, hints ------------------------------------------------------------ */

static void
read_log(struct making *m, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX];
	struct scene_log *l;

	if (!keyed_read(&m->r, n, KEYS_IN_SCENE_LOG, 0, got) || !got[KEY_SCENE_LOG_LOG])
		return;
	l = vec_add(&m->s->logs.list);
	l->log = keyed_line(got[KEY_SCENE_LOG_LOG]);
	l->host = keyed_line(got[KEY_SCENE_LOG_HOST]);
	keyed_pairs(got[KEY_SCENE_LOG_WHEN], &l->when);
	keyed_strings(got[KEY_SCENE_LOG_LINES], &l->lines);
	l->every_ms = keyed_ms(got[KEY_SCENE_LOG_EVERY]);
}

static char *
line_or(const struct ynode *n, const char *other)
{
	return n ? keyed_line(n) : mem_strdup(other);
}

static void
read_box(struct making *m, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX];
	struct scene_box *b;

	if (!keyed_read(&m->r, n, KEYS_IN_SCENE_BOX, 0, got) ||
		!got[KEY_SCENE_BOX_HOST] || !got[KEY_SCENE_BOX_NAME])
		return;
	b = vec_add(&m->s->boxes.list);
	b->host = keyed_line(got[KEY_SCENE_BOX_HOST]);
	b->name = keyed_line(got[KEY_SCENE_BOX_NAME]);
	keyed_pairs(got[KEY_SCENE_BOX_WHEN], &b->when);
	b->image = line_or(got[KEY_SCENE_BOX_IMAGE], "image");
	b->project = line_or(got[KEY_SCENE_BOX_PROJECT], "");
	b->service = line_or(got[KEY_SCENE_BOX_SERVICE], "");
	b->state = line_or(got[KEY_SCENE_BOX_STATE], "running");
	b->health = line_or(got[KEY_SCENE_BOX_HEALTH], "none");
	b->restarts = keyed_int(got[KEY_SCENE_BOX_RESTARTS], 0);
}

static void
read_event(struct making *m, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX];
	struct scene_event *e;

	if (!keyed_read(&m->r, n, KEYS_IN_SCENE_EVENT, 0, got))
		return;
	if (!got[KEY_SCENE_EVENT_AT] && !got[KEY_SCENE_EVENT_AFTER])
		keyed_complain(&m->r, n, C_VALUE,
			"write `at: 30s`, `after: STEP`, or both: so long after the step",
			"an event happens at a time or after a step");
	if (!got[KEY_SCENE_EVENT_SET] && !got[KEY_SCENE_EVENT_FAULT])
		keyed_complain(&m->r, n, C_VALUE, "write `set:` or `host:` and `fault:`",
			"nothing happens in it");
	if (!got[KEY_SCENE_EVENT_HOST] != !got[KEY_SCENE_EVENT_FAULT])
		keyed_complain(&m->r, n, C_VALUE, "write both",
			"`host` and `fault` belong together");
	e = vec_add(&m->s->events.list);
	e->line = (int)n->line;
	e->at_ms = got[KEY_SCENE_EVENT_AT] ? keyed_ms(got[KEY_SCENE_EVENT_AT]) : NONE;
	e->after = keyed_line(got[KEY_SCENE_EVENT_AFTER]);
	keyed_pairs(got[KEY_SCENE_EVENT_WHEN], &e->when);
	keyed_pairs(got[KEY_SCENE_EVENT_SET], &e->set);
	e->host = keyed_line(got[KEY_SCENE_EVENT_HOST]);
	e->fault = keyed_line(got[KEY_SCENE_EVENT_FAULT]);
}

static void
read_hint(struct making *m, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX];
	struct scene_hint *h;

	if (!keyed_read(&m->r, n, KEYS_IN_SCENE_HINT, 0, got) ||
		!got[KEY_SCENE_HINT_SAYS])
		return;
	h = vec_add(&m->s->hints.list);
	h->line = (int)n->line;
	h->step = keyed_line(got[KEY_SCENE_HINT_STEP]);
	keyed_pairs(got[KEY_SCENE_HINT_WHEN], &h->when);
	h->says = keyed_text(got[KEY_SCENE_HINT_SAYS]);
}

/* The place of a word; a wrong one was complained of. */
static enum scene_place
place_of(const struct ynode *n)
{
	const char *at = SCENE_PLACES;

	for (int i = 0; n && i < SCENE_PLACE_COUNT; i++) {
		size_t len = strcspn(at, "|");

		if (strlen(n->text) == len && memcmp(n->text, at, len) == 0)
			return (enum scene_place)i;
		at += len + (at[len] == '|');
	}
	return SCENE_PLACE_COUNT;
}

static void
read_guide(struct making *m, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX];
	struct scene_guide *g;

	if (!keyed_read(&m->r, n, KEYS_IN_SCENE_GUIDE, 0, got) ||
		!got[KEY_SCENE_GUIDE_ON] || !got[KEY_SCENE_GUIDE_SAYS])
		return;
	g = vec_add(&m->s->guide.list);
	g->line = (int)n->line;
	g->on = place_of(got[KEY_SCENE_GUIDE_ON]);
	g->until = place_of(got[KEY_SCENE_GUIDE_UNTIL]);
	g->step = keyed_line(got[KEY_SCENE_GUIDE_STEP]);
	keyed_pairs(got[KEY_SCENE_GUIDE_WHEN], &g->when);
	g->says = keyed_line(got[KEY_SCENE_GUIDE_SAYS]);
}

/* ---- what the state can be ------------------------------------------------------------------------ */

static bool
gives(struct making *m, const struct pairs *p, const char *name, const char *glob)
{
	const char *value = pairs_get(p, name);

	m->work += 1 + (int64_t)p->list.len;
	return value && glob_fits(glob, value);
}

static bool
can_be(struct making *m, const char *name, const char *glob)
{
	const struct scenario *s = m->s;

	if (gives(m, &s->state, name, glob))
		return true;
	for (size_t i = 0; i < s->answers.list.len; i++)
		if (gives(m, &s->answers.list.at[i].set, name, glob))
			return true;
	for (size_t i = 0; i < s->events.list.len; i++)
		if (gives(m, &s->events.list.at[i].set, name, glob))
			return true;
	return false;
}

static void
check_pairs(struct making *m, const struct pairs *p)
{
	for (size_t i = 0; i < p->list.len && m->work < WORK_MAX; i++) {
		const struct pair *one = &p->list.at[i];
		struct ynode at = {.line = (uint32_t)one->line, .col = 1};

		if (strlen(one->value) > WORD_MAX)
			keyed_complain(&m->r, &at, C_SCENE_STATE, "write a short word",
				"the value of `%.60s` has more than %d bytes", one->key,
				WORD_MAX);
		else if (!pairs_get(&m->s->state, one->key))
			keyed_complain(&m->r, &at, C_SCENE_STATE, "add it to `state:`",
				"the state has no `%.60s`", one->key);
		else if (!can_be(m, one->key, one->value))
			keyed_complain(&m->r, &at, C_SCENE_STATE,
				"see `state:` and `set:`", "`%.60s` is never `%.60s`",
				one->key, one->value);
	}
}

static void
check_state(struct making *m)
{
	const struct scenario *s = m->s;

	if (s->state.list.len > NAMES_MAX) {
		keyed_complain(&m->r, NULL, C_SCENE_STATE, "write a simpler scenario",
			"the state has more than %d names", NAMES_MAX);
		return;
	}
	check_pairs(m, &s->state);
	for (size_t i = 0; i < s->answers.list.len; i++) {
		check_pairs(m, &s->answers.list.at[i].when);
		check_pairs(m, &s->answers.list.at[i].set);
	}
	for (size_t i = 0; i < s->probes.list.len; i++)
		check_pairs(m, &s->probes.list.at[i].when);
	for (size_t i = 0; i < s->logs.list.len; i++)
		check_pairs(m, &s->logs.list.at[i].when);
	for (size_t i = 0; i < s->boxes.list.len; i++)
		check_pairs(m, &s->boxes.list.at[i].when);
	for (size_t i = 0; i < s->events.list.len; i++) {
		check_pairs(m, &s->events.list.at[i].when);
		check_pairs(m, &s->events.list.at[i].set);
	}
	for (size_t i = 0; i < s->hints.list.len; i++)
		check_pairs(m, &s->hints.list.at[i].when);
	for (size_t i = 0; i < s->guide.list.len; i++)
		check_pairs(m, &s->guide.list.at[i].when);
	check_pairs(m, &s->solved);
	if (m->work >= WORK_MAX)
		keyed_complain(&m->r, NULL, C_SCENE_STATE, "write a simpler scenario",
			"the state has too many values to be checked");
}

/* ---- the file --------------------------------------------------------------------------------------- */

static void
read_lists(struct making *m, const struct ynode *const *got)
{
	static const struct {
		int row;
		void (*read)(struct making *m, const struct ynode *n);
	} lists[] = {
		{KEY_SCENARIO_ANSWERS, read_answer},
		{KEY_SCENARIO_PROBES, read_probe},
		{KEY_SCENARIO_LOGS, read_log},
		{KEY_SCENARIO_CONTAINERS, read_box},
		{KEY_SCENARIO_EVENTS, read_event},
		{KEY_SCENARIO_HINTS, read_hint},
		{KEY_SCENARIO_GUIDE, read_guide},
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		size_t count = 0;

		for (const struct ynode *n = items(got[lists[i].row]); n; n = n->next) {
			if (++count > ENTRIES_MAX) {
				keyed_complain(&m->r, n, C_VALUE,
					"write a simpler scenario",
					"a list has more than %d entries", ENTRIES_MAX);
				break;
			}
			lists[i].read(m, n);
		}
	}
}

static void
read_scenario(struct making *m, const struct ynode *root)
{
	const struct ynode *got[KEYS_MAX], *v = ynode_get(root, "handrail_scenario");
	struct scenario *s = m->s;

	if (v && v->kind == YNODE_SCALAR && !str_eq(v->text, "1")) {
		keyed_complain(&m->r, v, C_VERSION, "write `handrail_scenario: 1`",
			"this version reads format 1, not `%.20s`", v->text);
		return;
	}
	if (!keyed_read(&m->r, root, KEYS_IN_SCENARIO, 0, got))
		return;
	s->title = keyed_line(got[KEY_SCENARIO_TITLE]);
	s->why = keyed_line(got[KEY_SCENARIO_WHY]);
	s->like = keyed_line(got[KEY_SCENARIO_LIKE]);
	read_hosts(m, got[KEY_SCENARIO_HOSTS]);
	keyed_pairs(got[KEY_SCENARIO_INPUTS], &s->inputs);
	keyed_pairs(got[KEY_SCENARIO_STATE], &s->state);
	keyed_pairs(got[KEY_SCENARIO_SOLVED], &s->solved);
	s->within_ms = keyed_ms(got[KEY_SCENARIO_WITHIN]);
	s->every_ms = keyed_ms(got[KEY_SCENARIO_EVERY]);
	read_lists(m, got);
	check_state(m);
}

struct scenario *
load_scenario_text(const char *path, const char *text, size_t len, struct diags *d)
{
	struct making m = {.r = {.d = d, .file = path}, .s = scenario_new()};
	size_t before = d->errors;
	struct ydoc *y = ydoc_parse(path, text, len, d);

	m.s->source.path = mem_strdup(path);
	m.s->source.text = mem_strndup(text, len);
	m.s->source.len = len;
	digest_hex(text, len, m.s->source.sha256);
	if (y)
		read_scenario(&m, ydoc_root(y));
	ydoc_free(y);
	diags_sort(d);
	if (d->errors == before)
		return m.s;
	scenario_unref(m.s);
	return NULL;
}

enum load_what
load_what(const char *path)
{
	struct str head = STR_INIT;
	struct err ignored = ERR_INIT;
	enum load_what what = LOAD_RUNBOOK;
	const char *at;

	if (!file_read(path, YDOC_BYTES_MAX, &head, &ignored))
		str_reset(&head);
	at = head.buf;
	while (*at == '#' || *at == '\n' || *at == '\r' || str_starts(at, "---")) {
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	if (str_starts(at, "handrail_scenario:"))
		what = LOAD_SCENARIO;
	else if (str_starts(at, "handrail_test:"))
		what = LOAD_TESTS;
	str_release(&head);
	return what;
}

struct scenario *
load_scenario(const char *path, struct diags *d)
{
	struct reading r = {.d = d, .file = path};
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	struct scenario *s = NULL;

	if (file_read(path, YDOC_BYTES_MAX, &text, &e))
		s = load_scenario_text(path, text.buf, text.len, d);
	else
		keyed_complain(&r, NULL, C_READ, NULL, "%s", e.msg);
	str_release(&text);
	return s;
}

/* ---- against its runbook ------------------------------------------------------------------------------ */

static void
check_name(const struct reading *r, int line, const char *what, const char *name)
{
	struct ynode at = {.line = (uint32_t)line, .col = 1};

	keyed_complain(r, &at, C_SCENE_NAME, "see the runbook",
		"the runbook has no %s `%.60s`", what, name);
}

static void
check_step(const struct reading *r, int line, const struct runbook *rb, const char *name)
{
	if (name && runbook_find_step(rb, name) == NONE)
		check_name(r, line, "step", name);
}

static bool
has_probe(const struct runbook *rb, const char *name)
{
	for (size_t i = 0; i < rb->probes.list.len; i++)
		if (str_eq(rb->probes.list.at[i].name, name))
			return true;
	return false;
}

/* What only plays hosts for others may be as it shall be; what is practised may not. */
static void
check_unsolved(const struct reading *r, const struct scenario *s)
{
	struct ynode at = {.line = 1, .col = 1};

	if (!scenario_holds(&s->solved, &s->state))
		return;
	if (s->solved.list.len)
		at.line = (uint32_t)s->solved.list.at[0].line;
	keyed_complain(r, &at, C_SCENE_STATE,
		"say in `state:` what is wrong at the start",
		"it is solved before anybody has done anything");
}

void
load_scenario_check(const struct scenario *s, const struct runbook *rb, struct diags *d)
{
	struct reading r = {.d = d, .file = s->source.path};

	check_unsolved(&r, s);
	for (size_t i = 0; i < s->answers.list.len; i++)
		check_step(
			&r, s->answers.list.at[i].line, rb, s->answers.list.at[i].step);
	for (size_t i = 0; i < s->events.list.len; i++)
		check_step(&r, s->events.list.at[i].line, rb, s->events.list.at[i].after);
	for (size_t i = 0; i < s->hints.list.len; i++)
		check_step(&r, s->hints.list.at[i].line, rb, s->hints.list.at[i].step);
	for (size_t i = 0; i < s->guide.list.len; i++)
		check_step(&r, s->guide.list.at[i].line, rb, s->guide.list.at[i].step);
	for (size_t i = 0; i < s->probes.list.len; i++)
		if (!has_probe(rb, s->probes.list.at[i].probe))
			check_name(&r, s->probes.list.at[i].line, "probe",
				s->probes.list.at[i].probe);
}
