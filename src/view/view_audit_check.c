#include "view/view_audit.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "view/auditwords.h"

/* What verification said, and of which lines it may be said. */

static const struct {
	const char *word;
	enum style style;
} verdicts[AUDIT_VERDICT_COUNT] = {
	[AUDIT_NOT_YET] = {"not yet", STYLE_DIM},
	[AUDIT_CHECKING] = {"checking", STYLE_RUN},
	[AUDIT_OK] = {"OK", STYLE_OK},
	[AUDIT_BAD] = {"BAD", STYLE_FAIL},
	[AUDIT_UNKNOWN] = {"UNKNOWN", STYLE_WAIT},
	[AUDIT_PRUNED] = {"PRUNED", STYLE_OFF},
};

const char *
view_audit_word(enum audit_verdict v)
{
	return verdicts[v].word;
}

enum style
view_audit_style(enum audit_verdict v)
{
	return verdicts[v].style;
}

bool
view_audit_same(const struct audit_scene *a, const struct audit_check *k)
{
	return a->events_len && k->records == (int64_t)a->events_len && k->head &&
		strcmp(k->head, a->hashes[a->events_len - 1]) == 0;
}

enum audit_verdict
view_audit_verdict(const struct audit_scene *a, const struct audit_check *k)
{
	return k->verdict == AUDIT_OK && a->events_len && !view_audit_same(a, k)
		? AUDIT_NOT_YET
		: k->verdict;
}

void
audit_check_release(struct audit_check *k)
{
	for (size_t i = 0; i < k->signatures.len; i++) {
		mem_free(k->signatures.at[i].role);
		mem_free(k->signatures.at[i].signer);
		mem_free(k->signatures.at[i].why);
	}
	vec_free(&k->signatures);
	mem_free(k->head);
	mem_free(k->what);
	*k = (struct audit_check){0};
}

static const struct {
	const char *word;
	enum style style;
} worths[] = {
	{"not checked", STYLE_TEXT},
	{"holds", STYLE_OK},
	{"VOID", STYLE_WARN},
	{"BAD", STYLE_FAIL},
};
/* Of a signature; in the order of the table. */
enum worth { WORTH_UNKNOWN, WORTH_HOLDS, WORTH_VOID, WORTH_BAD };

/* What verify said of the signature in that line; good only for the lines it looked at. */
static enum worth
worth_of(const struct audit_scene *a, const struct audit_check *k, const struct event *ev)
{
	bool same = view_audit_same(a, k);

	for (size_t i = 0; i < k->signatures.len; i++) {
		const struct audit_signature *s = &k->signatures.at[i];

		if (s->seq != ev->seq || (s->ok && !same))
			continue;
		if (!s->ok)
			return WORTH_BAD;
		if (k->verdict == AUDIT_OK || k->verdict == AUDIT_BAD)
			return s->voided < 0 ? WORTH_HOLDS : WORTH_VOID;
	}
	return WORTH_UNKNOWN;
}

bool
view_audit_signs(const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc;
	bool is;

	if (ev->type != EVENT_AUTHORITY)
		return ev->type == EVENT_SIGNOFF;
	doc = json_parse(ev->data, strlen(ev->data), &e);
	is = json_get(json_root(doc), "sig") != NULL;
	json_free(doc);
	return is;
}

bool
view_audit_is_bad(const struct audit_scene *a, const struct audit_check *k, size_t line)
{
	const struct event *ev = a->events[line];

	return view_audit_signs(ev) ? worth_of(a, k, ev) == WORTH_BAD
				    : auditwords_is_bad(ev);
}

int64_t
view_audit_stop(const struct audit_check *k)
{
	for (size_t i = 0; i < k->signatures.len; i++)
		if (!k->signatures.at[i].ok)
			return 0;
	return k->verdict != AUDIT_BAD ? 0 : k->fault_line > 0 ? k->fault_line : 1;
}

enum style
view_audit_worth(const struct audit_scene *a, const struct audit_check *k,
	const struct event *ev, const char **word)
{
	enum worth w = worth_of(a, k, ev);

	*word = worths[w].word;
	return worths[w].style;
}

/* ---- above a record ------------------------------------------------------------------------- */

/* " before 6", where nothing after that was read. */
static void
put_stop(int64_t stop, struct page *p)
{
	if (stop)
		page_addf(p, STYLE_WAIT, " before %lld", (long long)stop);
}

