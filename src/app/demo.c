#include "app/demo.h"

#include <string.h>

#include "app/demo_files.h"
#include "base/file.h"
#include "base/mem.h"
#include "loop/rundir.h"

struct demo {
	char *dir, *runbook, *project, *scenario, *answers;
};

static const char project_text[] = "handrail_project: 1\nname: tour\nrunbooks: [.]\n";

static const char answers_text[] =
	"answers: 1\n"
	"steps:\n"
	"  tell: {tick: done, note: told in the release channel}\n";

static bool
put(const char *path, const char *text, struct err *e)
{
	return file_replace(path, text, strlen(text), 0600, e);
}

static bool
make_folder(struct demo *d, struct err *e)
{
	char *scenarios = file_join(d->dir, "scenarios");
	bool ok = file_mkdirs(scenarios, 0700, e) && put(d->runbook, demo_tour, e) &&
		put(d->scenario, demo_scene, e) && put(d->project, project_text, e) &&
		put(d->answers, answers_text, e);

	mem_free(scenarios);
	return ok;
}

struct demo *
demo_new(struct err *e)
{
	struct demo *d = mem_alloc(sizeof *d);

	d->dir = rundir_new(e);
	if (d->dir) {
		d->runbook = file_join(d->dir, "tour.yaml");
		d->project = file_join(d->dir, "handrail.yaml");
		d->scenario = file_join(d->dir, "scenarios/tour.yaml");
		d->answers = file_join(d->dir, "tour.answers");
		if (make_folder(d, e))
			return d;
	}
	err_ctx(e, "demo");
	demo_free(d);
	return NULL;
}

void
demo_free(struct demo *d)
{
	if (!d)
		return;
	rundir_free(d->dir);
	mem_free(d->runbook);
	mem_free(d->project);
	mem_free(d->scenario);
	mem_free(d->answers);
	mem_free(d);
}

const char *
demo_dir(const struct demo *d)
{
	return d->dir;
}

const char *
demo_runbook(const struct demo *d)
{
	return d->runbook;
}

const char *
demo_project(const struct demo *d)
{
	return d->project;
}

const char *
demo_scenario(const struct demo *d)
{
	return d->scenario;
}

const char *
demo_answers(const struct demo *d)
{
	return d->answers;
}
