#include "run/second.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "model/acttext.h"
#include "run/legs.h"

/* Is the command of that step in this one, but for space around it? */
static bool
has_words(const char *text, const char *of)
{
	static const char space[] = " \t\r\n";
	size_t len;

	of += strspn(of, space);
	for (len = strlen(of); len && strchr(space, of[len - 1]);)
		len--;
	return len && memmem(text, strlen(text), of, len);
}

/* The same method and URL, whatever is sent there. */
static bool
same_request(const char *text, const char *of)
{
	struct http_spec a, b;
	struct err e = ERR_INIT;
	bool same = false;

	if (!acttext_read_http(text, &a, &e))
		return false;
	if (acttext_read_http(of, &b, &e)) {
		same = str_eq(a.method, b.method) && str_eq(a.url, b.url);
		acttext_release_http(&b);
	}
	acttext_release_http(&a);
	return same;
}

/* To the same place, whatever is put there. */
static bool
same_target(const char *text, const char *of)
{
	struct acttext_copy a, b;
	struct err e = ERR_INIT;
	bool same = false;

	if (!acttext_read_copy(text, &a, &e))
		return false;
	if (acttext_read_copy(of, &b, &e)) {
		same = str_eq(a.to, b.to);
		acttext_release_copy(&b);
	}
	acttext_release_copy(&a);
	return same;
}

static bool
does_the_same(const struct step *s, enum step_kind kind, const char *text)
{
	if (!s->text)
		return false;
	if (kind == STEP_HTTP && s->kind == kind && same_request(text, s->text))
		return true;
	if (kind == STEP_COPY && s->kind == kind && same_target(text, s->text))
		return true;
	return has_words(text, s->text);
}

bool
second_by_words(
	const struct run *r, enum step_kind kind, const char *text, enum risk risk)
{
	/* where a request or a file goes, no rule of words can tell: hard is enough */
	enum risk least = kind == STEP_HTTP || kind == STEP_COPY ? RISK_HARD
								 : RISK_SEVERE;

	for (size_t i = 0; text && i < r->steps.list.len; i++) {
		const struct step *s = r->steps.list.at[i].step;

		if (s->two_person && (risk >= least || does_the_same(s, kind, text)))
			return true;
	}
	return false;
}

/* What was added or edited is judged by what two people do in this runbook. */
static bool
by_its_words(const struct run *r, int step)
{
	const struct run_step *rs = &r->steps.list.at[step];

	return step_kind_acts(rs->step->kind) && (rs->step->added || rs->redline) &&
		second_by_words(r, rs->step->kind,
			run_leg_text(r, step, LEG_ALL, WAY_FORWARD),
			run_leg_risk(r, step, WAY_FORWARD));
}

bool
second_needed(const struct run *r, int step, enum way way)
{
	return way == WAY_FORWARD &&
		(r->steps.list.at[step].step->two_person || by_its_words(r, step));
}

int
second_leg(const struct run *r, int step)
{
	return legs_first(r, step, WAY_FORWARD);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
second_values(const struct run *r, int step, struct str *out)
{
	const struct step *st = r->steps.list.at[step].step;
	const char *prefix = r->runbook->scopes.list.at[st->scope].prefix;
	size_t len = strlen(prefix);
	struct strings names = {0};

	for (size_t i = 0; i < r->values.len; i++) {
		char *full = r->values.at[i].key;

		if (str_starts(full, prefix) && !strchr(full + len, '/'))
			vec_push(&names.list, full);
	}
	if (names.list.len)
		qsort(names.list.at, names.list.len, sizeof names.list.at[0], by_name);
	for (size_t i = 0; i < names.list.len; i++) {
		const char *value = map_get(&r->values, names.list.at[i]);

		str_addf(out, "%s=", names.list.at[i] + len);
		jsonout_add_string(out, value, strlen(value));
		str_addc(out, '\n');
	}
	vec_free(&names.list);
}

void
second_digest(const struct run *r, int step, char out[DIGEST_HEX + 1])
{
	struct str lines = STR_INIT;

	second_values(r, step, &lines);
	digest_hex(lines.len ? lines.buf : "", lines.len, out);
	str_release(&lines);
}

/* Of an older record there is no digest: an input that was set since is what tells there. */
static bool
same_values(const struct run *r, int step, const struct run_second *s)
{
	char now[DIGEST_HEX + 1];

	if (!s->values[0])
		return true;
	second_digest(r, step, now);
	return strcmp(now, s->values) == 0;
}

int64_t
second_there(const struct run *r, int step, int leg, struct wall now)
{
	const struct run_second *s = &r->steps.list.at[step].second;

	if (s->leg == NONE || s->leg != leg || s->seq < r->input_seq ||
		now.ms < s->at.ms || now.ms - s->at.ms > SECOND_FOR_MS ||
		!same_values(r, step, s))
		return -1;
	return s->seq;
}

bool
second_allows(const struct run *r, int step, int leg, enum way way, struct wall now,
	struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (!second_needed(r, step, way) || second_there(r, step, leg, now) >= 0)
		return true;
	return err_set(e, ERR_REFUSED,
		"step %s needs two people: somebody else confirms it first (handrail sign %s "
		"%s)%s",
		rs->step->number, r->id, rs->step->id,
		rs->second.leg == leg
			? "; what was confirmed is too old or about other inputs"
			: "");
}

/* The same name before an @ counts as the same person: on one side it may be an account. */
bool
second_is_person(const char *a, const char *b)
{
	size_t n = strcspn(a, "@");

	return n == strcspn(b, "@") && strncasecmp(a, b, n) == 0;
}

/* By whatever name of theirs: what the environment claims is an account. */
bool
second_ran(const struct run *r, const char *who)
{
	for (size_t i = 0; i < r->runners.list.len; i++)
		if (second_is_person(r->runners.list.at[i], who))
			return true;
	return false;
}

bool
second_may(const struct run *r, const char *who, struct err *e)
{
	bool runs = !who || !*who || (r->driver && second_is_person(r->driver, who)) ||
		second_ran(r, who);

	return !runs ||
		err_set(e, ERR_REFUSED, "%s runs this: somebody else confirms it",
			who && *who ? who : "nobody");
}

char *
second_says(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];
	int leg = second_leg(r, step);
	char sha256[DIGEST_HEX + 1], values[DIGEST_HEX + 1];
	const char *text;

	if (leg == NONE) {
		err_set(e, ERR_STATE, "nothing of it is left to start");
		return NULL;
	}
	text = run_leg_text(r, step, leg, WAY_FORWARD);
	digest_hex(text, strlen(text), sha256);
	second_digest(r, step, values);
	return mem_printf(
		"second person for step %s on %s%s%s: command sha256:%s values sha256:%s",
		rs->step->id, rs->legs.list.at[leg].host,
		rs->legs.list.at[leg].each ? " with " : "",
		rs->legs.list.at[leg].each ? rs->legs.list.at[leg].each : "", sha256,
		values);
}

const char *
second_role(const struct run *r, int step)
{
	const struct step *s = r->steps.list.at[step].step;

	return s->kind == STEP_SIGNOFF                ? s->role
		: second_needed(r, step, WAY_FORWARD) ? SECOND_ROLE
						      : NULL;
}
