#include "app/showmd.h"

#include <string.h>

#include "base/stamp.h"
#include "view/steptext.h"

/* ---- texts that stay texts -------------------------------------------------------------- */

static bool
is_word(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') ||
		(u >= 'A' && u <= 'Z') || u >= 0x80;
}

/* A backslash takes the meaning from any punctuation. An underscore inside a word and a
 * bracket-less `!` have none. */
static bool
is_markup(const char *text, size_t at)
{
	if (text[at] == '_')
		return !(at && is_word(text[at - 1]) && is_word(text[at + 1]));
	return strchr("\\`*[]<>&|~$#", text[at]) != NULL;
}

/* What makes a list, a heading or a rule of a line it begins: "-", "+", "=", "1.", "1)". */
static size_t
block_mark(const char *line)
{
	size_t digits = strspn(line, "0123456789");

	if (strchr("-+=:", line[0]) && line[0])
		return 1;
	return digits && (line[digits] == '.' || line[digits] == ')') ? digits + 1 : 0;
}

/* One line of prose; `begins`: it stands at the beginning of a line. */
enum where { IN_LINE, AT_BEGIN };

static void
add_prose(struct str *out, const char *text, size_t len, enum where where)
{
	size_t mark = where == AT_BEGIN ? block_mark(text) : 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' || text[i] == '\t') {
			str_addc(out, ' ');
			continue;
		}
		if (is_markup(text, i) || i + 1 == mark)
			str_addc(out, '\\');
		str_addc(out, text[i]);
	}
}

/* The whole of a text on one line. */
static void
add_line(struct str *out, const char *text)
{
	size_t len = strlen(text);

	while (len && (text[len - 1] == '\n' || text[len - 1] == ' '))
		len--;
	add_prose(out, text, len, IN_LINE);
}

/* A text of several lines as paragraphs, each line behind `indent`. */
static void
add_paragraphs(struct str *out, const char *text, const char *indent)
{
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n"), lead = strspn(line, " \t");
		const char *next = line + len + (line[len] == '\n');

		if (lead < len) {
			str_adds(out, indent);
			add_prose(out, line + lead, len - lead, AT_BEGIN);
		}
		if (*next || lead < len)
			str_addc(out, '\n');
		line = next;
	}
}

static size_t
longest_ticks(const char *text)
{
	size_t most = 0;

	for (const char *at = text; (at = strchr(at, '`')); at += strspn(at, "`")) {
		size_t n = strspn(at, "`");

		most = n > most ? n : most;
	}
	return most;
}

static void
add_ticks(struct str *out, size_t count)
{
	while (count--)
		str_addc(out, '`');
}

/* `text`: between more backticks than it holds in a row. */
static void
add_code(struct str *out, const char *text)
{
	size_t ticks = longest_ticks(text) + 1;
	size_t len = strlen(text);
	bool pad = len && (text[0] == '`' || text[len - 1] == '`' || text[0] == ' ');

	if (!len)
		return;
	add_ticks(out, ticks);
	str_adds(out, pad ? " " : "");
	for (; *text; text++)
		str_addc(out, *text == '\n' ? ' ' : *text);
	str_adds(out, pad ? " " : "");
	add_ticks(out, ticks);
}

/* One empty line, not two. */
static void
add_gap(struct str *out)
{
	if (out->len && !str_ends(out, "\n\n"))
		str_addc(out, '\n');
}

/* Begins with an empty line, which a fence inside an item wants. */
static void
add_fence(struct str *out, const char *language, const char *text, const char *indent)
{
	size_t ticks = longest_ticks(text) + 1;

	ticks = ticks < 3 ? 3 : ticks;
	add_gap(out);
	str_adds(out, indent);
	add_ticks(out, ticks);
	str_addf(out, "%s\n", language);
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		if (len) {
			str_adds(out, indent);
			str_add(out, line, len);
		}
		str_addc(out, '\n');
		line += len + (line[len] == '\n');
	}
	str_adds(out, indent);
	add_ticks(out, ticks);
	str_adds(out, "\n\n");
}

/* ---- the head --------------------------------------------------------------------------- */

static void
add_fact(struct str *out, const char *name, const char *text)
{
	if (!text)
		return;
	str_addf(out, "- %s: ", name);
	add_line(out, text);
	str_addc(out, '\n');
}

static void
add_pairs(struct str *out, const char *name, const struct pairs *p)
{
	for (size_t i = 0; i < p->list.len; i++) {
		str_addf(out, "- %s ", name);
		add_line(out, p->list.at[i].key);
		str_adds(out, ": ");
		add_code(out, p->list.at[i].value);
		str_addc(out, '\n');
	}
}

static void
add_reviewed(struct str *out, const struct runbook *rb)
{
	if (!rb->reviewed_last)
		return;
	str_adds(out, "- Reviewed: ");
	add_line(out, rb->reviewed_last);
	str_addc(out, '\n');
}

