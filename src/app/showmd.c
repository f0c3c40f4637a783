#include "app/showmd.h"

#include <string.h>

#include "app/mdwrite.h"
#include "base/stamp.h"
#include "view/steptext.h"

/* ---- the head --------------------------------------------------------------------------- */

static void
add_fact(struct str *out, const char *name, const char *text)
{
	if (!text)
		return;
	str_addf(out, "- %s: ", name);
	mdwrite_line(out, text);
	str_addc(out, '\n');
}

static void
add_pairs(struct str *out, const char *name, const struct pairs *p)
{
	for (size_t i = 0; i < p->list.len; i++) {
		str_addf(out, "- %s ", name);
		mdwrite_line(out, p->list.at[i].key);
		str_adds(out, ": ");
		mdwrite_code(out, p->list.at[i].value);
		str_addc(out, '\n');
	}
}

static void
add_reviewed(struct str *out, const struct runbook *rb)
{
	if (!rb->reviewed_last)
		return;
	str_adds(out, "- Reviewed: ");
	mdwrite_line(out, rb->reviewed_last);
	str_addc(out, '\n');
}

static void
add_where(struct str *out, const struct runbook *rb, int host)
{
	struct str where = STR_INIT;

	steptext_where(rb, host, &where);
	mdwrite_line(out, where.buf);
	str_release(&where);
}

static void
add_input(struct str *out, const struct runbook *rb, const struct input *in)
{
	str_adds(out, "- ");
	mdwrite_code(out, in->name);
	str_adds(out, ": ");
	mdwrite_line(out, in->ask ? in->ask : "(no question)");
	if (in->from != SECRET_NOT)
		str_adds(out, " (secret)");
	if (in->fallback && in->from == SECRET_NOT) {
		str_adds(out, " Default: ");
		mdwrite_code(out, in->fallback);
	}
	for (size_t i = 0; i < in->options.list.len; i++) {
		str_adds(out, i ? ", " : " One of: ");
		mdwrite_code(out, in->options.list.at[i]);
	}
	if (in->choices) {
		str_adds(out, " One of the lines of ");
		mdwrite_code(out, in->choices);
		str_adds(out, " on ");
		add_where(out, rb, in->host);
	}
	str_addc(out, '\n');
}

static void
add_head(struct str *out, const struct runbook *rb)
{
	str_adds(out, "# ");
	mdwrite_line(out, rb->title);
	str_adds(out, "\n\n");
	if (rb->why) {
		mdwrite_paragraphs(out, rb->why, "");
		mdwrite_gap(out);
	}
	add_fact(out, "Kind", runbook_kind_name(rb->kind));
	add_fact(out, "Owner", rb->owner);
	add_fact(out, "Environment", rb->environment);
	add_reviewed(out, rb);
	add_pairs(out, "Contact", &rb->contacts);
	add_pairs(out, "Link", &rb->links);
	mdwrite_gap(out);
	if (rb->inputs.list.len)
		str_adds(out, "## Inputs\n\n");
	for (size_t i = 0; i < rb->inputs.list.len; i++)
		add_input(out, rb, &rb->inputs.list.at[i]);
	mdwrite_gap(out);
}

/* ---- steps ------------------------------------------------------------------------------ */

#define IN_ITEM    "  "
#define IN_SUBITEM "    "

/* A line of its own below the item: what it is, and a text. */
static void
add_note(struct str *out, const char *name, const char *text)
{
	if (!text)
		return;
	str_addf(out, IN_ITEM "- %s: ", name);
	mdwrite_line(out, text);
	str_addc(out, '\n');
}

static void
add_expect(struct str *out, const char *name, const struct expect *x)
{
	struct str text = STR_INIT;

	if (!x)
		return;
	expect_text(x, &text);
	str_addf(out, IN_ITEM "- %s: ", name);
	mdwrite_code(out, text.buf);
	str_addc(out, '\n');
	str_release(&text);
}

static void
add_probes(struct str *out, const struct runbook *rb, const char *name,
	const struct ints *list)
{
	for (size_t i = 0; i < list->list.len; i++) {
		const struct probe *p = &rb->probes.list.at[list->list.at[i]];

		str_addf(out, IN_ITEM "- %s ", name);
		mdwrite_code(out, p->name);
		str_addf(out, ", %s ", probe_kind_name(p->kind));
		mdwrite_code(out, p->subject ? p->subject : "");
		if (p->expect) {
			struct str text = STR_INIT;

			expect_text(p->expect, &text);
			str_adds(out, ": ");
			mdwrite_code(out, text.buf);
			str_release(&text);
		}
		str_addc(out, '\n');
	}
}

static void
add_way_back(struct str *out, const struct runbook *rb, const struct step *s)
{
	if (s->undo.text) {
		str_adds(out, IN_ITEM "- Undo");
		if (s->undo.host != s->host) {
			str_adds(out, " on ");
			add_where(out, rb, s->undo.host);
		}
		str_adds(out, ":\n");
		mdwrite_fence(out, "sh", s->undo.text, IN_SUBITEM);
	}
	add_note(out, "No way back", s->irreversible);
}

