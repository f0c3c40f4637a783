#include "remote/copy.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "remote/cp1.h"
#include "remote/pace.h"
#include "remote/sudo.h"

enum {
	PIECE_LEAST = 128 * 1024,
	PIECE_MOST = 4 * 1024 * 1024,
	PIECE_QUICK_MS = 500,  /* the next one may be larger */
	PIECE_SLOW_MS = 5000,  /* smaller */
	STALL_MS = 120 * 1000, /* nothing comes, or one piece is not taken */
	AGAIN_MS = 1000,
};

struct copy {
	struct link *from, *to;
	char *from_path, *to_path, *temp, *mode, *as, *as_password;
	struct copy_calls calls;
	copy_peek_fn *peek_fn;
	void *peek_ctx;
	struct copy_peek peek;
	struct loop_timer *timer;
	enum cp1_act act; /* under way */
	struct link_exec *exec;
	struct cp1_reply reply;
	struct str piece, err; /* err: what was said on standard error */
	struct digest *digest; /* of the pieces */
	struct copy_found source;
	char was[DIGEST_HEX + 1];
	int64_t done;
	int64_t block; /* of the next piece: done is a multiple of it */
	struct mono began;
	int64_t read_ms; /* what the piece under way took to come */
	bool begun;      /* there may be a file aside */
	bool cancelled, ended, asleep;
	char why[400]; /* of what cut it short */
	int depth;
	bool freed;
};

/* ---- life ------------------------------------------------------------------------------ */

static void
destroy(struct copy *c)
{
	mem_free(c->from_path);
	mem_free(c->to_path);
	mem_free(c->temp);
	mem_free(c->mode);
	mem_free(c->as);
	if (c->as_password)
		mem_wipe_free(c->as_password, strlen(c->as_password));
	cp1_reply_release(&c->reply);
	str_release(&c->piece);
	str_release(&c->err);
	digest_free(c->digest);
	mem_free(c);
}

void
copy_free(struct copy *c)
{
	if (!c || c->freed)
		return;
	c->freed = true;
	link_exec_free(c->exec);
	loop_timer_free(c->timer);
	if (c->depth == 0)
		destroy(c);
}

static void
enter(struct copy *c)
{
	c->depth++;
}

static void
leave(struct copy *c)
{
	if (--c->depth == 0 && c->freed)
		destroy(c);
}

static void
finish(struct copy *c, struct copy_end *end)
{
	if (c->ended || c->freed)
		return;
	c->ended = true;
	loop_timer_stop(c->timer);
	c->calls.on_end(c->calls.ctx, end);
}

/* ---- acts ------------------------------------------------------------------------------ */

static void act_ended(void *ctx, const struct link_exec_end *end);

static bool
is_of_source(enum cp1_act a)
{
	return a == CP1_LOOK || a == CP1_READ;
}

static struct link *
link_of(const struct copy *c)
{
	return is_of_source(c->act) ? c->from : c->to;
}

static void
act_out(void *ctx, const char *p, size_t len)
{
	struct copy *c = ctx;
	const char *data;
	size_t n;

	cp1_reply_feed(&c->reply, p, len, &data, &n);
	if (c->act != CP1_READ)
		return;
	loop_timer_start(c->timer, STALL_MS, 0); /* it comes, if slowly */
	if ((int64_t)(c->piece.len + n) <= c->block)
		str_add(&c->piece, data, n);
}

static void
act_err(void *ctx, const char *p, size_t len)
{
	struct copy *c = ctx;

	str_add(&c->err, p, c->err.len < sizeof c->why ? len : 0);
}

