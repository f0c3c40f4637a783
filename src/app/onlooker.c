#include "app/onlooker.h"

#include <string.h>
#include <strings.h>

#include "app/machine.h"
#include "app/onlookerinner.h"
#include "app/spine.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "journal/scan.h"
#include "loop/rundir.h"

enum {
	AGAIN_MS = 500,     /* between two tries to reach the driver */
	PATIENCE_MS = 3000, /* then its console does not answer */
	FIRST_MS = 10000,   /* for all that there is */
	TURN_MS = 50,
	SOCK_SUFFIX = 5, /* ".sock" */
};

/* ---- the driver's console ------------------------------------------------------------------ */

static void
hang_up(struct onlooker *o)
{
	talker_free(o->t);
	o->t = NULL;
	meet_peer_release(&o->peer);
	o->greeted = o->level = false;
	talk_file_release(&o->file);
	str_reset(&o->text);
	mem_free(o->driver);
	mem_free(o->con);
	o->driver = o->con = NULL;
}

static void
look_again(struct onlooker *o)
{
	if (o->again)
		loop_timer_start(o->again, AGAIN_MS, 0);
}

static void
over(void *ctx, const char *why)
{
	struct onlooker *o = ctx;

	(void)why;
	hang_up(o);
	o->asked = clock_mono();
	onlooker_tell_state(o);
	look_again(o);
}

static void
greeted(struct onlooker *o, const struct talk_frame *f)
{
	struct talk_hello h;

	if (o->greeted || !talk_read_hello(f, TALK_ONLOOKER, &h)) {
		onlooker_broken(o, "its console does not speak as it should");
		return;
	}
	if (o->run[0] && strcmp(h.run, o->run) != 0) {
		talk_hello_release(&h);
		onlooker_broken(o, "its console drives another run");
		return;
	}
	if ((int64_t)h.lines <= o->seq) {
		talk_hello_release(&h);
		onlooker_broken(o, "its console has fewer lines than were read before");
		return;
	}
	mem_free(o->bye);
	o->bye = NULL;
	o->greeted = o->pinned = true;
	o->uid = o->peer.uid;
	mem_free(o->driver);
	mem_free(o->con);
	o->driver = text_harmless_dup(h.who);
	o->con = text_harmless_dup(h.con);
	talk_hello_release(&h);
}

static void
file_begins(struct onlooker *o, const struct talk_frame *f)
{
	talk_file_release(&o->file);
	str_reset(&o->text);
	if (!talk_read_file(f, &o->file))
		onlooker_broken(o, "its console does not speak as it should");
	else if (!o->file.bytes)
		onlooker_file_came(o);
}

static void
file_goes_on(struct onlooker *o, const struct talk_frame *f)
{
	if (!o->file.path || o->text.len + f->len > o->file.bytes) {
		onlooker_broken(o, "its console does not speak as it should");
		return;
	}
	str_add(&o->text, f->payload, f->len);
	if (o->text.len == o->file.bytes)
		onlooker_file_came(o);
}

static void
output_came(struct onlooker *o, const struct talk_frame *f)
{
	struct talk_output out;

	if (o->begun && o->calls.on_output && talk_read_output(f, &out))
		o->calls.on_output(
			o->calls.ctx, out.step, out.leg, out.way, out.bytes, out.len);
}

static void
words_came(struct onlooker *o, const struct talk_frame *f)
{
	char *why = talk_read_text(f);
	char *shown = text_harmless_dup(why ? why : "?");

	if (o->begun && o->calls.on_refused && f->type == TALK_REFUSED)
		o->calls.on_refused(o->calls.ctx, shown);
	if (f->type == TALK_BYE) {
		mem_free(o->bye);
		o->bye = shown;
		shown = NULL;
	}
	mem_free(shown);
	mem_free(why);
}

static void
frame(void *ctx, const struct talk_frame *f)
{
	struct onlooker *o = ctx;

	if (o->broken)
		return;
	switch (f->type) {
	case TALK_HELLO:
		greeted(o, f);
		break;
	case TALK_FILE:
		file_begins(o, f);
		break;
	case TALK_PART:
		file_goes_on(o, f);
		break;
	case TALK_LINE:
		onlooker_take_line(o, f->payload, f->len);
		break;
	case TALK_LEVEL:
		o->level = true;
		onlooker_tell_state(o);
		break;
	case TALK_OUTPUT:
		output_came(o, f);
		break;
	default:
		words_came(o, f);
	}
}

/* ---- finding it ---------------------------------------------------------------------------- */

static bool
answers_to(const char *name, const char *word)
{
	size_t len = strlen(name), want = strlen(word);

	return len == ULID_LEN + SOCK_SUFFIX && strcmp(name + ULID_LEN, ".sock") == 0 &&
		want <= ULID_LEN && strncasecmp(name + ULID_LEN - want, word, want) == 0;
}

static int
look_in(char *dir_take, const char *word, char **path)
{
	struct err e = ERR_INIT;
	size_t count = 0;
	char **names = dir_take ? file_names(dir_take, &count, &e) : NULL;
	int found = 0;

	for (size_t i = 0; names && i < count; i++) {
		if (!answers_to(names[i], word))
			continue;
		if (!*path)
			*path = file_join(dir_take, names[i]);
		found++;
	}
	file_names_free(names);
	mem_free(dir_take);
	return found;
}

