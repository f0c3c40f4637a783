#include "load/draft.h"

#include <stdint.h>
#include <string.h>

#include "load/yamlout.h"
#include "model/parts.h"

enum { NAME_BYTES = 40, TEXT_MAX = 60 * 1024, STEP_INDENT = 4 };

const char *
draft_source_name(enum draft_source s)
{
	static const char *const names[] = {
#define X(id, name) name,
		DRAFT_SOURCES(X)
#undef X
	};

	return names[s];
}

/* ---- making ---------------------------------------------------------------------------- */

/* One line with words in it. */
static char *
tidy_take(char *title)
{
	size_t len = 0, from = strspn(title, " \t\n");

	for (char *c = title + from; *c; c++)
		title[len++] = *c == '\n' || *c == '\t' ? ' ' : *c;
	while (len && title[len - 1] == ' ')
		len--;
	title[len] = '\0';
	if (len)
		return title;
	mem_free(title);
	return mem_strdup("(no words)");
}

int
draft_add(struct draft *d, enum step_kind kind, char *title_take, int line,
	enum draft_source source)
{
	struct draft_step *s = vec_add(&d->steps.list);

	*s = (struct draft_step){.kind = kind,
		.title = tidy_take(title_take),
		.text = STR_INIT,
		.why = STR_INIT,
		.explain = STR_INIT,
		.line = line,
		.source = source};
	return (int)d->steps.list.len - 1;
}

struct draft_step *
draft_at(struct draft *d, int step)
{
	return &d->steps.list.at[step];
}

bool
draft_add_input(
	struct draft *d, const char *name, const char *question, enum input_type type)
{
	if (map_has(&d->input_names, name))
		return false;
	map_put(&d->input_names, name, NULL);
	vec_push(&d->inputs.list,
		(struct draft_input){.name = mem_strdup(name),
			.question = mem_strdup(question),
			.type = type});
	return true;
}

/* A name keeps in its map the number it was given last: a thousand of one name do not count
 * from two each time. */
char *
draft_name(struct map *taken, const char *name, char between)
{
	size_t n = (size_t)(uintptr_t)map_get(taken, name);
	char *free_one = mem_strdup(name);

	for (n = n ? n : 1; map_has(taken, free_one);) {
		mem_free(free_one);
		free_one = mem_printf("%s%c%zu", name, between, ++n);
	}
	if (n > 1)
		map_put(taken, name, (void *)(uintptr_t)n);
	map_put(taken, free_one, NULL);
	return free_one;
}

char *
draft_probe_name(struct draft *d, const char *title)
{
	char slug[NAME_BYTES + 1];
	size_t n = 0;

	for (; *title && n < NAME_BYTES; title++) {
		char c = *title;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			slug[n++] = c;
		else if (n && slug[n - 1] != '_')
			slug[n++] = '_';
	}
	while (n && slug[n - 1] == '_')
		n--;
	slug[n] = '\0';
	return draft_name(&d->probe_names, n ? slug : "probe", '_');
}

/* ---- writing --------------------------------------------------------------------------- */

static void
put_key(struct str *out, int indent, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	str_addf(out, "%*s%s: ", indent, "", key);
	yamlout_value(out, indent, value);
}

static void
put_pairs(struct str *out, int indent, const char *key, const struct pairs *p)
{
	if (!p->list.len)
		return;
	str_addf(out, "%*s%s:\n", indent, "", key);
	for (size_t i = 0; i < p->list.len; i++) {
		str_addf(out, "%*s", indent + 2, "");
		yamlout_key(out, p->list.at[i].key);
		yamlout_value(out, indent + 2, p->list.at[i].value);
	}
}

static void
put_flow_list(struct str *out, int indent, const char *key, const struct strings *s)
{
	if (!s->list.len)
		return;
	str_addf(out, "%*s%s: [", indent, "", key);
	for (size_t i = 0; i < s->list.len; i++) {
		str_adds(out, i ? ", " : "");
		yamlout_flow(out, s->list.at[i]);
	}
	str_adds(out, "]\n");
}