/* "OK 2, 1 void"; of a record that goes wrong nothing is green. */
static void
put_signatures(const struct audit_check *k, struct page *p)
{
	size_t hold = 0, broken = 0;
	enum style good = k->verdict == AUDIT_OK ? STYLE_OK : STYLE_TEXT;

	for (size_t i = 0; i < k->signatures.len; i++) {
		hold += k->signatures.at[i].ok && k->signatures.at[i].voided < 0;
		broken += !k->signatures.at[i].ok;
	}
	if (broken)
		page_addf(p, STYLE_FAIL, "NOT OK %zu of %zu", broken, k->signatures.len);
	else if (!k->signatures.len)
		page_add(p, STYLE_TEXT, "none");
	else
		page_addf(p, hold ? good : STYLE_WARN, "OK %zu", hold);
	put_stop(view_audit_stop(k), p);
	if (k->signatures.len > hold + broken)
		page_addf(p, STYLE_WARN, ", %zu void", k->signatures.len - hold - broken);
}

/* Of a record that is bad nobody says how far it is vouched for. */
static void
put_vouched(const struct audit_check *k, struct page *p)
{
	if (k->verdict == AUDIT_BAD)
		page_add(p, STYLE_WAIT, "not known");
	else if (k->unvouched > 0)
		page_addf(p, STYLE_WARN, "not the last %lld", (long long)k->unvouched);
	else
		page_add(p, STYLE_OK, "OK all");
}

static void
header_words(const struct audit_scene *a, const struct audit_check *k, struct page *p)
{
	enum audit_verdict v = view_audit_verdict(a, k);
	bool known = v == AUDIT_OK || v == AUDIT_BAD;

	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, "CHAIN ");
	page_add(p, verdicts[v].style, verdicts[v].word);
	if (known)
		page_addf(p, STYLE_TEXT, " %lld records", (long long)k->records);
	page_column(p, 31);
	page_add(p, STYLE_DIM, "SIGNATURES ");
	if (known)
		put_signatures(k, p);
	else
		page_add(p, STYLE_WAIT, "not checked");
	page_column(p, 62);
	page_add(p, STYLE_DIM, "VOUCHED ");
	if (known)
		put_vouched(k, p);
	else
		page_add(p, STYLE_WAIT, "not checked");
	page_line(p, SCROLL_NOTHING);
	page_addf(p, STYLE_DIM, "ANCHORS ");
	page_addf(p, STYLE_TEXT, "%zu", a->sums.anchors);
	if (a->stops_at)
		put_stop(a->stops_at, p);
	else
		page_add(p, STYLE_TEXT, " in it");
	page_column(p, 31);
	page_addf(p, STYLE_DIM, "EXCEPTIONS ");
	if (a->run)
		page_addf(p, a->sums.exceptions ? STYLE_WARN : STYLE_TEXT, "%zu",
			a->sums.exceptions);
	else
		page_add(p, STYLE_WAIT, "not known");
	if (a->run)
		put_stop(a->stops_at, p);
	page_column(p, 62);
	page_addf(p, STYLE_DIM, "SECRETS ");
	page_addf(p, STYLE_TEXT, "%lld%s", (long long)a->sums.redacted,
		a->stops_at ? "" : " masked");
	put_stop(a->stops_at, p);
	if (p->width >= 100) {
		page_column(p, 86);
		page_add(p, STYLE_DIM, "CLOCK ");
		page_addf(p, a->sums.jumps ? STYLE_WARN : STYLE_TEXT, "%zu jumps",
			a->sums.jumps);
	}
}

/* One line for small windows. */
static void
header_short(const struct audit_scene *a, const struct audit_check *k, struct page *p)
{
	enum audit_verdict v = view_audit_verdict(a, k);
	bool known = v == AUDIT_OK || v == AUDIT_BAD;

	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, "CHAIN ");
	page_add(p, verdicts[v].style, verdicts[v].word);
	if (k->what)
		page_addf(p, STYLE_FAIL, " %s", k->what);
	if (!known)
		return;
	page_addf(p, STYLE_TEXT, " %lld", (long long)k->records);
	page_addf(p, STYLE_DIM, "  SIGNATURES ");
	put_signatures(k, p);
	page_add(p, STYLE_DIM, "  VOUCHED ");
	put_vouched(k, p);
}

void
view_audit_head(const struct audit_scene *a, const struct audit_check *k, bool tall,
	struct page *p)
{
	(tall ? header_words : header_short)(a, k, p);
}
