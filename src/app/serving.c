#include <stdio.h>
#include <string.h>

#include "app/machine.h"
#include "app/servinginner.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "load/load.h"
#include "run/drive.h"
#include "run/gate.h"
#include "run/needs.h"

/*
 * The driver's side of base/talk.h: whoever looks on gets the record line by line as it is on
 * the disk, and what is printed; and may ask for a hold, a note, or to take what is offered.
 * Lines are read from the file again, a piece at a time, as fast as each one takes them, so
 * one who reads nothing costs nothing.
 */

enum {
	PEERS_MAX = 16,
	GUESTS_MAX = 3, /* of one other account */
	PIECE = 128 * 1024,
	PIECES_A_TURN = 8,
	OUTPUT_WAITING = 256 * 1024, /* more than that and what is printed is left out */
	HELLO_MS = 10 * 1000,
	NAME_MAX_BYTES = 200,
	NEXT_TURN_MS = 1, /* one of 0 that starts itself again is due in the same turn */
};

/* ---- the record, piece by piece ---------------------------------------------------------- */

static void
send_lines(struct peer *p, const char *bytes, size_t len, size_t *used)
{
	const char *at = bytes, *lf;

	while ((lf = memchr(at, '\n', len - (size_t)(at - bytes)))) {
		if (p->line >= p->from)
			talk_add(talker_out(p->t), TALK_LINE, at, (size_t)(lf - at));
		p->line++;
		at = lf + 1;
	}
	*used = (size_t)(at - bytes);
}

/* One piece; false: nothing more now. */
static bool
send_piece(struct peer *p)
{
	struct session *s = p->s;
	int64_t end = journal_bytes(s->journal), left = end - p->offset;
	char *path, *buf;
	struct err e = ERR_INIT;
	size_t used = 0;
	ssize_t n;
	int fd;

	if (left <= 0)
		return false;
	path = file_join(journal_dir(s->journal), "journal.jsonl");
	fd = disk_open_read(path, DISK_NO_LINK, &e);
	mem_free(path);
	if (fd < 0)
		return false;
	buf = mem_alloc(PIECE);
	n = disk_read_at(fd, buf, left < PIECE ? (size_t)left : PIECE, p->offset);
	disk_close(fd);
	if (n > 0)
		send_lines(p, buf, (size_t)n, &used);
	mem_free(buf);
	p->offset += (int64_t)used;
	return used > 0;
}

static void
pump_peer(void *ctx)
{
	struct peer *p = ctx;
	int pieces = 0;

	if (!p->greeted || p->gone)
		return;
	while (talker_waiting(p->t) < TALKER_LOW && pieces < PIECES_A_TURN &&
		send_piece(p))
		pieces++;
	if (p->offset >= journal_bytes(p->s->journal) && !p->level) {
		p->level = true;
		talk_add(talker_out(p->t), TALK_LEVEL, "", 0);
	}
	if (pieces == PIECES_A_TURN)
		loop_timer_start(p->pump, NEXT_TURN_MS, 0);
	talker_send(p->t);
}

/* ---- one onlooker ------------------------------------------------------------------------ */

static void
peer_free(struct peer *p)
{
	serving_sign_release(p);
	talker_free(p->t);
	loop_timer_free(p->pump);
	meet_peer_release(&p->who);
	mem_free(p->name);
	mem_free(p);
}

static void
swept(void *ctx)
{
	struct serving *sv = ctx;

	for (size_t i = sv->peers.len; i-- > 0;) {
		struct peer *p = sv->peers.at[i];

		if (!p->gone)
			continue;
		vec_remove(&sv->peers, i);
		peer_free(p);
	}
	spine_changed(sv->s);
}

void
serving_lose(struct peer *p)
{
	if (p->gone)
		return;
	p->gone = true;
	loop_timer_start(p->s->serving->sweep, 0, 0);
}

static void
peer_ended(void *ctx, const char *why)
{
	(void)why;
	serving_lose(ctx);
}

static void
greet(struct peer *p)
{
	struct session *s = p->s;
	struct str *out = talker_out(p->t);
	struct str text = STR_INIT, part = STR_INIT;
	struct err e = ERR_INIT;

	talk_add_hello(out, TALK_ONLOOKER,
		&(struct talk_hello){.proto = TALK_PROTO,
			.run = s->run->id,
			.con = s->con,
			.who = s->who,
			.epoch = (uint32_t)journal_epoch(s->journal),
			.lines = (uint32_t)(journal_seq(s->journal) + 1)});
	if (s->project && file_read(s->project->path, TALK_FILE_MAX, &text, &e) &&
		load_share(s->project->path, text.buf, text.len, s->runbook->environment,
			&part))
		talk_add_file(out, "project", s->project->path, part.buf, part.len);
	str_reset(&text);
	if (s->allowed_signers && p->who.uid != machine_uid() &&
		file_read(s->allowed_signers, TALK_FILE_MAX, &text, &e))
		talk_add_file(out, "signers", s->allowed_signers,
			text.buf ? text.buf : "", text.len);
	for (size_t i = 0; i < s->runbook->sources.list.len; i++) {
		const struct source *src = &s->runbook->sources.list.at[i];

		talk_add_file(
			out, i ? "call" : "runbook", src->path, src->text, src->len);
	}
	str_release(&part);
	str_release(&text);
	p->greeted = true;
	pump_peer(p);
	spine_changed(s);
}