static void
put_head(const struct draft *d, struct str *out)
{
	str_adds(out, "handrail: 1\n");
	put_key(out, 0, "title", d->title);
	str_addf(out, "kind: %s\n", runbook_kind_name(d->kind));
	put_key(out, 0, "why", d->why.buf);
	put_key(out, 0, "owner", d->owner);
	if (d->reviewed_last && d->reviewed_days)
		str_addf(out, "reviewed: {last: \"%s\", every: %dd}\n", d->reviewed_last,
			d->reviewed_days);
	else if (d->reviewed_last)
		str_addf(out, "reviewed: {last: \"%s\"}\n", d->reviewed_last);
	str_adds(out, "source: {file: ");
	yamlout_flow(out, d->file);
	str_addf(out, ", sha256: \"%s\"}\n", d->sha256);
	put_pairs(out, 0, "contacts", &d->contacts);
	put_pairs(out, 0, "links", &d->links);
	put_flow_list(out, 0, "aliases", &d->aliases);
	put_flow_list(out, 0, "tags", &d->tags);
}

static void
put_inputs(const struct draft *d, struct str *out)
{
	static const char *const types[] = {
		[INPUT_TEXT] = NULL,
		[INPUT_NUMBER] = "number",
		[INPUT_CHOICE] = NULL,
		[INPUT_MULTI] = NULL,
		[INPUT_VERSION] = "version",
		[INPUT_DATE] = "date",
		[INPUT_FILE] = NULL,
	};

	if (d->inputs.list.len)
		str_adds(out, "\ninputs:\n");
	for (size_t i = 0; i < d->inputs.list.len; i++) {
		const struct draft_input *in = &d->inputs.list.at[i];

		str_addf(out, "  %s: {ask: ", in->name);
		yamlout_flow(out, in->question);
		if (types[in->type])
			str_addf(out, ", type: %s", types[in->type]);
		str_adds(out, "}\n");
	}
}

static void
put_probes(const struct draft *d, struct str *out)
{
	if (!d->probes.list.len)
		return;
	str_adds(out,
		"\n# Drafts: no step looks at them before `import --promote`.\nprobes:\n");
	for (size_t i = 0; i < d->probes.list.len; i++) {
		const struct draft_probe *p = &d->probes.list.at[i];

		str_addf(out, "  %s:\n    http: ", p->name);
		yamlout_flow(out, p->url);
		str_addf(out, "\n    expect: %s\n", p->expect);
		put_key(out, STEP_INDENT, "why", p->why);
	}
}

static void
put_source(const struct draft_step *s, struct str *out)
{
	if (s->line > 0)
		str_addf(out, "%*ssource: {line: %d, kind: %s}\n", STEP_INDENT, "",
			s->line, draft_source_name(s->source));
}

static void
put_choose(const struct draft_step *s, struct str *out)
{
	str_adds(out, "  - choose: ");
	yamlout_value(out, STEP_INDENT, s->title);
	put_key(out, STEP_INDENT, "id", s->id);
	str_addf(out, "%*soptions:\n", STEP_INDENT, "");
	for (size_t i = 0; i < s->options.list.len; i++) {
		str_addf(out, "%*s- {label: ", STEP_INDENT + 2, "");
		yamlout_flow(out, s->options.list.at[i].key);
		str_addf(out, ", goto: %s}\n", s->options.list.at[i].value);
	}
}

static void
put_signoff(const struct draft_step *s, struct str *out)
{
	str_adds(out, "  - signoff: ");
	yamlout_value(out, STEP_INDENT, s->role);
	put_key(out, STEP_INDENT, "says", s->says);
	put_flow_list(out, STEP_INDENT, "after", &s->after);
}

/* What is behind the title of a do step, a part of at most TEXT_MAX bytes at a time. */
static size_t
part_of(const char *text)
{
	size_t len = strlen(text), cut;

	if (len <= TEXT_MAX)
		return len;
	for (cut = TEXT_MAX; cut > 0 && text[cut] != '\n';)
		cut--;
	if (cut)
		return cut;
	for (cut = TEXT_MAX; cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80;)
		cut--;
	return cut;
}

static void
put_do(const struct draft_step *s, struct str *out)
{
	const char *text = s->text.buf;
	size_t len = part_of(text);

	if (!len) {
		str_adds(out, "  - do: ");
		yamlout_value(out, STEP_INDENT, s->title);
	} else {
		char *part = mem_strndup(text, len);

		str_adds(out, "  - title: ");
		yamlout_value(out, STEP_INDENT, s->title);
		put_key(out, STEP_INDENT, "do", part);
		mem_free(part);
	}
	put_key(out, STEP_INDENT, "id", s->id);
	if (s->evidence)
		str_addf(out, "%*sevidence: text\n", STEP_INDENT, "");
}

