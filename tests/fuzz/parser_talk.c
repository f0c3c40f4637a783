#include <stdlib.h>

#include "base/mem.h"
#include "base/talk.h"
#include "fuzz/parsers.h"

/* Frames between consoles, read as each side would. */

/* Whatever the bytes are, every payload is read as each of the things it may be. */
static void
read_payload(const struct talk_frame *f, enum talk_side side)
{
	struct talk_hello hello;
	struct talk_file file = {0};
	struct talk_output output;
	char *step, *text;

	if (talk_read_hello(f, side, &hello))
		talk_hello_release(&hello);
	mem_free(talk_read_text(f));
	if (talk_read_note(f, &step, &text)) {
		mem_free(step);
		mem_free(text);
	}
	if (talk_read_file(f, &file))
		talk_file_release(&file);
	if (talk_read_output(f, &output) && output.len > f->len)
		abort();
}

static void
read_talk_as(const char *p, size_t len, enum talk_side side, struct str *out)
{
	struct talk_reader r;
	struct talk_frame f;
	struct err e = ERR_INIT;
	int got, frames = 0;

	talk_reader_init(&r, side);
	talk_feed(&r, p, len);
	while ((got = talk_next(&r, &f, &e)) == 1) {
		str_addf(out, "%s%s:%zu", frames++ ? " " : "", talk_name(f.type), f.len);
		read_payload(&f, side);
	}
	if (got < 0)
		str_addf(out, "%sbroken", frames ? " " : "");
	else if (!frames)
		str_adds(out, "nothing yet");
	talk_reader_release(&r);
}

void
parser_talk(const char *p, size_t len, struct str *out)
{
	str_adds(out, "driver ");
	read_talk_as(p, len, TALK_DRIVER, out);
	str_adds(out, ", onlooker ");
	read_talk_as(p, len, TALK_ONLOOKER, out);
}
