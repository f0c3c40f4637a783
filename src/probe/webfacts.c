#include "probe/webfacts.h"

#include <string.h>

#include "base/mem.h"

static void
add_clean(const struct redact *redact, const char *text, struct str *out)
{
	if (redact)
		redact_text(redact, text, strlen(text), out);
	else
		str_adds(out, text);
}

static void
add_headers(struct facts *facts, const struct pairs *headers, const struct redact *redact)
{
	size_t cookies = 0;

	for (size_t i = 0; i < headers->list.len; i++) {
		const struct pair *h = &headers->list.at[i];
		struct str value = STR_INIT;
		const char *eq;
		char *name;

		add_clean(redact, h->value, &value);
		facts_add_text(facts, EXPECT_HEADER, h->key, value.buf, value.len);
		str_release(&value);
		if (strcmp(h->key, "set-cookie") != 0)
			continue;
		eq = strchr(h->value, '=');
		if (!eq)
			continue;
		name = mem_strndup(h->value, (size_t)(eq - h->value));
		add_clean(redact, eq + 1, &value);
		facts_add_text(facts, EXPECT_COOKIE, name, value.buf, value.len);
		str_release(&value);
		mem_free(name);
		cookies++;
	}
	/* An empty map is a fact too: what is not in it is known to be absent. */
	if (headers->list.len == 0)
		facts_add_text(facts, EXPECT_HEADER, NULL, "", 0);
	if (cookies == 0)
		facts_add_text(facts, EXPECT_COOKIE, NULL, "", 0);
}

void
webfacts_add(struct facts *facts, const struct http_end *end, const struct redact *redact,
	const struct str *body)
{
	struct str url = STR_INIT;

	add_clean(redact, end->url ? end->url : "", &url);
	facts_add_number(facts, EXPECT_STATUS, end->status);
	facts_add_text(facts, EXPECT_URL, NULL, url.buf, url.len);
	add_headers(facts, &end->headers, redact);
	facts_add_answer(facts, EXPECT_BODY, body->buf, body->len,
		end->cut ? FACTS_CUT : FACTS_WHOLE);
	str_release(&url);
}
