/*
 * Stands in for libFuzzer where there is none: runs a target over its stored corpus, and
 * over seeded changes of it for a bounded time. FUZZ_SEED=N repeats; an input that kills the
 * target is left in fuzz-NAME.input.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "fuzz/corpus.h"

extern const char fuzz_name[];
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

enum { SHORT_MS = 700, LONG_MS = 20000, INPUT_MAX = 32 * 1024, CHANGES = 6 };

static struct {
	const char *p;
	size_t len;
	char path[64];
} trying;

static void
dies(int sig)
{
	int fd = open(trying.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd >= 0 && write(fd, trying.p, trying.len) >= 0)
		close(fd);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
try(const struct str *s)
{
	trying.p = s->buf;
	trying.len = s->len;
	LLVMFuzzerTestOneInput((const uint8_t *)s->buf, s->len);
}

static uint64_t dice = 1;

static size_t
roll(size_t sides)
{
	dice ^= dice >> 12;
	dice ^= dice << 25;
	dice ^= dice >> 27;
	return (size_t)((dice * 0x2545f4914f6cdd1du) >> 33) % sides;
}

/* A piece of another input, a byte, a run of bytes, a cut. */
static void
change(const struct corpus *c, struct str *s)
{
	static const char odd[] = "\0\x1b\x7f\xff\x80\n\r\t\"\\{}[]:,-# &*!0";
	const struct str *other = &c->list.at[roll(c->list.len)].bytes;
	size_t at = roll(s->len + 1), n, from;

	switch (roll(6)) {
	case 0:
		if (at < s->len)
			s->buf[at] = (char)(s->buf[at] ^ (1 << roll(8)));
		break;
	case 1:
		if (at < s->len)
			s->buf[at] = odd[roll(sizeof odd - 1)];
		break;
	case 2:
		str_cut(s, at);
		break;
	case 3: /* cut out */
		n = roll(40);
		if (at + n < s->len) {
			memmove(s->buf + at, s->buf + at + n, s->len - at - n);
			str_cut(s, s->len - n);
		}
		break;
	case 4: /* the same again */
		n = roll(200);
		if (at + n <= s->len && s->len + n < INPUT_MAX) {
			str_reserve(s, n);
			str_add(s, s->buf + at, n);
		}
		break;
	default: /* the rest is another's */
		from = roll(other->len + 1);
		n = other->len - from < INPUT_MAX ? other->len - from : INPUT_MAX;
		str_cut(s, at);
		if (s->len + n < INPUT_MAX)
			str_add(s, other->buf + from, n);
		break;
	}
}

int
main(void)
{
	const char *seed = getenv("FUZZ_SEED");
	int64_t end;
	struct corpus c;
	long tries = 0;

	dice = 0x9e3779b97f4a7c15u ^ (seed ? strtoul(seed, NULL, 10) : 4711);
	snprintf(trying.path, sizeof trying.path, "fuzz-%s.input", fuzz_name);
	signal(SIGABRT, dies);
	signal(SIGSEGV, dies);
	corpus_read(fuzz_name, &c);
	puts("1..2");
	for (size_t i = 0; i < c.list.len; i++)
		try(&c.list.at[i].bytes);
	printf("ok 1 - %s: comes back from each of %zu stored inputs\n", fuzz_name,
		c.list.len);
	end = clock_mono().ms + (getenv("HANDRAIL_LONG") ? LONG_MS : SHORT_MS);
	do {
		const struct str *from = &c.list.at[roll(c.list.len)].bytes;
		struct str s = STR_INIT;

		str_add(&s, from->buf, from->len < INPUT_MAX ? from->len : INPUT_MAX);
		for (size_t k = roll(CHANGES) + 1; k--;)
			change(&c, &s);
		try(&s);
		str_release(&s);
		tries++;
	} while (clock_mono().ms < end);
	printf("ok 2 - %s: and from %ld changed ones\n", fuzz_name, tries);
	corpus_release(&c);
	return 0;
}
