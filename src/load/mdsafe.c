#include "load/mdsafe.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum { NEL = 0x85, LINE_SEP = 0x2028, PARA_SEP = 0x2029, TAB_STOP = 0x09 };

static void
found(struct mdsafe *m, int line, unsigned cp, int byte)
{
	m->count++;
	if (m->found.len < MDSAFE_FOUND_MAX)
		vec_push(&m->found,
			(struct mdsafe_find){.line = line, .cp = cp, .byte = byte});
}

static void
add_char(struct mdsafe *m, const char *s, size_t len, uint32_t cp, int line)
{
	if (cp == 0xfffd && len == 1) {
		str_addf(&m->text, "<0x%02X>", (unsigned char)s[0]);
		found(m, line, (unsigned char)s[0], 1);
	} else if (cp != TAB_STOP &&
		(text_forbidden(cp) || cp == NEL || cp == LINE_SEP || cp == PARA_SEP)) {
		str_addf(&m->text, "<U+%04X>", (unsigned)cp);
		found(m, line, cp, 0);
	} else {
		str_add(&m->text, s, len);
	}
}

void
mdsafe_read(const char *bytes, size_t len, struct mdsafe *out)
{
	size_t i = 0;
	int line = 1;

	*out = (struct mdsafe){.text = STR_INIT};
	str_reserve(&out->text, len);
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	while (i < len) {
		size_t plain = i, used;
		uint32_t cp;

		/* Most of a page needs no looking at. */
		while (plain < len && bytes[plain] >= ' ' && bytes[plain] < 0x7f)
			plain++;
		str_add(&out->text, bytes + i, plain - i);
		i = plain;
		if (i == len)
			break;
		if (bytes[i] == '\n' || bytes[i] == '\r') {
			i += bytes[i] == '\r' && i + 1 < len && bytes[i + 1] == '\n';
			str_addc(&out->text, '\n');
			line++;
			i++;
			continue;
		}
		used = text_decode(bytes + i, len - i, &cp);
		add_char(out, bytes + i, used, cp, line);
		i += used;
	}
}

bool
mdsafe_shows_hidden(const char *text, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i + 3 <= len; i++) {
		size_t at = i + 3;

		if (memcmp(text + i, "\xef\xbf\xbd", 3) == 0)
			return true;
		if (memcmp(text + i, "<U+", 3) != 0 && memcmp(text + i, "<0x", 3) != 0)
			continue;
		while (at < len && text[at] && strchr(digits, text[at]))
			at++;
		if (at > i + 4 && at < len && text[at] == '>')
			return true;
	}
	return false;
}

void
mdsafe_release(struct mdsafe *m)
{
	str_release(&m->text);
	vec_free(&m->found);
}