/* Our own account's first: that one shows all there is. */
static char *
find_socket(const char *word, struct err *e)
{
	struct err why = ERR_INIT;
	char *path = NULL;
	int found = look_in(meet_private_dir(&why), word, &path);

	if (!found) {
		why = ERR_INIT;
		found = look_in(meet_shared_dir(&why), word, &path);
	}
	if (found == 1)
		return path;
	mem_free(path);
	if (found)
		err_set(e, ERR_INPUT, "%s names several runs: give more characters",
			word);
	else if (why.kind != ERR_NONE)
		err_set(e, ERR_INPUT, "no run %s is driven here (%s)", word, why.msg);
	else
		err_set(e, ERR_INPUT,
			"no run %s here, and nobody drives one of that name", word);
	return NULL;
}

/* Only the account that can write the record drives it: anybody else of the group who listens
 * there stands in for it. */
static bool
is_its_account(struct onlooker *o, const char *path, struct err *e)
{
	o->odd = ERR_INIT;
	if (!o->pinned || o->peer.uid == o->uid)
		return true;
	err_set(&o->odd, ERR_REFUSED,
		"account %s listens in the place of its console, at %s", o->peer.user,
		path);
	*e = o->odd;
	return false;
}

static bool
call(struct onlooker *o, const char *path, struct err *e)
{
	char *who, *con;
	int fd;

	hang_up(o);
	fd = meet_connect(path, &o->peer, e);
	if (fd < 0)
		return false;
	if (!is_its_account(o, path, e)) {
		meet_close(fd);
		meet_peer_release(&o->peer);
		return false;
	}
	o->asked = clock_mono();
	o->t = talker_new(
		o->loop, fd, TALK_ONLOOKER, &(struct talker_calls){frame, NULL, over, o});
	who = outfit_who();
	con = outfit_con();
	talk_add_hello(talker_out(o->t), TALK_DRIVER,
		&(struct talk_hello){.proto = TALK_PROTO,
			.con = con,
			.who = who,
			/* the last one again: it must be that one there, too */
			.lines = (uint32_t)(o->seq > 0 ? o->seq : 0)});
	mem_free(who);
	mem_free(con);
	talker_send(o->t);
	return true;
}

static void
again(void *ctx)
{
	struct onlooker *o = ctx;
	struct err e = ERR_INIT;
	char *path;

	if (o->broken)
		return;
	/* its console went, or is silent: what it wrote is there to be read */
	if (o->run_dir && !o->level && !onlooker_read_file(o, &e) && e.kind == ERR_RECORD)
		onlooker_broken(o, e.msg);
	if (!o->t && !o->far) {
		path = find_socket(o->run, &e);
		if (path && call(o, path, &e)) {
			mem_free(o->path);
			o->path = mem_strdup(path);
		}
		mem_free(path);
	}
	if (onlooker_state(o) != o->told) {
		o->told = onlooker_state(o);
		onlooker_tell_state(o);
	}
	look_again(o);
}

/* ---- life ------------------------------------------------------------------------------------ */

static bool
all_there(const struct onlooker *o)
{
	return o->broken || (o->level && (o->runbook || o->files.len)) ||
		(o->run_dir && !o->t) ||
		(o->run_dir && clock_mono().ms - o->asked.ms > PATIENCE_MS);
}

static bool
meet(struct onlooker *o, const char *word, struct err *e)
{
	struct err none = ERR_INIT;
	struct mono began = clock_mono();
	char *path = find_socket(o->run_dir ? o->run : word, o->run_dir ? &none : e);

	if (path && !call(o, path, o->run_dir ? &none : e) && !o->run_dir) {
		mem_free(path);
		return false;
	}
	if (!path && !o->run_dir)
		return false;
	o->path = path;
	while (!all_there(o) && clock_mono().ms - began.ms < FIRST_MS) {
		loop_turn(o->loop, TURN_MS);
		if (!o->t && !o->run_dir)
			break;
	}
	if (o->broken) {
		*e = o->why;
		return false;
	}
	if (o->run_dir || o->level)
		return true;
	if (o->bye)
		return err_set(e, ERR_BUSY, "the console that drives run %s says: %s",
			word, o->bye);
	return err_set(e, ERR_BUSY,
		"the console that drives run %s does not let anybody look on, or does not "
		"answer (%s)",
		word, path);
}

struct onlooker *
onlooker_new(struct loop *l, const char *run_dir, const char *word,
	const struct project *project, struct err *e)
{
	struct onlooker *o = mem_alloc(sizeof *o);
	bool ok = true;

	o->loop = l;
	o->pinned = run_dir && disk_owner(run_dir, &o->uid);
	o->project = project;
	o->seq = -1;
	o->file_size = -1;
	str_init(&o->text);
	memcpy(o->head, scan_zero_head, sizeof o->head);
	if (run_dir) {
		o->run_dir = mem_strdup(run_dir);
		ok = onlooker_read_file(o, e);
		o->runbook = ok ? outfit_runbook(run_dir, project, e) : NULL;
		ok = o->runbook != NULL;
	}
	ok = ok && meet(o, word, e) && (o->runbook || onlooker_load(o, e));
	if (!ok) {
		onlooker_free(o);
		return NULL;
	}
	onlooker_files_release(o);
	return o;
}