/* Of our own account anybody may call himself what he likes, as we do; of another one the
 * kernel says who it is. */
static char *
name_of(const struct peer *p, const char *claimed)
{
	char *host, *name;

	if (p->who.uid == machine_uid() && *claimed && strlen(claimed) <= NAME_MAX_BYTES)
		return text_harmless_dup(claimed);
	host = machine_host();
	name = mem_printf("%s@%s", p->who.user, host);
	mem_free(host);
	return name;
}

static void
hello(struct peer *p, const struct talk_frame *f)
{
	struct talk_hello h;

	if (p->greeted || !talk_read_hello(f, TALK_DRIVER, &h)) {
		serving_lose(p);
		return;
	}
	if (h.proto != TALK_PROTO) {
		talk_add_one(talker_out(p->t), TALK_BYE,
			"this console speaks another version: use the same handrail");
		talker_send(p->t);
		serving_lose(p);
	} else {
		p->name = name_of(p, h.who);
		p->from = h.lines;
		greet(p);
	}
	talk_hello_release(&h);
}

/* What the run is, for whoever lists runs: no more than that, and then it is over. */
static void
show_card(struct peer *p)
{
	struct session *s = p->s;
	struct str needs = STR_INIT;
	enum needs n = needs_of(s->run, &needs);
	int at = run_next_open(s->run, 0);
	int64_t ms = clock_wall().ms - s->run->driven_since.ms;
	struct talk_card card = {.run = s->run->id,
		.title = s->runbook->title,
		.environment = s->run->environment,
		.who = s->who,
		.con = s->con,
		.state = (char *)(s->run->closed    ? "OVER"
				: n == NEEDS_HOLDER ? "HELD"
				: n == NEEDS_PERSON ? "WAIT"
						    : "RUN"),
		.step = at == NONE ? NULL : s->runbook->steps.list.at[at].number,
		.needs = needs.buf,
		.driven_s = ms > 0 ? (uint32_t)(ms / 1000) : 0};

	talk_add_card(talker_out(p->t), &card);
	talker_send(p->t);
	serving_lose(p);
	str_release(&needs);
}

/* ---- what comes ---------------------------------------------------------- */

static void
peer_frame(void *ctx, const struct talk_frame *f)
{
	struct peer *p = ctx;

	if (p->gone)
		return;
	if (f->type == TALK_ASK && !p->greeted)
		show_card(p);
	else if (f->type == TALK_HELLO)
		hello(p, f);
	else if (!p->greeted || !serving_ask(p, f))
		serving_lose(p);
}

/* ---- doors ------------------------------------------------------------------------------- */

static void
drop_the_silent(struct serving *sv)
{
	struct mono now = clock_mono();

	for (size_t i = 0; i < sv->peers.len; i++)
		if (!sv->peers.at[i]->greeted &&
			now.ms - sv->peers.at[i]->came.ms > HELLO_MS)
			serving_lose(sv->peers.at[i]);
}

/* Seats stay for our own account, whoever else comes. */
static bool
no_seat(const struct serving *sv, const struct meet_peer *who)
{
	int same = 0, guests = 0;

	for (size_t i = 0; i < sv->peers.len; i++) {
		same += sv->peers.at[i]->who.uid == who->uid;
		guests += sv->peers.at[i]->who.uid != machine_uid();
	}
	if (sv->peers.len >= PEERS_MAX)
		return true;
	return who->uid != machine_uid() &&
		(same >= GUESTS_MAX || guests >= PEERS_MAX * 3 / 4);
}

/* What is sent is small: it fits, or nobody hears it. */
static void
turn_away(int fd, struct meet_peer *who)
{
	struct str out = STR_INIT;

	talk_add_one(&out, TALK_BYE, "as many look on as it lets in: try again later");
	if (meet_write(fd, out.buf, out.len) < 0)
		str_reset(&out);
	str_release(&out);
	meet_peer_release(who);
	meet_close(fd);
}