static void
begin(struct copy *c, enum cp1_act act)
{
	struct cp1_ask q = {.act = act,
		.path = is_of_source(act) ? c->from_path : c->to_path,
		.temp = c->temp,
		.mode = c->mode,
		.sum = c->source.sum,
		.was = c->was,
		.size = c->source.size,
		.skip = act == CP1_READ ? c->done / c->block : c->done,
		.block = c->block};
	struct link_exec_calls calls = {
		.on_out = act_out, .on_err = act_err, .on_end = act_ended, .ctx = c};
	struct str command = STR_INIT, input = STR_INIT;
	char token[CP1_TOKEN_LEN + 1];
	struct err e = ERR_INIT;

	c->act = act;
	if (!link_is_local(link_of(c))) { /* this machine is the operator's own */
		q.as = c->as;
		q.as_password = c->as_password;
	}
	if (act == CP1_WRITE) {
		q.size = c->done + (int64_t)c->piece.len;
		q.piece = c->piece.buf;
		q.piece_len = c->piece.len;
	}
	if (!cp1_build(&q, token, &command, &input, &e)) {
		str_reset(&command); /* ends without a reply; the words are these */
		str_adds(&command, "echo 'as: is no account name' >&2");
	}
	cp1_reply_release(&c->reply);
	cp1_reply_init(&c->reply, token);
	str_reset(&c->err);
	c->began = clock_mono();
	if (act == CP1_READ)
		str_reset(&c->piece);
	if (act == CP1_READ || act == CP1_WRITE)
		loop_timer_start(c->timer, STALL_MS, 0);
	else
		loop_timer_stop(c->timer);
	link_exec_free(c->exec);
	c->exec = link_exec_start(link_of(c), command.buf, input.buf, input.len, &calls);
	mem_wipe(input.buf, input.len);
	str_release(&command);
	str_release(&input);
}

/* ---- what may go wrong ----------------------------------------------------------------- */

static void
say(struct copy *c, const char *what)
{
	struct str safe = STR_INIT;

	if (c->why[0])
		return; /* the first cause counts */
	text_harmless(&safe, what, strlen(what), TEXT_ONE_LINE);
	snprintf(c->why, sizeof c->why, "%s: %.360s", link_target(link_of(c)), safe.buf);
	str_release(&safe);
}

static void
nothing(struct copy *c, bool wants_password)
{
	struct copy_end end = {.result = COPY_NOTHING, .wants_password = wants_password};

	snprintf(end.why, sizeof end.why, "%s", c->cancelled ? "cancelled" : c->why);
	finish(c, &end);
}

static void
unknown(struct copy *c, bool wants_password)
{
	struct copy_end end = {.result = COPY_UNKNOWN, .wants_password = wants_password};

	snprintf(end.why, sizeof end.why, "%s", c->why);
	finish(c, &end);
}

/* From here on only the target can say what became of it. */
static void
ask_target(struct copy *c)
{
	if (c->begun)
		begin(c, CP1_SETTLE);
	else
		nothing(c, false);
}

/* No reply: the connection went, or there is no shell that gives one. */
static void
no_reply(struct copy *c, const struct link_exec_end *x)
{
	struct link_status st;
	const char *said = c->err.len ? c->err.buf : c->reply.said;
	bool password = !x->lost && sudo_wants_password(c->err.buf);

	link_status(link_of(c), &st);
	if (x->lost)
		say(c, x->why);
	else
		say(c, *said ? said : *x->why ? x->why : "no answer from a shell");
	if (c->act == CP1_SETTLE && x->lost && st.state != LINK_FAILED) {
		c->asleep = true; /* the link comes back, or gives up */
		loop_timer_start(c->timer, AGAIN_MS, 0);
	} else if (c->act == CP1_SETTLE) {
		unknown(c, password);
	} else if (c->act == CP1_BEGIN && !x->sent) {
		nothing(c, false);
	} else if (password && (!c->begun || c->act == CP1_BEGIN)) {
		nothing(c, true);
	} else {
		ask_target(c);
	}
}

/* What the host says, and a person may mend. Its file aside is gone with that. */
static void
refused(struct copy *c)
{
	const char *kind = c->reply.kind;

	if (strcmp(kind, "garbled") == 0) {
		char real[DIGEST_HEX + 1];

		digest_final_hex(c->digest, real);
		digest_free(c->digest);
		c->digest = digest_new();
		say(c,
			strcmp(real, c->source.sum) != 0
				? "the source was changed while it was read"
				: "the bytes were garbled on their way");
	} else {
		say(c, c->reply.sentence);
	}
	if (c->act == CP1_SETTLE) /* it cannot even be looked at: no file of ours */
		nothing(c, false);
	else if (c->act == CP1_READ)
		ask_target(c);
	else
		nothing(c, false);
}

