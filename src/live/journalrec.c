#include "live/journalrec.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static void
read_message(const struct json_node *n, struct str *out)
{
	double byte;

	if (json_type_of(n) != JSON_ARRAY) {
		if (!json_scalar_text(n, out))
			str_adds(out, "(no message)");
		return;
	}
	for (size_t i = 0; i < json_len(n); i++) {
		if (json_number(json_at(n, i), &byte) && byte >= 0 && byte <= 255)
			str_addc(out, (char)(unsigned char)byte);
	}
}

bool
journalrec_read(const char *s, size_t len, struct journalrec *out)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(s, len, &e);
	const struct json_node *root = json_root(doc);
	const char *at = json_str(root, "__REALTIME_TIMESTAMP", NULL);
	const char *priority = json_str(root, "PRIORITY", NULL);

	if (!doc || !at) {
		json_free(doc);
		return false;
	}
	*out = (struct journalrec){.message = STR_INIT, .cursor = STR_INIT};
	out->at.ms = strtoll(at, NULL, 10) / 1000;
	if (priority && *priority >= '0' && *priority <= '7')
		out->level = loglevel_of_syslog((unsigned)(*priority - '0'));
	read_message(json_get(root, "MESSAGE"), &out->message);
	str_adds(&out->cursor, json_str(root, "__CURSOR", ""));
	json_free(doc);
	return true;
}

void
journalrec_release(struct journalrec *r)
{
	str_release(&r->message);
	str_release(&r->cursor);
}