static void
add_where(struct str *out, const struct runbook *rb, int host)
{
	struct str where = STR_INIT;

	steptext_where(rb, host, &where);
	add_line(out, where.buf);
	str_release(&where);
}

static void
add_input(struct str *out, const struct runbook *rb, const struct input *in)
{
	str_adds(out, "- ");
	add_code(out, in->name);
	str_adds(out, ": ");
	add_line(out, in->ask ? in->ask : "(no question)");
	if (in->from != SECRET_NOT)
		str_adds(out, " (secret)");
	if (in->fallback && in->from == SECRET_NOT) {
		str_adds(out, " Default: ");
		add_code(out, in->fallback);
	}
	for (size_t i = 0; i < in->options.list.len; i++) {
		str_adds(out, i ? ", " : " One of: ");
		add_code(out, in->options.list.at[i]);
	}
	if (in->choices) {
		str_adds(out, " One of the lines of ");
		add_code(out, in->choices);
		str_adds(out, " on ");
		add_where(out, rb, in->host);
	}
	str_addc(out, '\n');
}

static void
add_head(struct str *out, const struct runbook *rb)
{
	str_adds(out, "# ");
	add_line(out, rb->title);
	str_adds(out, "\n\n");
	if (rb->why) {
		add_paragraphs(out, rb->why, "");
		add_gap(out);
	}
	add_fact(out, "Kind", runbook_kind_name(rb->kind));
	add_fact(out, "Owner", rb->owner);
	add_fact(out, "Environment", rb->environment);
	add_reviewed(out, rb);
	add_pairs(out, "Contact", &rb->contacts);
	add_pairs(out, "Link", &rb->links);
	add_gap(out);
	if (rb->inputs.list.len)
		str_adds(out, "## Inputs\n\n");
	for (size_t i = 0; i < rb->inputs.list.len; i++)
		add_input(out, rb, &rb->inputs.list.at[i]);
	add_gap(out);
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
	add_line(out, text);
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
	add_code(out, text.buf);
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
		add_code(out, p->name);
		str_addf(out, ", %s ", probe_kind_name(p->kind));
		add_code(out, p->subject ? p->subject : "");
		if (p->expect) {
			struct str text = STR_INIT;

			expect_text(p->expect, &text);
			str_adds(out, ": ");
			add_code(out, text.buf);
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
		add_fence(out, "sh", s->undo.text, IN_SUBITEM);
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
	add_fence(out, "http", text.buf, IN_ITEM);
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
		add_fence(out, s->kind == STEP_SQL ? "sql" : "sh", s->text, IN_ITEM);
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
		add_code(out, o->label);
		if (o->says) {
			str_adds(out, ": ");
			add_line(out, o->says);
		}
		if (o->go != NONE)
			str_addf(out, " (on with %s)", rb->steps.list.at[o->go].number);
		str_addc(out, '\n');
	}
}

static void
add_signoff(struct str *out, const struct step *s)
{
	add_note(out, "Signed by", s->role);
	add_note(out, "Says", s->says);
	if (s->not_runner)
		add_note(out, "Not by", "who runs it");
}

/* The lines of a do text after the one that is its title. */
static void
add_rest(struct str *out, const char *text)
{
	const char *rest = text ? strchr(text, '\n') : NULL;

	if (!rest || !rest[strspn(rest, " \t\n")])
		return;
	add_gap(out);
	add_paragraphs(out, rest + 1, IN_ITEM);
	add_gap(out);
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
		if (!str_starts(s->text ? s->text : "", s->title))
			add_note(out, "Do", s->text);
		else
			add_rest(out, s->text);
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
		add_signoff(out, s);
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
	bool acts = s->kind == STEP_RUN || s->kind == STEP_SQL || s->kind == STEP_HTTP ||
		s->kind == STEP_COPY;

	str_addf(out, "- [ ] **%s** ", s->number);
	add_line(out, s->title);
	if (acts) {
		str_addf(out, " (`%s` %s, on ", risk_mark(s->risk), risk_name(s->risk));
		add_where(out, rb, s->host);
		str_addc(out, ')');
	}
	str_addc(out, '\n');
	add_note(out, "Why", s->why);
	for (size_t i = 0; i < s->when.list.len; i++) {
		str_adds(out, IN_ITEM "- Only when ");
		add_code(out, s->when.list.at[i].key);
		str_adds(out, " is ");
		add_code(out, s->when.list.at[i].value);
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
		add_gap(out);
		str_addf(out, "## %s ", s->number);
		add_line(out, s->title);
		str_adds(out, "\n\n");
	}
	if (rb->rollback) {
		add_gap(out);
		str_adds(out, "The way back is the runbook ");
		add_code(out, rb->rollback);
		str_adds(out, ".\n");
	}
}
