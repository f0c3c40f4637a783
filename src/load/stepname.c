#include "load/stepname.h"

enum { SLUG_BYTES = 48, TITLE_BYTES = 80, INT_DIGITS = 10 };

/* The first line that says something; of a comment, what it says. */
static char *
first_line(const char *text)
{
	size_t len;

	text += strspn(text, " \t\n");
	if (text[0] == '#')
		text += strspn(text, "# \t");
	len = strcspn(text, "\n");
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	if (len > TITLE_BYTES) {
		for (len = TITLE_BYTES; len && (text[len] & 0xc0) == 0x80; len--)
			;
		return mem_printf("%.*s...", (int)len, text);
	}
	return mem_strndup(text, len);
}

char *
stepname_join(const char *head, const struct ynode *n)
{
	struct str s = STR_INIT;

	str_adds(&s, head);
	if (n && n->kind == YNODE_SCALAR)
		str_adds(&s, n->text);
	for (const struct ynode *i = n && n->kind == YNODE_LIST ? n->first : NULL; i;
		i = i->next)
		str_addf(&s, "%s%s", i == n->first ? "" : ", ",
			i->kind == YNODE_SCALAR ? i->text : "?");
	return str_take(&s);
}

char *
stepname_title(const struct frame *f, const struct ynode *subject, const struct step *s)
{
	const char *text = subject && subject->kind == YNODE_SCALAR ? subject->text : "?";
	const struct runbook *rb = f->l->rb;

	switch (s->kind) {
	case STEP_DO:
	case STEP_RUN:
	case STEP_SQL:
	case STEP_NOTIFY:
	case STEP_CHOOSE:
	case STEP_SECTION:
		return first_line(text);
	case STEP_HTTP:
		return mem_printf("%s %s", s->http.method ? s->http.method : "?",
			s->http.url ? s->http.url : "?");
	case STEP_COPY:
		return mem_printf("Copy %s to %s", s->copy_from ? s->copy_from : "?",
			s->copy_to ? s->copy_to : "?");
	case STEP_CHECK:
		return stepname_join("Check ", subject);
	case STEP_SOAK:
		return stepname_join("Soak ", subject);
	case STEP_WATCH:
		return stepname_join(str_starts(text, "watch ") ? "" : "Watch ", subject);
	case STEP_WAIT:
		return mem_printf("Wait %s%s", s->wait_until ? "until " : "", text);
	case STEP_ASK:
		if (s->input != NONE && rb->inputs.list.at[s->input].ask)
			return mem_strdup(rb->inputs.list.at[s->input].ask);
		return mem_printf("Ask for %s", text);
	case STEP_CALL:
		return mem_printf("Call %s", text);
	case STEP_SIGNOFF:
		return mem_printf("Sign-off: %s", text);
	case STEP_SCHEDULE:
		return mem_strdup("Schedule what is owed");
	case STEP_KIND_COUNT:
		break;
	}
	return mem_strdup(text);
}

static void
slug_of(const char *title, char slug[SLUG_BYTES + 8])
{
	size_t n = 0;

	for (; *title && n < SLUG_BYTES; title++) {
		char c = *title;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			slug[n++] = c;
		else if (n && slug[n - 1] != '-')
			slug[n++] = '-';
	}
	while (n && slug[n - 1] == '-')
		n--;
	slug[n] = '\0';
	if (!n)
		memcpy(slug, "step", sizeof "step");
}

/* A free id from the title: itself, else with -2, -3 behind. */
char *
stepname_id(struct frame *f, const char *title)
{
	char slug[SLUG_BYTES + 8], *id;
	int n = NONE;

	slug_of(title, slug);
	id = loading_full(f, slug);
	while (idtable_find(&f->l->ids, f->l->rb, id) != NONE ||
		map_has(&f->own_ids, id)) {
		if (n == NONE)
			n = loading_index(&f->slugs, slug);
		n = n < 1 ? 2 : n + 1;
		mem_free(id);
		id = mem_printf("%s%s-%d", f->prefix, slug, n);
	}
	if (n != NONE) /* the first of its name needs no count */
		loading_put(&f->slugs, slug, n);
	return id;
}

char *
stepname_take_id(struct frame *f, const struct ynode *n, const char *title)
{
	char *id;
	int other;

	if (!n)
		return stepname_id(f, title);
	id = loading_full(f, n->text);
	other = idtable_find(&f->l->ids, f->l->rb, id);
	if (other != NONE) {
		keyed_complain(&f->r, n, C_ID_TWICE, "give one of them another id",
			"the id `%.70s` is that of the step in line %d", n->text,
			f->l->rb->steps.list.at[other].line);
		mem_free(id);
		return stepname_id(f, title);
	}
	return id;
}

/* "3", or "3.2" if there is a `sub`, behind the number of the calling step. */
static char *
number_text(const struct frame *f, int top, int sub)
{
	char text[2 * INT_DIGITS + 2], *at = text + sizeof text;

	*--at = '\0';
	for (int n = sub; n > 0; n /= 10)
		*--at = (char)('0' + n % 10);
	if (sub > 0)
		*--at = '.';
	for (int n = top; n > 0; n /= 10)
		*--at = (char)('0' + n % 10);
	return mem_join(f->number, at);
}

char *
stepname_number(struct frame *f, enum step_kind kind)
{
	if (kind == STEP_SECTION) {
		f->in_section = true;
		f->sub = 0;
		return number_text(f, ++f->top, 0);
	}
	if (f->in_section)
		return number_text(f, f->top, ++f->sub);
	return number_text(f, ++f->top, 0);
}
