#include "run/redline.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/danger.h"
#include "run/legs.h"

bool
redline_may(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (rs->step->kind != STEP_RUN)
		return err_set(e, ERR_INPUT, "only a command of a step can be edited");
	if (run_settled(rs))
		return err_set(e, ERR_STATE, "step %s is %s already", rs->step->number,
			run_step_word(r, step));
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg_run *lr = &rs->legs.list.at[i].way[WAY_FORWARD];

		if (legs_active(lr) || lr->state == LEG_RETRY || legs_ok(lr) ||
			lr->state == LEG_UNKNOWN)
			return err_set(e, ERR_STATE,
				"step %s has begun: it goes on with the command it has",
				rs->step->number);
	}
	return true;
}

bool
redline_fits(const char *text, struct err *e)
{
	size_t len = strlen(text);

	if (!text[strspn(text, " \t\n")])
		return err_set(
			e, ERR_INPUT, "a command without words: skip the step instead");
	if (len > REDLINE_BYTES || !text_valid_utf8(text, len))
		return err_set(e, ERR_INPUT, "more than %d bytes, or not valid text",
			REDLINE_BYTES);
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] < ' ' && text[i] != '\n' &&
			    text[i] != '\t') ||
			text[i] == 0x7f)
			return err_set(
				e, ERR_INPUT, "a command has no control characters");
	return true;
}

enum risk
redline_risk(const struct step *s, const char *text, struct str *why)
{
	const struct danger_opts o = {.place = DANGER_IN_RUN, .tty = s->tty};
	enum risk risk = s->risk > RISK_MODERATE ? s->risk : RISK_MODERATE;
	struct danger_hits hits = {0};

	danger_scan(text, &o, &hits);
	for (size_t i = 0; i < hits.list.len; i++) {
		const struct danger_rule *rule = hits.list.at[i].rule;

		if (rule->risk > risk)
			risk = rule->risk;
		if (why && rule->risk > RISK_NONE)
			str_addf(why, "%s%s", why->len ? "; " : "", rule->msg);
	}
	danger_release(&hits);
	return risk;
}

bool
redline_line(const char *text, size_t n, struct str *out)
{
	for (; n; n--) {
		text = strchr(text, '\n');
		if (!text || !text[1])
			return false;
		text++;
	}
	str_add(out, text, strcspn(text, "\n"));
	return true;
}

char *
redline_with(const char *text, size_t n, const char *line)
{
	struct str out = STR_INIT;

	for (size_t at = 0; *text; at++) {
		size_t len = strcspn(text, "\n");

		if (at != n)
			str_add(&out, text, len);
		else
			str_adds(&out, line);
		text += len;
		if (*text == '\n' && (at != n || *line))
			str_addc(&out, '\n');
		text += *text == '\n';
	}
	return str_take(&out);
}

static void
add_lines(struct str *out, char mark, const char *from, const char *end)
{
	while (from < end) {
		size_t len = strcspn(from, "\n");

		str_addf(out, "%s%c %.*s", out->len ? "\n" : "", mark, (int)len, from);
		from += len + 1;
	}
}

void
redline_diff(const char *old, const char *new, struct str *out)
{
	const char *a = old, *b = new, *ea = old + strlen(old), *eb = new + strlen(new);

	for (;;) { /* whole lines that are the same at the beginning */
		size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");

		if (!*a || !*b || n != m || memcmp(a, b, n) != 0 || !a[n] || !b[m])
			break;
		a += n + 1;
		b += m + 1;
	}
	while (ea > a && eb > b && ea[-1] == eb[-1]) { /* and at the end */
		const char *la = ea - 1, *lb = eb - 1;

		while (la > a && la[-1] != '\n')
			la--;
		while (lb > b && lb[-1] != '\n')
			lb--;
		if (ea - la != eb - lb || memcmp(la, lb, (size_t)(ea - la)) != 0)
			break;
		ea = la;
		eb = lb;
	}
	add_lines(out, '-', a, ea);
	add_lines(out, '+', b, eb);
}
