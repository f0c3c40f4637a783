#include "app/learning.h"

#include <stdlib.h>
#include <string.h>

#include "app/practice.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/json.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "load/load.h"

enum { SAMPLE_BYTES = 256 * 1024, PROGRESS_BYTES = 1 << 20 };

struct learning {
	struct runbook *rb;
	struct scenario *scene; /* or NULL */
	char *path;             /* of the progress */
	bool *seen, news;
	char *example; /* of example_step */
	const char *source;
	int example_step;
};

/* ---- progress ------------------------------------------------------------------------------- */

/* By where the runbook lies: two of one name have a file each. */
static char *
progress_path(const struct runbook *rb)
{
	char *state = file_xdg(FILE_XDG_STATE), *dir = file_join(state, "learn"), *name,
	     *path;
	char hex[DIGEST_HEX + 1], *real;

	real = realpath(rb->path, NULL);
	digest_hex(real ? real : rb->path, strlen(real ? real : rb->path), hex);
	free(real);
	name = mem_printf("%s-%.8s.json", rb->name, hex);
	path = file_join(dir, name);
	mem_free(name);
	mem_free(dir);
	mem_free(state);
	return path;
}

static void
read_progress(struct learning *l)
{
	struct str text = STR_INIT;
	struct err ignored = ERR_INIT;
	struct json *doc = NULL;
	const struct json_node *seen;

	if (file_exists(l->path) && file_read(l->path, PROGRESS_BYTES, &text, &ignored))
		doc = json_parse(text.buf, text.len, &ignored);
	seen = json_get(json_root(doc), "seen");
	for (size_t i = 0; i < json_len(seen); i++) {
		const char *id = json_text(json_at(seen, i));
		int step = id ? runbook_find_step(l->rb, id) : NONE;

		if (step != NONE)
			l->seen[step] = true;
	}
	json_free(doc);
	str_release(&text);
}

/* Nobody is kept from learning by a disk that takes nothing. */
static void
write_progress(const struct learning *l)
{
	struct str out = STR_INIT;
	struct err ignored = ERR_INIT;
	char *dir = file_dir(l->path);
	struct jsonout j;

	jsonout_init(&j, &out);
	jsonout_open(&j);
	jsonout_kint(&j, "learn", 1);
	jsonout_kstr(&j, "runbook", l->rb->path);
	jsonout_key(&j, "seen");
	jsonout_open_array(&j);
	for (size_t i = 0; i < l->rb->steps.list.len; i++)
		if (l->seen[i])
			jsonout_str(&j, l->rb->steps.list.at[i].id);
	jsonout_close_array(&j);
	jsonout_close(&j);
	str_addc(&out, '\n');
	if (file_mkdirs(dir, 0700, &ignored) && disk_private_dir(dir, &ignored) &&
		!file_replace(l->path, out.buf, out.len, 0600, &ignored))
		str_reset(&out);
	mem_free(dir);
	str_release(&out);
}

/* ---- life ------------------------------------------------------------------------------------- */

struct learning *
learning_new(struct runbook *rb)
{
	struct learning *l = mem_alloc(sizeof *l);
	char *scenario = practice_scenario_of(rb->path);
	struct diags ignored = {0};

	l->rb = runbook_ref(rb);
	l->scene = rb->scenario ? scenario_ref(rb->scenario)
		: scenario      ? load_scenario(scenario, &ignored)
				: NULL;
	l->seen = mem_array(rb->steps.list.len + 1, sizeof *l->seen);
	l->path = progress_path(rb);
	l->example_step = NONE;
	read_progress(l);
	diags_release(&ignored);
	mem_free(scenario);
	return l;
}

void
learning_free(struct learning *l)
{
	if (!l)
		return;
	if (l->news)
		write_progress(l);
	scenario_unref(l->scene);
	runbook_unref(l->rb);
	mem_free(l->seen);
	mem_free(l->path);
	mem_free(l->example);
	mem_free(l);
}

const struct runbook *
learning_runbook(const struct learning *l)
{
	return l->rb;
}

const bool *
learning_seen(const struct learning *l)
{
	return l->seen;
}

void
learning_see(struct learning *l, int step)
{
	l->news |= !l->seen[step];
	l->seen[step] = true;
}

/* ---- examples ----------------------------------------------------------------------------------- */

static char *
sample_of(const struct learning *l, const struct step *s)
{
	struct str text = STR_INIT;
	struct err ignored = ERR_INIT;
	char *dir, *path;

	if (!s->sample)
		return NULL;
	dir = file_dir(s->file ? s->file : l->rb->path);
	path = file_join(dir, s->sample);
	if (!file_read(path, SAMPLE_BYTES, &text, &ignored))
		str_addf(&text, "the sample %s cannot be read\n", s->sample);
	mem_free(path);
	mem_free(dir);
	return str_take(&text);
}

static void
add_answer(const struct scene_answer *a, struct str *out)
{
	str_add(out, a->output, a->output_len);
	if (out->len && !str_ends(out, "\n"))
		str_addc(out, '\n');
	str_adds(out, a->error);
	if (out->len && !str_ends(out, "\n"))
		str_addc(out, '\n');
	str_addf(out, "= exit %d\n", a->exit);
}

/* The first answer to this step that is no failure: how it looks at the beginning. */
static char *
played_of(const struct learning *l, const struct step *s)
{
	struct str out = STR_INIT;

	for (size_t i = 0; l->scene && i < l->scene->answers.list.len; i++) {
		const struct scene_answer *a = &l->scene->answers.list.at[i];

		if (str_eq(a->step, s->id) && a->exit == 0) {
			add_answer(a, &out);
			break;
		}
	}
	return out.len ? str_take(&out) : NULL;
}

const char *
learning_example(struct learning *l, int step, const char **source)
{
	const struct step *s = &l->rb->steps.list.at[step];

	if (l->example_step != step) {
		mem_free(l->example);
		l->source = "recorded";
		l->example = sample_of(l, s);
		if (!l->example) {
			l->source = "from the scenario";
			l->example = played_of(l, s);
		}
		l->example_step = step;
	}
	*source = l->source;
	return l->example;
}
