#include "base/stills.h"

#include <string.h>

enum state { GROUND, AFTER_ESC, IN_CSI, IN_STRING, STRING_ESC };
enum { ESC = 0x1b, BEL = 0x07, BACKSPACE = 0x08 };

void
stills_init(struct stills *s)
{
	*s = (struct stills){.frame = STR_INIT, .last = STR_INIT};
}

/* A still is whole when the next one begins. */
static void
frame_over(struct stills *s, struct str *out)
{
	if (s->draws && s->frame.len &&
		(s->frame.len != s->last.len ||
			memcmp(s->frame.buf, s->last.buf, s->last.len) != 0)) {
		str_add(out, s->frame.buf, s->frame.len);
		if (!str_ends(&s->frame, "\n"))
			str_addc(out, '\n');
		str_reset(&s->last);
		str_add(&s->last, s->frame.buf, s->frame.len);
	}
	str_reset(&s->frame);
}

/* What has gone out before the first one was no still. */
static void
draw(struct stills *s, struct str *out)
{
	frame_over(s, out);
	s->draws = 1;
}

/* Cursor home and clearing begin a screen; all others only colour or move. */
static void
csi(struct stills *s, char final, struct str *out)
{
	s->params[s->params_len] = '\0';
	if ((final == 'H' || final == 'f') &&
		(!s->params[0] || strcmp(s->params, "1;1") == 0 ||
			strcmp(s->params, "1") == 0))
		draw(s, out);
	else if (final == 'J' && s->params[0] >= '2')
		draw(s, out);
	s->state = GROUND;
}

static void
plain(struct stills *s, char c, struct str *out)
{
	if (c == '\r' || c == BEL || c == BACKSPACE)
		return;
	if (!s->draws)
		str_addc(out, c);
	else if (s->frame.len < STILLS_FRAME_BYTES)
		str_addc(&s->frame, c);
}

static void
after_esc(struct stills *s, char c, struct str *out)
{
	s->state = GROUND;
	if (c == '[') {
		s->state = IN_CSI;
		s->params_len = 0;
	} else if (strchr("]PX^_", c) && c) {
		s->state = IN_STRING;
	} else if (c == 'c') {
		draw(s, out);
	} else if (c >= 0x20 && c < 0x30) { /* of two bytes: one more */
		s->state = AFTER_ESC;
	}
}

void
stills_feed(struct stills *s, const char *p, size_t len, struct str *out)
{
	for (size_t i = 0; i < len; i++) {
		char c = p[i];

		switch ((enum state)s->state) {
		case GROUND:
			if (c == ESC)
				s->state = AFTER_ESC;
			else
				plain(s, c, out);
			break;
		case AFTER_ESC:
			after_esc(s, c, out);
			break;
		case IN_CSI:
			if (c >= 0x40 && c <= 0x7e)
				csi(s, c, out);
			else if (c == ESC)
				s->state = AFTER_ESC;
			else if (s->params_len + 1 < sizeof s->params)
				s->params[s->params_len++] = c;
			break;
		case IN_STRING:
			s->state = c == BEL ? GROUND : c == ESC ? STRING_ESC : IN_STRING;
			break;
		case STRING_ESC:
			s->state = c == '\\' ? GROUND : IN_STRING;
			break;
		}
	}
}

void
stills_end(struct stills *s, struct str *out)
{
	frame_over(s, out);
	s->state = GROUND;
}

void
stills_release(struct stills *s)
{
	str_release(&s->frame);
	str_release(&s->last);
}