/* ---- one after the other --------------------------------------------------------------- */

static void
take_found(const struct cp1_reply *r, struct copy_found *out)
{
	out->size = r->size;
	memcpy(out->sum, r->sum, sizeof out->sum);
	memcpy(out->mode, r->mode, sizeof out->mode);
}

static void
next_piece(struct copy *c)
{
	begin(c, c->done < c->source.size ? CP1_READ : CP1_PLACE);
}

static void
began_aside(struct copy *c)
{
	struct copy_found stood = {.size = c->reply.was_size};
	struct copy_end end = {.result = COPY_SAME};

	if (cp1_reply_is(&c->reply, "same")) {
		take_found(&c->reply, &end.at);
		finish(c, &end);
		return;
	}
	memcpy(c->was, c->reply.was, sizeof c->was);
	if (strcmp(c->was, "none") != 0)
		memcpy(stood.sum, c->was, sizeof stood.sum);
	c->calls.on_begun(c->calls.ctx, &stood);
	if (!c->freed && !c->cancelled)
		next_piece(c);
}

static void
piece_read(struct copy *c)
{
	if (!c->piece.len ||
		(c->done + c->block < c->source.size &&
			(int64_t)c->piece.len != c->block)) {
		say(c, "the source was changed while it was read");
		ask_target(c);
		return;
	}
	/* What was added since it was looked at is no part of it. */
	if (c->done + (int64_t)c->piece.len > c->source.size)
		str_cut(&c->piece, (size_t)(c->source.size - c->done));
	digest_update(c->digest, c->piece.buf, c->piece.len);
	c->read_ms = clock_mono().ms - c->began.ms;
	begin(c, CP1_WRITE);
}

/* Pieces as large as the way allows; all before it are whole ones of the new size. */
static void
fit_block(struct copy *c)
{
	int64_t took = c->read_ms + clock_mono().ms - c->began.ms;

	if (took < pace_ms(PIECE_QUICK_MS) && c->block < PIECE_MOST &&
		c->done % (2 * c->block) == 0)
		c->block *= 2;
	else if (took > pace_ms(PIECE_SLOW_MS) && c->block > PIECE_LEAST)
		c->block /= 2;
}

static void
piece_written(struct copy *c)
{
	c->done += (int64_t)c->piece.len;
	fit_block(c);
	c->calls.on_piece(c->calls.ctx, c->done, c->source.size);
	if (!c->freed && !c->cancelled)
		next_piece(c);
}

static void
placed(struct copy *c, bool settled)
{
	struct copy_end end = {.result = COPY_PLACED, .settled = settled};

	take_found(&c->reply, &end.at);
	snprintf(end.why, sizeof end.why, "%s", c->why);
	finish(c, &end);
}

static void
settled(struct copy *c)
{
	if (cp1_reply_is(&c->reply, "there") && strcmp(c->reply.sum, c->source.sum) == 0)
		placed(c, true);
	else
		nothing(c, false);
}

static void
peeked(struct copy *c)
{
	bool source = c->act == CP1_LOOK, seen = c->reply.whole;
	struct copy_found *f = source ? &c->peek.source : &c->peek.target;
	bool ok = seen && !cp1_reply_is(&c->reply, "error");

	take_found(&c->reply, f);
	if (seen && !ok)
		say(c, c->reply.sentence);
	snprintf(source ? c->peek.source_why : c->peek.target_why, sizeof c->why, "%s",
		c->why);
	c->why[0] = '\0';
	if (source) {
		c->peek.source_ok = ok;
		begin(c, CP1_PEEK);
		return;
	}
	c->peek.target_ok = ok;
	c->ended = true;
	c->peek_fn(c->peek_ctx, &c->peek);
}