/* A text longer than a value may be goes on in further steps. */
static void
put_rest(const struct draft_step *s, struct str *out)
{
	const char *text = s->text.buf + part_of(s->text.buf);

	for (int n = 2; *text; n++) {
		size_t len;
		char *part;

		text += *text == '\n';
		len = part_of(text);
		part = mem_strndup(text, len);
		str_adds(out, "  - title: ");
		{
			char *title = mem_printf("%s, part %d", s->title, n);

			yamlout_value(out, STEP_INDENT, title);
			mem_free(title);
		}
		put_key(out, STEP_INDENT, "do", part);
		put_source(s, out);
		mem_free(part);
		text += len;
	}
}

/* A list of remarks, without the line break behind the last. */
static void
put_explain(const struct draft_step *s, struct str *out)
{
	char *text = mem_strndup(s->explain.buf, s->explain.len ? s->explain.len - 1 : 0);

	put_key(out, STEP_INDENT, "explain", text);
	mem_free(text);
}

static void
put_step(const struct draft_step *s, struct str *out)
{
	switch (s->kind) {
	case STEP_SECTION:
		str_adds(out,
			str_ends(out, "steps:\n") ? "  - section: " : "\n  - section: ");
		yamlout_value(out, STEP_INDENT, s->title);
		break;
	case STEP_CHOOSE:
		put_choose(s, out);
		break;
	case STEP_SIGNOFF:
		put_signoff(s, out);
		break;
	default:
		put_do(s, out);
		break;
	}
	put_key(out, STEP_INDENT, "why", s->why.buf);
	put_pairs(out, STEP_INDENT, "when", &s->when);
	put_explain(s, out);
	put_pairs(out, STEP_INDENT, "links", &s->links);
	put_source(s, out);
	if (s->kind == STEP_DO)
		put_rest(s, out);
}

void
draft_write(const struct draft *d, struct str *out)
{
	put_head(d, out);
	put_inputs(d, out);
	put_probes(d, out);
	str_adds(out, "\nsteps:\n");
	for (size_t i = 0; i < d->steps.list.len; i++)
		put_step(&d->steps.list.at[i], out);
	if (!d->steps.list.len)
		str_adds(out,
			"  - do: The document holds no step; write the first one here\n");
}

/* ---- freeing --------------------------------------------------------------------------- */

static void
free_step(struct draft_step *s)
{
	mem_free(s->title);
	mem_free(s->id);
	mem_free(s->role);
	mem_free(s->says);
	str_release(&s->text);
	str_release(&s->why);
	str_release(&s->explain);
	parts_free_pairs(&s->when);
	parts_free_pairs(&s->options);
	parts_free_pairs(&s->links);
	parts_free_strings(&s->after);
}

void
draft_release(struct draft *d)
{
	for (size_t i = 0; i < d->steps.list.len; i++)
		free_step(draft_at(d, (int)i));
	for (size_t i = 0; i < d->probes.list.len; i++) {
		struct draft_probe *p = &d->probes.list.at[i];

		mem_free(p->name);
		mem_free(p->url);
		mem_free(p->expect);
		mem_free(p->why);
	}
	for (size_t i = 0; i < d->inputs.list.len; i++) {
		mem_free(d->inputs.list.at[i].name);
		mem_free(d->inputs.list.at[i].question);
	}
	vec_free(&d->steps.list);
	vec_free(&d->probes.list);
	vec_free(&d->inputs.list);
	parts_free_pairs(&d->contacts);
	parts_free_pairs(&d->links);
	parts_free_strings(&d->aliases);
	parts_free_strings(&d->tags);
	map_release(&d->contact_names);
	map_release(&d->link_names);
	map_release(&d->probe_names);
	map_release(&d->input_names);
	mem_free(d->file);
	mem_free(d->title);
	mem_free(d->owner);
	mem_free(d->reviewed_last);
	str_release(&d->why);
	*d = (struct draft){0};
}