static void
add_time(struct str *out, const char *name, int64_t ms)
{
	char text[STAMP_BYTES];

	if (ms)
		add_note(out, name, stamp_duration(ms, text));
}

static void
add_http(struct str *out, const struct http_spec *h)
{
	struct str text = STR_INIT;

	str_addf(&text, "%s %s\n", h->method ? h->method : "GET", h->url ? h->url : "");
	for (size_t i = 0; i < h->headers.list.len; i++)
		str_addf(&text, "%s: %s\n", h->headers.list.at[i].key,
			h->headers.list.at[i].value);
	if (h->body)
		str_addf(&text, "\n%s", h->body);
	mdwrite_fence(out, "http", text.buf, IN_ITEM);
	str_release(&text);
}

/* What acts: the command, where, what is expected of it, and how to lead it back. */
static void
add_act(struct str *out, const struct runbook *rb, const struct step *s)
{
	if (s->kind == STEP_HTTP)
		add_http(out, &s->http);
	else if (s->kind == STEP_COPY) {
		add_note(out, "From", s->copy_from);
		add_note(out, "To", s->copy_to);
	} else if (s->text)
		mdwrite_fence(out, s->kind == STEP_SQL ? "sql" : "sh", s->text, IN_ITEM);
	add_note(out, "As", s->as);
	add_note(out, "In", s->dir);
	add_note(out, "Type to confirm", s->confirm);
	if (s->two_person)
		add_note(out, "Needs", "two persons");
	add_probes(out, rb, "Before: probe", &s->before);
	add_expect(out, "Expect", s->expect);
	add_time(out, "Late after", s->timeout_ms);
	add_way_back(out, rb, s);
}

static void
add_options(struct str *out, const struct runbook *rb, const struct step *s)
{
	for (size_t i = 0; i < s->options.list.len; i++) {
		const struct option *o = &s->options.list.at[i];

		str_adds(out, IN_ITEM "- Choice ");
		mdwrite_code(out, o->label);
		if (o->says) {
			str_adds(out, ": ");
			mdwrite_line(out, o->says);
		}
		if (o->go != NONE)
			str_addf(out, " (on with %s)", rb->steps.list.at[o->go].number);
		str_addc(out, '\n');
	}
}

static void
add_signoff(struct str *out, const struct runbook *rb, const struct step *s)
{
	add_note(out, "Signed by", s->role);
	if (s->changed.list.len)
		add_note(out, "Where there is a change by",
			rb->probes.list.at[s->changed.list.at[0]].name);
	add_note(out, "Says", s->says);
	if (s->not_runner)
		add_note(out, "Not by", "who runs it");
}

/* What a line of a do text is: imported pages mark commands with "$ ", their further lines
 * with "> " and what is printed with "| "; files and settings are set in. */
enum line_kind { LINE_BLANK, LINE_WORDS, LINE_COMMAND, LINE_SHOWN, LINE_ITEM };

static enum line_kind
line_kind(const char *line, enum line_kind before, size_t *mark)
{
	size_t lead = strspn(line, " ");

	*mark = 2;
	if (line[lead] == '\0' || line[lead] == '\n')
		return LINE_BLANK;
	if (str_starts(line, "$ ") || (before == LINE_COMMAND && str_starts(line, "> ")))
		return LINE_COMMAND;
	if (str_starts(line, "| "))
		return LINE_SHOWN;
	*mark = lead;
	if (str_starts(line + lead, "- ")) {
		*mark = lead + 2;
		return LINE_ITEM;
	}
	*mark = 4;
	return lead >= 4 && before != LINE_ITEM ? LINE_SHOWN : LINE_WORDS;
}

/* The lines from here that are of one kind, as a block of code; gives where they end. */
static const char *
add_lines_as_code(struct str *out, const char *line, enum line_kind kind)
{
	struct str code = STR_INIT;
	size_t mark;

	while (*line && line_kind(line, kind, &mark) == kind) {
		size_t len = strcspn(line, "\n");

		str_add(&code, line + mark, len - mark);
		str_addc(&code, '\n');
		line += len + (line[len] == '\n');
	}
	mdwrite_fence(out, kind == LINE_COMMAND ? "sh" : "text", code.buf, IN_ITEM);
	str_release(&code);
	return line;
}

/* The line before ends here, and does not run on into the next. */
static void
hard_break(struct str *out)
{
	str_cut(out, out->len - 1);
	str_adds(out, "\\\n");
}

