#include <string.h>

#include "app/onlookerinner.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "journal/examine.h"
#include "load/load.h"
#include "loop/rundir.h"

/* ---- lines ------------------------------------------------------------------------------- */

void
onlooker_tell_state(struct onlooker *o)
{
	if (o->begun && o->calls.on_state)
		o->calls.on_state(o->calls.ctx);
}

void
onlooker_tell(struct onlooker *o, const char *line, size_t len, const char *hash)
{
	struct err e = ERR_INIT;
	struct event *ev = event_parse(line, len, &e);

	if (ev)
		o->calls.on_line(o->calls.ctx, ev, line, len, hash);
	event_free(ev);
}

void
onlooker_hash(const char *line, size_t len, char out[DIGEST_HEX + 1])
{
	struct digest *d = digest_new();

	digest_update(d, line, len);
	digest_update(d, "\n", 1);
	digest_final_hex(d, out);
	digest_free(d);
}

bool
onlooker_broken(struct onlooker *o, const char *what)
{
	if (!o->broken)
		err_set(&o->why, ERR_RECORD, "line %lld: %s", (long long)o->seq + 2,
			what);
	o->broken = true;
	onlooker_tell_state(o);
	return false;
}

/* One that is known already, from another place: it must be that very line. */
static bool
same_again(struct onlooker *o, int64_t seq, const char *hash)
{
	if (memcmp(hash, o->known.at[seq].hash, DIGEST_HEX) == 0)
		return true;
	if (!o->broken)
		err_set(&o->why, ERR_RECORD,
			"line %lld is another one than was read before",
			(long long)seq + 1);
	o->broken = true;
	onlooker_tell_state(o);
	return false;
}

/* Whatever brought it: it must follow. */
bool
onlooker_take_line(struct onlooker *o, const char *line, size_t len)
{
	struct line l;
	struct err e = ERR_INIT;
	char hash[DIGEST_HEX + 1];

	if (o->broken)
		return false;
	if (!line_scan(line, len, &l, &e))
		return onlooker_broken(o, e.msg);
	onlooker_hash(line, len, hash);
	if (l.seq >= 0 && l.seq <= o->seq)
		return same_again(o, l.seq, hash);
	if (l.seq != o->seq + 1 || memcmp(l.prev, o->head, DIGEST_HEX) != 0)
		return onlooker_broken(o, "it does not follow the line before");
	if (!o->run[0])
		memcpy(o->run, l.run, ULID_LEN);
	if (memcmp(l.run, o->run, ULID_LEN) != 0)
		return onlooker_broken(o, "it is of another run");
	o->seq = l.seq;
	memcpy(o->head, hash, sizeof o->head);
	memcpy(vec_add(&o->known)->hash, hash, sizeof hash);
	if (o->begun)
		onlooker_tell(o, line, len, hash);
	else
		vec_push(&o->kept, ((struct kept_line){mem_strndup(line, len), len}));
	return true;
}

/* ---- the file ---------------------------------------------------------------------------- */

struct reading_on {
	struct onlooker *o;
	int64_t until, at;
};

static bool
read_on(void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash)
{
	struct reading_on *r = ctx;

	r->at += (int64_t)len + 1;
	if (r->at > r->until)
		return false;
	return l->seq <= r->o->seq ? same_again(r->o, l->seq, hash)
				   : onlooker_take_line(r->o, bytes, len);
}

/* Whole groups only, and never while its console tells us itself: that one knows what is on
 * the disk for certain. */
bool
onlooker_read_file(struct onlooker *o, struct err *e)
{
	char *path = file_join(o->run_dir, "journal.jsonl");
	struct reading_on r = {.o = o};
	struct examined x;
	struct scan_result again;
	int64_t size = file_size(path);
	bool ok = true;

	if (size != o->file_size) {
		ok = examine_book(o->run_dir, path, &x, e);
		r.until = ok ? x.scan.group_bytes : 0;
		ok = ok && scan_journal(path, read_on, &r, &again, e);
		if (ok)
			o->file_size = size;
	}
	mem_free(path);
	if (ok && o->broken)
		*e = o->why;
	return ok && !o->broken;
}

