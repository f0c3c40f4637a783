#include "remote/sim.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/vec.h"

enum { FILE_LIMIT = 1024 * 1024, EXIT_NOT_FOUND = 127 };

struct sim_rule {
	const char *match;
	struct sim_answer answer;
	int64_t times, used;
};

struct sim {
	struct json *doc; /* holds every text */
	const char *fault;
	VEC_OF(struct sim_rule) rules;
};

static bool
read_rules(struct sim *s, const char *path, struct err *e)
{
	const struct json_node *rules = json_get(json_root(s->doc), "rules");

	for (size_t i = 0; i < json_len(rules); i++) {
		const struct json_node *n = json_at(rules, i);
		struct sim_rule r = {
			.match = json_str(n, "match", NULL),
			.answer =
				{
					.out = json_str(n, "out", ""),
					.err = json_str(n, "err", ""),
					.exit = (int)json_int(n, "exit", 0),
					.after_ms = json_int(n, "after_ms", 0),
				},
			.times = json_int(n, "times", 0),
		};

		if (!r.match)
			return err_set(
				e, ERR_PARSE, "%s: rule %zu has no match", path, i + 1);
		vec_push(&s->rules, r);
	}
	return true;
}

struct sim *
sim_load(const char *path, struct err *e)
{
	struct sim *s = mem_alloc(sizeof *s);
	struct str text = STR_INIT;
	bool ok = file_read(path, FILE_LIMIT, &text, e);

	if (ok) {
		s->doc = json_parse(text.buf, text.len, e);
		ok = s->doc || err_ctx(e, "%s", path);
	}
	if (ok && json_int(json_root(s->doc), "sim", 0) != 1)
		ok = err_set(
			e, ERR_PARSE, "%s is no simulated target: no \"sim\": 1", path);
	ok = ok && read_rules(s, path, e);
	str_release(&text);
	if (!ok) {
		sim_free(s);
		return NULL;
	}
	s->fault = json_str(json_root(s->doc), "fault", NULL);
	return s;
}

void
sim_free(struct sim *s)
{
	if (!s)
		return;
	json_free(s->doc);
	vec_free(&s->rules);
	mem_free(s);
}

const char *
sim_fault(const struct sim *s)
{
	return s->fault;
}

void
sim_ask(struct sim *s, const char *text, struct sim_answer *out)
{
	static const struct sim_answer unknown = {
		.out = "",
		.err = "the simulation has no rule for this command\n",
		.exit = EXIT_NOT_FOUND,
	};

	*out = unknown;
	for (size_t i = 0; i < s->rules.len; i++) {
		struct sim_rule *r = &s->rules.at[i];

		if (!strstr(text, r->match) || (r->times > 0 && r->used >= r->times))
			continue;
		r->used++;
		*out = r->answer;
		return;
	}
}