/* Words keep their lines, an item of a list stays one. */
static void
add_do_line(struct str *out, const char *line, enum line_kind kind, enum line_kind before)
{
	size_t lead = strspn(line, " \t"), len = strcspn(line, "\n");

	if (before == LINE_WORDS && kind == LINE_WORDS && str_ends(out, "\n"))
		hard_break(out);
	if (before != kind && before != LINE_BLANK)
		mdwrite_gap(out);
	str_adds(out, IN_ITEM);
	if (kind == LINE_ITEM) {
		str_addf(out, "%*s- ", (int)(lead / 2 * 2), "");
		lead += 2;
	}
	mdwrite_prose(out, line + lead, len - lead, MDWRITE_AT_BEGIN);
	str_addc(out, '\n');
}

/* A do text below its item. */
static void
add_do_text(struct str *out, const char *text)
{
	enum line_kind before = LINE_BLANK;

	mdwrite_gap(out);
	while (*text) {
		size_t mark, len = strcspn(text, "\n");
		enum line_kind kind = line_kind(text, before, &mark);

		if (kind == LINE_COMMAND || kind == LINE_SHOWN) {
			text = add_lines_as_code(out, text, kind);
			before = LINE_BLANK;
			continue;
		}
		if (kind == LINE_BLANK)
			mdwrite_gap(out);
		else
			add_do_line(out, text, kind, before);
		before = kind;
		text += len + (text[len] == '\n');
	}
	mdwrite_gap(out);
}

static bool
is_one_line(const char *text)
{
	const char *end = strchr(text, '\n');

	return !str_starts(text, "$ ") && (!end || !end[strspn(end, " \t\n")]);
}

/* The first line of a do text is its title, unless it has one of its own. */
static void
add_do(struct str *out, const struct step *s)
{
	const char *text = s->text ? s->text : "";
	const char *rest = strchr(text, '\n');

	if (!str_starts(text, s->title)) {
		if (is_one_line(text))
			add_note(out, "Do", s->text);
		else
			add_do_text(out, text);
	} else if (rest && rest[strspn(rest, " \t\n")]) {
		add_do_text(out, rest + 1);
	}
}

static void
add_evidence(struct str *out, enum evidence_kind kind)
{
	static const char *const words[] = {
		[EVIDENCE_TEXT] = "a text",
		[EVIDENCE_LINK] = "a link",
		[EVIDENCE_VALUE] = "a value",
		[EVIDENCE_FILE] = "a file",
	};

	if (kind != EVIDENCE_NOTHING)
		add_note(out, "Evidence", words[kind]);
}

static void
add_particulars(struct str *out, const struct runbook *rb, const struct step *s)
{
	switch (s->kind) {
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
		add_act(out, rb, s);
		break;
	case STEP_DO:
		add_do(out, s);
		add_evidence(out, s->evidence);
		break;
	case STEP_CHECK:
	case STEP_SOAK:
		add_probes(out, rb, "Probe", &s->probes);
		add_time(out, "Within", s->within_ms);
		add_time(out, "For", s->for_ms);
		break;
	case STEP_WAIT:
		add_time(out, "Wait", s->wait_ms);
		add_note(out, "Wait until", s->wait_until);
		break;
	case STEP_ASK:
		add_note(out, "Asks for", rb->inputs.list.at[s->input].name);
		break;
	case STEP_CHOOSE:
		add_options(out, rb, s);
		break;
	case STEP_SIGNOFF:
		add_signoff(out, rb, s);
		break;
	case STEP_WATCH:
	case STEP_NOTIFY:
	case STEP_SCHEDULE:
	case STEP_CALL:
		add_note(out, step_kind_name(s->kind), s->text);
		break;
	case STEP_SECTION:
	case STEP_KIND_COUNT:
		break;
	}
}

static void
add_step(struct str *out, const struct runbook *rb, const struct step *s)
{
	bool acts = step_kind_acts(s->kind);

	str_addf(out, "- [ ] **%s** ", s->number);
	mdwrite_line(out, s->title);
	if (acts) {
		str_addf(out, " (`%s` %s, on ", risk_mark(s->risk), risk_name(s->risk));
		add_where(out, rb, s->host);
		str_addc(out, ')');
	}
	str_addc(out, '\n');
	add_note(out, "Why", s->why);
	for (size_t i = 0; i < s->when.list.len; i++) {
		str_adds(out, IN_ITEM "- Only when ");
		mdwrite_code(out, s->when.list.at[i].key);
		str_adds(out, " is ");
		mdwrite_code(out, s->when.list.at[i].value);
		str_addc(out, '\n');
	}
	add_particulars(out, rb, s);
}

void
showmd_write(const struct runbook *rb, struct str *out)
{
	add_head(out, rb);
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *s = &rb->steps.list.at[i];

		if (s->kind != STEP_SECTION) {
			add_step(out, rb, s);
			continue;
		}
		mdwrite_gap(out);
		str_addf(out, "## %s ", s->number);
		mdwrite_line(out, s->title);
		str_adds(out, "\n\n");
	}
	if (rb->rollback) {
		mdwrite_gap(out);
		str_adds(out, "The way back is the runbook ");
		mdwrite_code(out, rb->rollback);
		str_adds(out, ".\n");
	}
}