static void
somebody_comes(void *ctx, int ready)
{
	struct door *d = ctx;
	struct serving *sv = d->s->serving;
	struct meet_peer who;
	struct peer *p;
	int fd = meet_accept(d->fd, d->who, &who);

	(void)ready;
	if (fd < 0)
		return;
	drop_the_silent(sv);
	if (no_seat(sv, &who)) {
		turn_away(fd, &who);
		return;
	}
	p = mem_alloc(sizeof *p);
	p->s = d->s;
	p->who = who;
	p->came = clock_mono();
	p->pump = loop_timer_new(d->s->loop, pump_peer, p);
	p->t = talker_new(d->s->loop, fd, TALK_DRIVER,
		&(struct talker_calls){peer_frame, pump_peer, peer_ended, p});
	vec_push(&sv->peers, p);
}

static void
open_door(struct session *s, char *dir_take, enum meet_who who, struct err *e)
{
	struct door *d = NULL;

	for (int i = 0; i < DOORS && !d; i++)
		if (!s->serving->doors[i].path)
			d = &s->serving->doors[i];
	if (!dir_take || !d) {
		mem_free(dir_take);
		return;
	}
	d->s = s;
	d->who = who;
	d->path = meet_path(dir_take, journal_run(s->journal));
	d->fd = meet_listen(d->path, who, e);
	mem_free(dir_take);
	if (d->fd < 0) {
		mem_free(d->path);
		d->path = NULL;
		return;
	}
	d->watch = loop_fd_new(s->loop, d->fd, somebody_comes, d);
	loop_fd_want(d->watch, LOOP_READ);
}

/* That nobody can look on keeps nobody from working: it is said where it can be mended. */
void
serving_start(struct session *s)
{
	struct err mine = ERR_INIT, shared = ERR_INIT;

	if (s->quiet || s->onlooking)
		return;
	s->serving = mem_alloc(sizeof *s->serving);
	s->serving->s = s;
	s->serving->sweep = loop_timer_new(s->loop, swept, s->serving);
	open_door(s, meet_private_dir(&mine), MEET_MYSELF, &mine);
	open_door(s, meet_shared_dir(&shared), MEET_GROUP, &shared);
}

void
serving_event(struct session *s)
{
	for (size_t i = 0; s->serving && i < s->serving->peers.len; i++)
		loop_timer_start(s->serving->peers.at[i]->pump, 0, 0);
}

void
serving_output(
	struct session *s, int step, int leg, enum way way, const char *bytes, size_t len)
{
	struct talk_output o = {(uint32_t)step, (uint32_t)leg, (uint32_t)way, bytes, len};

	for (size_t i = 0; s->serving && i < s->serving->peers.len; i++) {
		struct peer *p = s->serving->peers.at[i];

		if (!p->level || p->gone || talker_waiting(p->t) > OUTPUT_WAITING)
			continue;
		talk_add_output(talker_out(p->t), &o);
		talker_send(p->t);
	}
}

bool
serving_busy(const struct session *s)
{
	for (size_t i = 0; s->serving && i < s->serving->peers.len; i++) {
		const struct peer *p = s->serving->peers.at[i];

		if (!p->gone && p->greeted &&
			(p->offset < journal_bytes(s->journal) || talker_waiting(p->t)))
			return true;
	}
	return false;
}

size_t
session_onlookers(const struct session *s, struct str *names)
{
	size_t n = 0;

	for (size_t i = 0; s->serving && i < s->serving->peers.len; i++) {
		const struct peer *p = s->serving->peers.at[i];

		if (p->gone || !p->greeted)
			continue;
		if (names && !strstr(names->buf, p->name))
			str_addf(names, "%s%s", names->len ? ", " : "", p->name);
		n++;
	}
	return n;
}

void
serving_release(struct session *s)
{
	struct serving *sv = s->serving;

	if (!sv)
		return;
	for (int i = 0; i < DOORS; i++) {
		struct door *d = &sv->doors[i];

		if (!d->path)
			continue;
		loop_fd_free(d->watch);
		meet_close(d->fd);
		meet_remove(d->path);
		mem_free(d->path);
	}
	for (size_t i = 0; i < sv->peers.len; i++) {
		talk_add_one(talker_out(sv->peers.at[i]->t), TALK_BYE,
			s->let_go                ? "the run was handed over"
				: s->run->closed ? "the run is closed"
						 : "its console was left");
		talker_send(sv->peers.at[i]->t);
		peer_free(sv->peers.at[i]);
	}
	vec_free(&sv->peers);
	loop_timer_free(sv->sweep);
	mem_free(sv);
	s->serving = NULL;
}

bool
session_offer(struct session *s, const char *to, struct err *e)
{
	struct str text = STR_INIT;
	bool ok = gate_allows(s->run, ACT_OFFER, NONE, e);

	if (ok) {
		drive_summary(s->run, clock_wall(), &text);
		session_request(s,
			&(struct request){.kind = REQ_OFFER,
				.step = NONE,
				.name = to,
				.text = text.buf});
	}
	str_release(&text);
	return ok;
}
