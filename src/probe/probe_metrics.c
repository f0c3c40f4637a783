#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "probe/metricline.h"
#include "probe/weblook.h"

/* metrics: one series of a page of metrics. prom: one number from a query to Prometheus. Both
 * give value and whether it is present; several series give no one value. */

enum { PAGE_MAX = 8 * 1024 * 1024 };

struct probe_kind_state {
	struct http_call *call;
	struct str url;
};

static void
tell(struct probe_look *p, size_t series, double value, int64_t took_ms)
{
	struct facts facts = {0};
	const char *present = series ? "yes" : "no";
	char because[80];
	struct probe_found f = {.facts = &facts, .took_ms = took_ms};

	facts_add_text(&facts, EXPECT_PRESENT, NULL, present, strlen(present));
	if (series == 1 && isfinite(value))
		facts_add_number(&facts, EXPECT_VALUE, value);
	if (series == 0)
		f.nothing = "there is no such series";
	if (series > 1) {
		snprintf(because, sizeof because, "%zu series and no one value", series);
		f.because = because;
	} else if (series == 1 && !isfinite(value)) {
		f.because = "the value is no number (NaN or Inf)";
	}
	probe_found(p, &f); /* may free p */
	facts_release(&facts);
}

static void
cannot(struct probe_look *p, const struct http_end *end, const char *why)
{
	struct facts none = {0};
	struct probe_found f = {.facts = &none,
		.took_ms = end->took_ms,
		.silent = VERDICT_UNKNOWN,
		.why = why};

	probe_found(p, &f); /* may free p */
}

static void
page_came(void *ctx, const struct http_end *end)
{
	struct probe_look *p = ctx;
	struct metricline_found found;
	struct err e = ERR_INIT;

	if (weblook_failed(p, end))
		return;
	if (!metricline_find(end->body.buf, end->body.len, p->probe->subject, &found, &e))
		cannot(p, end, e.msg);
	else if (found.lines == 0)
		cannot(p, end, "this is no page of metrics");
	else if (found.series == 0 && found.malformed > 0)
		cannot(p, end,
			"some lines of the page are no metrics: it may be one of them");
	else
		tell(p, found.series, found.value, end->took_ms);
}

static bool
metrics_begin(struct probe_look *p, struct err *e)
{
	struct weblook_spec s = {.url = probe_arg(p, "url"), .limit = PAGE_MAX};

	p->state = mem_alloc(sizeof *p->state);
	p->state->url = STR_INIT;
	if (!s.url)
		return err_set(e, ERR_INPUT, "%s: name the page (url:)", p->probe->name);
	p->state->call = weblook_start(p, &s, page_came, p, e);
	return p->state->call != NULL;
}

/* ---- prom ---- */

/* [ seconds, "value" ] */
static bool
sample(const struct json_node *pair, double *value)
{
	const char *text = json_text(json_at(pair, 1));
	char *end;

	if (!text)
		return false;
	*value = strtod(text, &end);
	return end != text && *end == '\0';
}

static bool
read_prom(const struct json *j, size_t *series, double *value)
{
	const struct json_node *data = json_get(json_root(j), "data");
	const struct json_node *result = json_get(data, "result");
	const char *type = json_str(data, "resultType", "");

	*value = 0;
	if (strcmp(type, "scalar") == 0) {
		*series = 1;
		return sample(result, value);
	}
	if (strcmp(type, "vector") != 0 || json_type_of(result) != JSON_ARRAY)
		return false;
	*series = json_len(result);
	return *series != 1 || sample(json_get(json_at(result, 0), "value"), value);
}

static void
number_came(void *ctx, const struct http_end *end)
{
	struct probe_look *p = ctx;
	struct err e = ERR_INIT;
	struct json *j = json_parse(end->body.buf, end->body.len, &e);
	const char *said = j ? json_str(json_root(j), "error", NULL) : NULL;
	size_t series = 0;
	double value = 0;
	char why[320];

	if (end->answered && said) {
		snprintf(why, sizeof why, "Prometheus says: %.250s", said);
		cannot(p, end, why);
	} else if (weblook_failed(p, end)) {
		; /* told */
	} else if (!j || !read_prom(j, &series, &value)) {
		cannot(p, end, "the answer is none of Prometheus with one number");
	} else {
		tell(p, series, value, end->took_ms);
	}
	json_free(j);
}

/* In a query string; the query itself may hold ${names}, which are put in first. */
static void
add_encoded(struct str *out, const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";

	for (; *text; text++) {
		if (strchr(plain, *text))
			str_addc(out, *text);
		else
			str_addf(out, "%%%02X", (unsigned char)*text);
	}
}

static bool
prom_begin(struct probe_look *p, struct err *e)
{
	struct probe_kind_state *s = p->state = mem_alloc(sizeof *s);
	const char *url = probe_arg(p, "url");
	struct weblook_spec spec = {.limit = PAGE_MAX};
	struct str query = STR_INIT;
	bool ok;

	s->url = STR_INIT;
	if (!url)
		return err_set(
			e, ERR_INPUT, "%s: name the server (url:)", p->probe->name);
	ok = probe_expand(p, p->probe->subject, SUBST_TEXT, &query, e);
	str_adds(&s->url, url);
	while (str_ends(&s->url, "/"))
		str_cut(&s->url, s->url.len - 1);
	str_adds(&s->url, "/api/v1/query?query=");
	add_encoded(&s->url, query.buf);
	str_release(&query);
	spec.url = s->url.buf;
	if (ok)
		s->call = weblook_start(p, &spec, number_came, p, e);
	return ok && s->call;
}

static void
metrics_drop(struct probe_look *p)
{
	if (!p->state)
		return;
	http_call_free(p->state->call);
	str_release(&p->state->url);
	mem_free(p->state);
}

const struct probe_way probe_way_metrics = {
	.start = metrics_begin,
	.free = metrics_drop,
};

const struct probe_way probe_way_prom = {
	.start = prom_begin,
	.free = metrics_drop,
};