static void
act_done(struct copy *c)
{
	switch (c->act) {
	case CP1_LOOK:
		take_found(&c->reply, &c->source);
		c->asleep = true; /* until copy_go */
		c->calls.on_source(c->calls.ctx, &c->source);
		break;
	case CP1_BEGIN:
		began_aside(c);
		break;
	case CP1_READ:
		piece_read(c);
		break;
	case CP1_WRITE:
		piece_written(c);
		break;
	case CP1_PLACE:
		placed(c, false);
		break;
	case CP1_SETTLE:
		settled(c);
		break;
	case CP1_PEEK:
	case CP1_ACT_COUNT:
		break;
	}
}

static void
act_ended(void *ctx, const struct link_exec_end *x)
{
	struct copy *c = ctx;
	bool whole = c->reply.whole && !(x->lost && c->act == CP1_READ);

	enter(c);
	if (c->peek_fn) {
		if (!whole)
			say(c,
				x->lost              ? x->why
					: c->err.len ? c->err.buf
						     : "no answer from a shell");
		peeked(c);
	} else if (!whole) {
		no_reply(c, x);
	} else if (cp1_reply_is(&c->reply, "error")) {
		refused(c);
	} else {
		act_done(c);
	}
	leave(c);
}

static void
turn(void *ctx)
{
	struct copy *c = ctx;

	enter(c);
	if (c->asleep) {
		c->asleep = false;
		begin(c, CP1_SETTLE);
	} else if (c->cancelled && !c->begun) {
		nothing(c, false);
	} else if (!c->ended) {
		say(c, "no answer in 120 s");
		ask_target(c);
	}
	leave(c);
}

/* ---- the doors ------------------------------------------------------------------------- */

static struct copy *
make(const struct copy_spec *s)
{
	struct copy *c = mem_alloc(sizeof *c);

	c->from = s->from;
	c->to = s->to;
	c->from_path = mem_strdup(s->from_path);
	c->to_path = mem_strdup(s->to_path);
	c->temp = mem_strdup(s->temp);
	c->mode = mem_strdup(s->mode);
	c->as = mem_strdup(s->as);
	c->as_password = mem_strdup(s->as_password);
	c->piece = c->err = STR_INIT;
	c->reply.line = STR_INIT;
	c->digest = digest_new();
	c->block = PIECE_LEAST;
	c->timer = loop_timer_new(link_loop(s->to), turn, c);
	snprintf(c->was, sizeof c->was, "none");
	return c;
}

struct copy *
copy_start(const struct copy_spec *s, const struct copy_calls *calls)
{
	struct copy *c = make(s);

	c->calls = *calls;
	begin(c, CP1_LOOK);
	return c;
}

void
copy_go(struct copy *c)
{
	if (c->ended || c->cancelled || c->begun)
		return;
	c->asleep = false;
	c->begun = true;
	begin(c, CP1_BEGIN);
}

struct copy *
copy_settle(const struct copy_spec *s, const char *sum, const struct copy_calls *calls)
{
	struct copy *c = make(s);

	c->calls = *calls;
	c->begun = true;
	snprintf(c->source.sum, sizeof c->source.sum, "%s", sum);
	begin(c, CP1_SETTLE);
	return c;
}

void
copy_cancel(struct copy *c)
{
	if (c->ended || c->cancelled)
		return;
	c->cancelled = true;
	if (c->act == CP1_SETTLE && c->begun)
		return; /* it is being asked for already */
	link_exec_free(c->exec);
	c->exec = NULL;
	c->asleep = false;
	if (c->begun)
		begin(c, CP1_SETTLE);
	else
		loop_timer_start(c->timer, 0, 0);
}

struct copy *
copy_peek_start(const struct copy_spec *s, copy_peek_fn *fn, void *ctx)
{
	struct copy *c = make(s);

	c->peek_fn = fn;
	c->peek_ctx = ctx;
	begin(c, CP1_LOOK);
	return c;
}
