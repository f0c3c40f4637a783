/*
 * What it costs to take secrets out of text, beside sha256 of the same bytes in the same
 * process: everything that is recorded is hashed too. Rounds in turn, the order changing,
 * one warm-up; processor time.
 *
 *   redactbench [FILE]     the table and the goal as TAP; FILE: the text instead of our own
 *   redactbench --write    the text, to standard output
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/redact.h"

enum { TEXT_BYTES = 16 << 20, ROUNDS = 7, CHUNK = 64 * 1024 };

/* Times of sha256 of the same bytes, with 20 declared secrets. */
static const double goal = 8.0;

static const int secrets[] = {0, 1, 5, 20, 50};
enum { SETS = sizeof secrets / sizeof *secrets };

/* Lines of an application, with what looks like a secret or nearly so now and then. */
static void
make_text(struct str *out)
{
	unsigned draw = 7;

	while (out->len < TEXT_BYTES) {
		draw = draw * 1103515245 + 12345;
		str_addf(out,
			"2026-11-28T14:%02u:%02u.%03uZ INFO api[%u]: request_id=%08x "
			"method=GET path=/api/v1/orders/%u status=%u took=%ums "
			"url=\"http://127.0.0.1:8000/health\" user=\"anna\"\n",
			draw / 7 % 60, draw / 11 % 60, draw / 13 % 1000, draw % 30000,
			draw, draw / 3 % 100000, 200 + draw / 64 % 300, draw / 128 % 900);
		if (draw / 256 % 50 == 0)
			str_addf(out, "DATABASE_URL=postgres://app:s3cret%u@db/ni\n",
				draw);
	}
}

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static struct redact *
set_of(int count)
{
	struct redact *r = redact_new();
	struct err e = ERR_INIT;

	for (int i = 0; i < count; i++) {
		char *name = mem_printf("secret%d", i);
		char *value = mem_printf(
			"%c%dx/K\"%dq w%d!z", 'a' + i % 26, i * 7919, i * 31, i);

		if (!redact_add(r, name, value, strlen(value), &e))
			exit(1);
		mem_free(name);
		mem_free(value);
	}
	return r;
}

static double
take_out(const struct redact *r, const struct str *text)
{
	struct redact_stream *s = redact_stream_new(r);
	struct str out = STR_INIT;
	double from = now_ms();

	for (size_t at = 0; at < text->len; at += CHUNK) {
		str_reset(&out);
		redact_feed(s, text->buf + at,
			text->len - at < CHUNK ? text->len - at : CHUNK, &out);
	}
	redact_end(s, &out);
	from = now_ms() - from;
	str_release(&out);
	redact_stream_free(s);
	return from;
}

static double
hash(const struct str *text)
{
	struct digest *d = digest_new();
	char hex[DIGEST_HEX + 1];
	double from = now_ms();

	for (size_t at = 0; at < text->len; at += CHUNK)
		digest_update(d, text->buf + at,
			text->len - at < CHUNK ? text->len - at : CHUNK);
	digest_final_hex(d, hex);
	from = now_ms() - from;
	digest_free(d);
	return from;
}

static int
up(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
middle(double *times)
{
	qsort(times, ROUNDS, sizeof *times, up);
	return times[ROUNDS / 2];
}

int
main(int argc, char **argv)
{
	struct str text = STR_INIT;
	struct redact *set[SETS];
	double ours[SETS][ROUNDS], peer[ROUNDS], sum, ratio = 0;
	struct err e = ERR_INIT;

	if (argc == 2 && strcmp(argv[1], "--write") != 0) {
		if (!file_read(argv[1], (size_t)1 << 30, &text, &e)) {
			fprintf(stderr, "%s\n", e.msg);
			return 1;
		}
	} else {
		make_text(&text);
	}
	if (argc == 2 && strcmp(argv[1], "--write") == 0) {
		fwrite(text.buf, 1, text.len, stdout);
		str_release(&text);
		return 0;
	}
	for (int i = 0; i < SETS; i++)
		set[i] = set_of(secrets[i]);
	for (int round = -1; round < ROUNDS; round++) {
		for (int i = 0; i < SETS; i++) {
			int at = round % 2 == 0 ? i : SETS - 1 - i;
			double took = take_out(set[at], &text);

			if (round >= 0)
				ours[at][round] = took;
		}
		if (round >= 0)
			peer[round] = hash(&text);
	}
	sum = middle(peer);
	printf("# sha256 of %zu MiB of log lines | %.1f ms\n", text.len >> 20, sum);
	for (int i = 0; i < SETS; i++) {
		double took = middle(ours[i]);

		printf("# %2d secrets declared, and the shapes | %.1f ms | %.2f of sha256 | "
		       "%.0f MB/s\n",
			secrets[i], took, took / sum, (double)text.len / 1e3 / took);
		if (secrets[i] == 20)
			ratio = took / sum;
		redact_free(set[i]);
	}
	printf("%s 1 - 20 secrets: %.2f of sha256, goal %.2f\n",
		ratio <= goal ? "ok" : "not ok", ratio, goal);
	printf("1..1\n");
	str_release(&text);
	return ratio <= goal ? 0 : 1;
}
