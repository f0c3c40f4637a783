#include "base/redactform.h"

#include <stdint.h>
#include <string.h>

#include "base/b64.h"
#include "base/mem.h"
#include "base/str.h"

enum {
	LINE_MIN_BYTES = 16, /* a shorter line of a value is a word like any other */
	LINES_MAX = 256,
	REST_AFTER = 4, /* letters of base64 */
};

struct forms {
	const char *value;
	size_t len, min;
	redactform_fn *fn;
	void *ctx;
};

static void
say(const struct forms *f, struct str *form, bool wraps)
{
	if (form->len >= f->min)
		f->fn(f->ctx, form->buf, form->len, wraps);
	if (form->cap > 0)
		mem_wipe(form->buf, form->cap);
	str_release(form);
}

/* A spelling byte by byte: false when the byte stands for itself. */
typedef bool spell_fn(unsigned char c, struct str *out);

static void
spelled(const struct forms *f, spell_fn *spell)
{
	struct str form = STR_INIT;

	str_reserve(&form, f->len * 6 + 1); /* no copy is left behind by growing */
	for (size_t i = 0; i < f->len; i++)
		if (!spell((unsigned char)f->value[i], &form))
			str_addc(&form, f->value[i]);
	say(f, &form, false);
}

static bool
is_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
among(unsigned char c, const char *list)
{
	return c && strchr(list, c);
}

/* ---- URLs ---- */

static bool
url_strict(unsigned char c, struct str *out)
{
	if (is_word(c) || among(c, "-._~"))
		return false;
	str_addf(out, "%%%02X", c);
	return true;
}

static bool
url_small(unsigned char c, struct str *out)
{
	if (is_word(c) || among(c, "-._~"))
		return false;
	str_addf(out, "%%%02x", c);
	return true;
}

/* What JavaScript's encodeURIComponent and Python's quote leave. */
static bool
url_component(unsigned char c, struct str *out)
{
	return !among(c, "!*'()") && url_strict(c, out);
}

static bool
url_path(unsigned char c, struct str *out)
{
	return c != '/' && url_strict(c, out);
}

static bool
url_form(unsigned char c, struct str *out)
{
	if (c != ' ')
		return c != '*' && url_strict(c, out);
	str_addc(out, '+');
	return true;
}

/* ---- JSON ---- */

static bool
json_short(unsigned char c, struct str *out)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = c ? strchr(from, c) : NULL;

	if (!at)
		return false;
	str_addf(out, "\\%c", to[at - from]);
	return true;
}

static bool
json_plain(unsigned char c, struct str *out)
{
	if (json_short(c, out))
		return true;
	if (c >= 0x20)
		return false;
	str_addf(out, "\\u%04x", c);
	return true;
}

static bool
json_slashes(unsigned char c, struct str *out)
{
	if (c != '/')
		return json_plain(c, out);
	str_adds(out, "\\/");
	return true;
}

/* As Go writes it. */
static bool
json_html(unsigned char c, struct str *out)
{
	if (!among(c, "<>&"))
		return json_plain(c, out);
	str_addf(out, "\\u%04x", c);
	return true;
}

static bool
json_gson(unsigned char c, struct str *out)
{
	if (!among(c, "<>&='"))
		return json_plain(c, out);
	str_addf(out, "\\u%04x", c);
	return true;
}

static bool
json_dotnet(unsigned char c, struct str *out)
{
	if (!among(c, "\"<>&'+`"))
		return json_plain(c, out);
	str_addf(out, "\\u%04X", c);
	return true;
}

/* One character of UTF-8 at p; 0: no such. *used bytes. */
static uint32_t
utf8_at(const unsigned char *p, size_t left, size_t *used)
{
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 0;
	uint32_t c = n == 4 ? p[0] & 7 : n == 3 ? p[0] & 15 : p[0] & 31;

	if (!n || n > left)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	*used = n;
	return c;
}

static void
add_unit(struct str *out, uint32_t unit, bool large)
{
	if (large)
		str_addf(out, "\\u%04X", unit);
	else
		str_addf(out, "\\u%04x", unit);
}

static void
add_utf16(struct str *out, uint32_t c, bool large)
{
	if (c >= 0x10000) {
		c -= 0x10000;
		add_unit(out, 0xd800 + (c >> 10), large);
		c = 0xdc00 + (c & 0x3ff);
	}
	add_unit(out, c, large);
}

/* All but ASCII as \uXXXX. */
static void
json_ascii(const struct forms *f, spell_fn *plain, bool large)
{
	struct str form = STR_INIT;
	bool any = false;

	str_reserve(&form, f->len * 6 + 1);
	for (size_t i = 0; i < f->len;) {
		const unsigned char *p = (const unsigned char *)f->value + i;
		size_t used = 1;
		uint32_t c = *p >= 0x80 ? utf8_at(p, f->len - i, &used) : 0;

		if (c)
			add_utf16(&form, c, large);
		else if (!plain(*p, &form))
			str_addc(&form, (char)*p);
		any = any || c;
		i += used;
	}
	if (!any)
		str_cut(&form, 0);
	say(f, &form, false);
}

/* ---- shells, SQL, HTML ---- */

static bool
shell_single(unsigned char c, struct str *out)
{
	if (c == '\'')
		str_adds(out, "'\\''");
	return c == '\'';
}

/* As Python's shlex quotes it. */
static bool
shell_python(unsigned char c, struct str *out)
{
	if (c == '\'')
		str_adds(out, "'\"'\"'");
	return c == '\'';
}

