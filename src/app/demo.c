#include "app/demo.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/demo_files.h"
#include "base/file.h"
#include "base/mem.h"
#include "loop/rundir.h"

enum { START_MS = 10000, KEYGEN_MS = 20000 };

struct demo {
	char *dir, *data, *runbook, *project, *runs, *key, *answers;
	struct loop_child *service;
	bool ended;
	struct str said;
	struct pairs inputs;
};

static const char answers_text[] =
	"answers: 1\n"
	"inputs: {version: \"2\"}\n"
	"steps:\n"
	"  tell-the-others-that-you-release-now:\n"
	"    {tick: done, evidence: \"https://example.com/releases/2\"}\n"
	"  how-do-you-want-to-release: {choose: carefully}\n"
	"  switch: {confirm: release 2}\n"
	"  throw-the-old-cache-away: {confirm: delete the cache on local}\n";

static bool
put(const char *dir, const char *name, const char *text, struct err *e)
{
	char *path = file_join(dir, name);
	bool ok = file_replace(path, text, strlen(text), 0600, e);

	mem_free(path);
	return ok;
}

static bool
make_folder(struct demo *d, struct err *e)
{
	char *versions = file_join(d->data, "versions"),
	     *cache = file_join(d->data, "cache");
	bool ok = file_mkdirs(versions, 0700, e) && file_mkdirs(cache, 0700, e) &&
		file_mkdirs(d->runs, 0700, e) &&
		put(versions, "1", "{\"version\": \"1\", \"says\": \"hello\"}\n", e) &&
		put(versions, "2", "{\"version\": \"2\", \"says\": \"good morning\"}\n",
			e) &&
		put(d->data, "live", "{\"version\": \"1\", \"says\": \"hello\"}\n", e) &&
		put(cache, "page-1", "hello\n", e) &&
		put(d->dir, "tour.yaml", demo_tour, e) &&
		put(d->dir, "service.py", demo_service, e) &&
		put(d->dir, "tour.answers", answers_text, e);

	mem_free(versions);
	mem_free(cache);
	return ok;
}

/* A key for the sign-off that exists only in this folder. */
static bool
make_key(struct demo *d, struct loop *l, struct err *e)
{
	const char *const argv[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C",
		"key of the tour", "-f", d->key, NULL};
	struct loop_capture got;
	struct str pub = STR_INIT;
	char *path = mem_printf("%s.pub", d->key), *line = NULL;
	bool ok = loop_child_capture(l,
		&(struct loop_child_opts){
			.argv = argv, .timeout_ms = KEYGEN_MS, .pass_fd = -1},
		65536, &got, e);

	if (ok && got.end.exit != 0)
		ok = err_set(e, ERR_STATE, "ssh-keygen cannot make a key: %.300s",
			got.err.buf);
	if (ok)
		loop_capture_release(&got);
	ok = ok && file_read(path, 65536, &pub, e);
	if (ok) {
		line = mem_printf(
			"you@example.com namespaces=\"handrail-signoff-v1\" %s", pub.buf);
		ok = put(d->dir, "allowed_signers", line, e) &&
			put(d->dir, "handrail.yaml",
				"handrail_project: 1\nname: tour\nrunbooks: [.]\n"
				"allowed_signers: allowed_signers\n"
				"roles: {Release manager: [you@example.com]}\n",
				e);
	}
	mem_free(line);
	mem_free(path);
	str_release(&pub);
	return ok;
}

static void
service_said(void *ctx, const char *p, size_t len)
{
	struct demo *d = ctx;

	if (d->said.len < 4096)
		str_add(&d->said, p, len);
}

static void
service_ended(void *ctx, const struct loop_child_end *end)
{
	struct demo *d = ctx;

	(void)end;
	d->ended = true;
}

static bool
start_service(struct demo *d, struct loop *l, struct err *e)
{
	char *script = file_join(d->dir, "service.py"),
	     *port_file = file_join(d->data, "port");
	const char *const argv[] = {"python3", script, d->data, NULL};
	struct mono until = clock_mono();
	struct str port = STR_INIT;
	bool ok;

	until.ms += START_MS;
	d->service = loop_child_start(l,
		&(struct loop_child_opts){
			.argv = argv, .keep_stdin = true, .pass_fd = -1},
		&(struct loop_child_calls){service_said, service_said, service_ended, d},
		e);
	while (d->service && !d->ended && !file_exists(port_file) &&
		clock_mono().ms < until.ms)
		loop_turn(l, 20);
	ok = d->service && !d->ended && file_exists(port_file) &&
		file_read(port_file, 64, &port, e);
	if (ok) {
		vec_push(&d->inputs.list,
			(struct pair){mem_strdup("dir"), mem_strdup(d->data), 0});
		vec_push(&d->inputs.list,
			(struct pair){mem_strdup("port"), mem_strdup(port.buf), 0});
	} else if (d->service) {
		err_set(e, ERR_STATE,
			"the tour's web service (python3) does not start: %.300s",
			d->said.len ? d->said.buf : "no answer");
	}
	str_release(&port);
	mem_free(script);
	mem_free(port_file);
	return ok;
}

struct demo *
demo_new(struct loop *l, struct err *e)
{
	struct demo *d = mem_alloc(sizeof *d);

	str_init(&d->said);
	d->dir = rundir_new(e);
	if (d->dir) {
		d->data = file_join(d->dir, "greeter");
		d->runs = file_join(d->dir, "runs");
		d->runbook = file_join(d->dir, "tour.yaml");
		d->project = file_join(d->dir, "handrail.yaml");
		d->key = file_join(d->dir, "id_tour");
		d->answers = file_join(d->dir, "tour.answers");
		if (make_folder(d, e) && make_key(d, l, e) && start_service(d, l, e))
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
	loop_child_free(d->service);
	for (size_t i = 0; i < d->inputs.list.len; i++) {
		mem_free(d->inputs.list.at[i].key);
		mem_free(d->inputs.list.at[i].value);
	}
	vec_free(&d->inputs.list);
	str_release(&d->said);
	rundir_free(d->dir);
	mem_free(d->data);
	mem_free(d->runs);
	mem_free(d->runbook);
	mem_free(d->project);
	mem_free(d->key);
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
demo_runs(const struct demo *d)
{
	return d->runs;
}

const char *
demo_key(const struct demo *d)
{
	return d->key;
}

const char *
demo_answers(const struct demo *d)
{
	return d->answers;
}

const struct pairs *
demo_inputs(const struct demo *d)
{
	return &d->inputs;
}