/* ---- the runbook -------------------------------------------------------------------------- */

void
onlooker_files_release(struct onlooker *o)
{
	for (size_t i = 0; i < o->files.len; i++) {
		mem_free(o->files.at[i].path);
		mem_free(o->files.at[i].text);
		mem_free(o->roles.list.at[i]);
	}
	vec_free(&o->files);
	vec_free(&o->roles.list);
	talk_file_release(&o->file);
	str_release(&o->text);
}

void
onlooker_file_came(struct onlooker *o)
{
	struct source src = {.path = mem_strdup(o->file.path), .len = o->text.len};
	char *role = mem_strdup(o->file.role);

	src.text = str_take(&o->text);
	talk_file_release(&o->file);
	if (o->runbook) { /* it came again, with another console */
		mem_free(src.path);
		mem_free(src.text);
		mem_free(role);
		return;
	}
	vec_push(&o->files, src);
	vec_push(&o->roles.list, role);
}

/* run.open says which text it is: another one would be walked under this run's name. */
static bool
is_of_the_record(const struct onlooker *o, const struct source *src, const char *before)
{
	char hex[DIGEST_HEX + 1];
	char *want;
	bool same;

	if (!o->kept.len)
		return false;
	digest_hex(src->text, src->len, hex);
	want = mem_printf("%s\"sha256\":\"%s\"", before, hex);
	same = strstr(o->kept.at[0].line, want) != NULL;
	mem_free(want);
	return same;
}

/* What the first line says of what is loaded. */
static struct json *
opening_of(const struct onlooker *o)
{
	struct err e = ERR_INIT;
	struct event *ev = o->kept.len
		? event_parse(o->kept.at[0].line, o->kept.at[0].len, &e)
		: NULL;
	struct json *doc = ev ? json_parse(ev->data, strlen(ev->data), &e) : NULL;

	event_free(ev);
	return doc;
}

/* ssh-keygen reads it from a file. */
static bool
keep_signers(struct onlooker *o, const struct source *src, struct err *e)
{
	if (!is_of_the_record(o, src, "\"allowed_signers\":{"))
		return err_set(e, ERR_RECORD,
			"the signers that came are not those the run began with");
	if (!o->signers_dir)
		o->signers_dir = rundir_new(e);
	if (!o->signers_dir || o->signers)
		return o->signers_dir != NULL;
	o->signers = file_join(o->signers_dir, "allowed_signers");
	return file_replace(o->signers, src->text, src->len, 0600, e);
}

bool
onlooker_load(struct onlooker *o, struct err *e)
{
	struct load_opts lo = {.project = NULL};
	const struct source *main_file = NULL;
	struct source *kept = mem_array(o->files.len + 1, sizeof *kept);
	struct diags d = {0};
	struct json *opening = opening_of(o);
	const struct json_node *said = json_root(opening);

	for (size_t i = 0; i < o->files.len; i++) {
		const struct source *src = &o->files.at[i];

		if (str_eq(o->roles.list.at[i], "project"))
			o->own_project = load_project_text(
				src->path, src->text, src->len, &d);
		else if (str_eq(o->roles.list.at[i], "signers"))
			(void)keep_signers(o, src, e);
		else if (!is_of_the_record(o, src, ""))
			err_set(e, ERR_RECORD, "%s is not the text the run began with",
				src->path);
		else if (str_eq(o->roles.list.at[i], "runbook"))
			main_file = src;
		else
			kept[lo.kept_len++] = *src;
	}
	lo.kept = kept;
	lo.project = o->far ? o->project : o->own_project;
	lo.environment = json_str(said, "environment", NULL);
	lo.duty = json_str(json_get(said, "parent"), "duty", NULL);
	if (e->kind == ERR_NONE && main_file)
		o->runbook = load_runbook_text(
			main_file->path, main_file->text, main_file->len, &lo, &d);
	if (!o->runbook && e->kind == ERR_NONE)
		err_set(e, ERR_PARSE, "the runbook of the run does not load here: %s",
			d.list.len ? d.list.at[0].msg : "it did not come");
	diags_release(&d);
	mem_free(kept);
	json_free(opening);
	return o->runbook != NULL;
}
