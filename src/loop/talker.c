#include "loop/talker.h"

#include "base/mem.h"
#include "loop/meet.h"

/* A timer of 0 that starts itself again would be due in the very same turn. */
enum { READ_BYTES = 16384, FRAMES_A_TURN = 64, NEXT_TURN_MS = 1 };

struct talker {
	struct loop *loop;
	struct talker_calls calls;
	struct talk_reader in;
	struct str out;
	size_t sent; /* of out */
	int fd;
	struct loop_fd *watch;
	struct loop_timer *more; /* frames that were left for another turn */
	bool over, busy, freed;
};

static void
really_free(struct talker *t)
{
	loop_fd_free(t->watch);
	loop_timer_free(t->more);
	meet_close(t->fd);
	talk_reader_release(&t->in);
	str_release(&t->out);
	mem_free(t);
}

static void
end(struct talker *t, const char *why)
{
	if (t->over)
		return;
	t->over = true;
	loop_fd_want(t->watch, 0);
	loop_timer_stop(t->more);
	if (!t->freed)
		t->calls.on_end(t->calls.ctx, why);
}

static void
want(struct talker *t)
{
	int reading = loop_timer_runs(t->more) ? 0 : LOOP_READ;

	if (!t->over)
		loop_fd_want(t->watch, reading | (talker_waiting(t) ? LOOP_WRITE : 0));
}

static void
push(struct talker *t)
{
	ssize_t n;

	while (!t->over && talker_waiting(t)) {
		n = meet_write(t->fd, t->out.buf + t->sent, talker_waiting(t));
		if (n < 0) { /* what it said before it went is still to be read */
			str_reset(&t->out);
			t->sent = 0;
			break;
		}
		if (n == 0)
			break;
		t->sent += (size_t)n;
		str_taken(&t->out, &t->sent);
	}
	want(t);
}

/* A few frames a turn: a flood must not keep the keys waiting. */
static void
frames(void *ctx)
{
	struct talker *t = ctx;
	struct talk_frame f;
	struct err e = ERR_INIT;
	int got = 0, n;

	t->busy = true;
	for (n = 0; n < FRAMES_A_TURN && !t->over && !t->freed; n++) {
		got = talk_next(&t->in, &f, &e);
		if (got != 1)
			break;
		t->calls.on_frame(t->calls.ctx, &f);
	}
	if (got < 0)
		end(t, e.msg);
	t->busy = false;
	if (t->freed) {
		really_free(t);
		return;
	}
	if (n == FRAMES_A_TURN && !t->over)
		loop_timer_start(t->more, NEXT_TURN_MS, 0);
	want(t);
}

static void
ready(void *ctx, int what)
{
	struct talker *t = ctx;
	char buf[READ_BYTES];
	ssize_t n;

	if (what & LOOP_WRITE) {
		t->busy = true;
		push(t);
		if (!t->over && !t->freed && t->calls.on_room &&
			talker_waiting(t) < TALKER_LOW)
			t->calls.on_room(t->calls.ctx);
		t->busy = false;
		if (t->freed) {
			really_free(t);
			return;
		}
	}
	if (t->over || loop_timer_runs(t->more))
		return;
	n = meet_read(t->fd, buf, sizeof buf);
	if (n > 0) {
		talk_feed(&t->in, buf, (size_t)n);
		frames(t);
	} else if (n < 0) {
		t->busy = true;
		end(t, "the other side went away");
		t->busy = false;
		if (t->freed)
			really_free(t);
	} else {
		want(t);
	}
}

struct talker *
talker_new(struct loop *l, int fd, enum talk_side side, const struct talker_calls *calls)
{
	struct talker *t = mem_alloc(sizeof *t);

	t->loop = l;
	t->calls = *calls;
	t->fd = fd;
	talk_reader_init(&t->in, side);
	str_init(&t->out);
	t->watch = loop_fd_new(l, fd, ready, t);
	t->more = loop_timer_new(l, frames, t);
	loop_fd_want(t->watch, LOOP_READ);
	return t;
}

void
talker_free(struct talker *t)
{
	if (!t)
		return;
	t->over = true;
	t->freed = true;
	if (!t->busy)
		really_free(t);
}

struct str *
talker_out(struct talker *t)
{
	return &t->out;
}

void
talker_send(struct talker *t)
{
	bool was = t->busy;

	t->busy = true;
	push(t);
	t->busy = was;
	if (t->freed && !was)
		really_free(t);
}

size_t
talker_waiting(const struct talker *t)
{
	return t->out.len - t->sent;
}