static bool
shell_double(unsigned char c, struct str *out)
{
	if (among(c, "\"$`\\"))
		str_addf(out, "\\%c", c);
	return among(c, "\"$`\\");
}

/* As printf %q of bash and zsh. */
static bool
shell_backslash(unsigned char c, struct str *out)
{
	bool plain = is_word(c) || c >= 0x80 || c < 0x20 || among(c, "%+-./:=@_");

	if (!plain)
		str_addf(out, "\\%c", c);
	return !plain;
}

/* Within $'...'. */
static bool
shell_dollar(unsigned char c, struct str *out)
{
	if (c == '\'')
		str_adds(out, "\\'");
	else if (c == '"' || !json_short(c, out))
		return false;
	return true;
}

static bool
sql_text(unsigned char c, struct str *out)
{
	if (c == '\'')
		str_adds(out, "''");
	return c == '\'';
}

/* Of a program that writes " and ' so; it leaves ' where that is NULL. */
static bool
entity(unsigned char c, struct str *out, const char *quote, const char *apostrophe)
{
	const char *text = c == '&' ? "&amp;"
		: c == '<'          ? "&lt;"
		: c == '>'          ? "&gt;"
		: c == '"'          ? quote
		: c == '\''         ? apostrophe
				    : NULL;

	if (text)
		str_adds(out, text);
	return text != NULL;
}

static bool
html_php(unsigned char c, struct str *out)
{
	return entity(c, out, "&quot;", "&#039;");
}

static bool
html_python(unsigned char c, struct str *out)
{
	return entity(c, out, "&quot;", "&#x27;");
}

static bool
html_go(unsigned char c, struct str *out)
{
	return entity(c, out, "&#34;", "&#39;");
}

static bool
html_ruby(unsigned char c, struct str *out)
{
	return entity(c, out, "&quot;", "&#39;");
}

static bool
html_bare(unsigned char c, struct str *out)
{
	return entity(c, out, "&quot;", NULL);
}

static bool
xml_text(unsigned char c, struct str *out)
{
	return entity(c, out, "&quot;", "&apos;");
}

/* ---- hex and base64 ---- */

static bool
hex_small(unsigned char c, struct str *out)
{
	str_addf(out, "%02x", c);
	return true;
}

static bool
hex_large(unsigned char c, struct str *out)
{
	str_addf(out, "%02X", c);
	return true;
}

/*
 * The characters that the value alone decides, when 0, 1 or 2 bytes of something else stand
 * before it in a group of three. A character on either border also holds bits of its
 * neighbour and cannot be known.
 */
static void
base64_phase(const struct forms *f, size_t before, bool url)
{
	struct str bytes = STR_INIT, form = STR_INIT, rest = STR_INIT;
	size_t first = before ? before + 1 : 0, known = (before + f->len) * 8 / 6;

	str_reserve(&bytes, before + f->len + 1);
	str_reserve(&form, (before + f->len) * 2 + 8);
	str_add(&bytes, "\0\0", before);
	str_add(&bytes, f->value, f->len);
	b64_encode(&form, bytes.buf, bytes.len);
	mem_wipe(bytes.buf, bytes.cap);
	str_release(&bytes);
	str_cut(&form, known);
	str_drop(&form, first < form.len ? first : form.len);
	for (size_t i = 0; url && i < form.len; i++)
		form.buf[i] = form.buf[i] == '+' ? '-'
			: form.buf[i] == '/'     ? '_'
						 : form.buf[i];
	/* broken into lines within its first letters, the rest of it is found */
	str_add(&rest, form.buf, form.len);
	str_drop(&rest, form.len > 2 * REST_AFTER ? REST_AFTER : form.len);
	say(f, &form, true);
	say(f, &rest, true);
}

/* ---- all ---- */

static spell_fn *const spellings[] = {
	url_strict,
	url_small,
	url_component,
	url_path,
	url_form,
	json_plain,
	json_slashes,
	json_html,
	json_gson,
	json_dotnet,
	shell_single,
	shell_python,
	shell_double,
	shell_backslash,
	shell_dollar,
	sql_text,
	html_php,
	html_python,
	html_go,
	html_ruby,
	html_bare,
	xml_text,
	hex_small,
	hex_large,
};

static void
lines(const struct forms *f)
{
	const char *p = f->value, *end = f->value + f->len, *stop;

	for (int n = 0; p < end && n < LINES_MAX; n++, p = stop + 1) {
		struct str form = STR_INIT;

		stop = memchr(p, '\n', (size_t)(end - p));
		if (!stop)
			stop = end;
		if (stop - p < LINE_MIN_BYTES || strncmp(p, "-----", 5) == 0)
			continue; /* what begins and ends a key is known to all */
		str_add(&form, p, (size_t)(stop - p));
		say(f, &form, false);
	}
}

void
redactform_each(const char *value, size_t len, size_t min, redactform_fn *fn, void *ctx)
{
	struct forms f = {.value = value, .len = len, .min = min, .fn = fn, .ctx = ctx};

	fn(ctx, value, len, false);
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
		spelled(&f, spellings[i]);
	json_ascii(&f, json_plain, false);
	json_ascii(&f, json_plain, true);
	json_ascii(&f, json_slashes, false);
	json_ascii(&f, json_dotnet, true);
	for (size_t before = 0; before < 3; before++) {
		base64_phase(&f, before, false);
		base64_phase(&f, before, true);
	}
	if (memchr(value, '\n', len))
		lines(&f);
}