void
onlooker_begin(struct onlooker *o, const struct onlooker_calls *calls)
{
	char hash[DIGEST_HEX + 1];

	o->calls = *calls;
	o->begun = true;
	for (size_t i = 0; i < o->kept.len; i++) {
		struct kept_line *k = &o->kept.at[i];

		onlooker_hash(k->line, k->len, hash);
		onlooker_tell(o, k->line, k->len, hash);
		mem_free(k->line);
	}
	vec_free(&o->kept);
	o->told = onlooker_state(o);
	o->again = loop_timer_new(o->loop, again, o);
	look_again(o);
}

void
onlooker_free(struct onlooker *o)
{
	if (!o)
		return;
	hang_up(o);
	onlooker_far_release(o);
	loop_timer_free(o->again);
	for (size_t i = 0; i < o->kept.len; i++)
		mem_free(o->kept.at[i].line);
	vec_free(&o->kept);
	vec_free(&o->known);
	onlooker_files_release(o);
	runbook_unref(o->runbook);
	project_free(o->own_project);
	mem_free(o->signers);
	rundir_free(o->signers_dir);
	mem_free(o->run_dir);
	mem_free(o->path);
	mem_free(o->bye);
	mem_free(o);
}

/* ---- what is known --------------------------------------------------------------------------- */

struct runbook *
onlooker_runbook(struct onlooker *o)
{
	return o->runbook;
}

const char *
onlooker_dir(const struct onlooker *o)
{
	return o->run_dir;
}

const char *
onlooker_run(const struct onlooker *o)
{
	return o->run;
}

const char *
onlooker_account(const struct onlooker *o)
{
	return o->peer.user;
}

const char *
onlooker_driver(const struct onlooker *o)
{
	return o->far ? onlooker_far_driver(o) : o->driver;
}

bool
onlooker_foreign(const struct onlooker *o)
{
	return o->far || (o->t && o->peer.uid != machine_uid());
}

enum onlooker_state
onlooker_state(const struct onlooker *o)
{
	char con[256];

	if (o->broken)
		return ONLOOKER_BROKEN;
	if (o->far)
		return onlooker_far_state(o);
	if (o->level)
		return ONLOOKER_LIVE;
	/* nobody listens, and nobody holds the record: that is nobody, at once */
	if (!o->t && !(o->run_dir && journal_is_busy(o->run_dir, con, sizeof con)))
		return ONLOOKER_ALONE;
	return clock_mono().ms - o->asked.ms < PATIENCE_MS ? ONLOOKER_MOVING
							   : ONLOOKER_WAITS;
}

static void
words_of_holder(const struct onlooker *o, struct str *out)
{
	struct journal_holder h = {0};

	if (o->bye) {
		str_addf(out, "its console said: %s", o->bye);
		return;
	}
	if (o->run_dir && journal_holder(o->run_dir, &h))
		str_addf(out, "%s drives it and does not answer (%s%s)",
			*h.who ? h.who : "somebody",
			h.pid && machine_is_stopped(h.pid) ? "stopped, " : "", h.con);
	else
		str_addf(out, "its console does not answer (%s, pid %lld)",
			o->peer.user ? o->peer.user : "?", (long long)o->peer.pid);
	if (o->run_dir)
		journal_holder_release(&h);
}

void
onlooker_news(const struct onlooker *o, struct str *out)
{
	if (o->far && !o->broken)
		onlooker_far_news(o, out);
	else
		onlooker_words(o, out);
}

void
onlooker_words(const struct onlooker *o, struct str *out)
{
	if (o->far && !o->broken) {
		onlooker_far_words(o, out);
		return;
	}
	switch (onlooker_state(o)) {
	case ONLOOKER_BROKEN:
		str_addf(out, "THE RECORD DOES NOT HOLD: %s", o->why.msg);
		break;
	case ONLOOKER_WAITS:
		words_of_holder(o, out);
		break;
	case ONLOOKER_LIVE:
		str_addf(out, "%s drives it (account %s, %s)",
			o->driver ? o->driver : "somebody",
			o->peer.user ? o->peer.user : "?", o->con ? o->con : "?");
		break;
	case ONLOOKER_MOVING:
		str_adds(out, "its console is being reached");
		break;
	case ONLOOKER_ALONE:
	case ONLOOKER_STATES:
		str_adds(out,
			o->run_dir
				? "nobody drives it now"
				: "its console is gone, and nobody is seen to drive it");
		if (o->odd.kind != ERR_NONE)
			str_addf(out, " (%s)", o->odd.msg);
		else if (o->bye && !o->run_dir)
			str_addf(out, " (it said: %s)", o->bye);
		break;
	}
}

const char *
onlooker_signers(const struct onlooker *o)
{
	return o->far ? onlooker_far_signers(o) : o->signers;
}
