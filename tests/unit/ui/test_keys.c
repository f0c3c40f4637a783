#include "ui/keys.h"

#include "unit.h"

#include <string.h>

/* What came, as one text: names in order, pastes in braces. */
static void
note(void *ctx, const struct keys_event *ev)
{
	struct str *out = ctx;

	if (out->len)
		str_addc(out, ' ');
	if (ev->key) {
		str_adds(out, ev->key);
	} else {
		str_addc(out, '{');
		str_add(out, ev->paste, ev->paste_len);
		str_addc(out, '}');
	}
}

static void
assert_keys(const char *bytes, size_t len, const char *want)
{
	/* in one piece, then byte by byte: the same keys */
	for (int whole = 0; whole < 2; whole++) {
		struct str got = STR_INIT;
		struct keys k;

		keys_init(&k);
		for (size_t i = 0; i < (whole ? 1 : len); i++)
			keys_feed(&k, bytes + i, whole ? len : 1, note, &got);
		keys_timeout(&k, note, &got);
		assert_string_equal(got.buf, want);
		keys_release(&k);
		str_release(&got);
	}
}

#define KEYS(bytes, want) assert_keys(bytes, sizeof(bytes) - 1, want)

static void
letters_are_themselves(void **state)
{
	(void)state;
	KEYS("aZ?", "a Z ?");
	KEYS("\xc3\xa4\xe2\x82\xac", "\xc3\xa4 \xe2\x82\xac");
	KEYS(" ", "Space");
}

static void
control_keys_have_names(void **state)
{
	(void)state;
	KEYS("\r\t\x7f\b", "Enter Tab BS BS");
	KEYS("\x01\x03\x04\x0c\x1a\n", "C-a C-c C-d C-l C-z C-j");
	assert_keys("\0", 1, "C-Space");
}

static void
sequences_of_the_usual_terminals(void **state)
{
	(void)state;
	KEYS("\033[A\033OB\033[C\033OD", "Up Down Right Left");
	KEYS("\033[H\033OH\033[1~\033[7~\033[F\033[4~", "Home Home Home Home End End");
	KEYS("\033[5~\033[6~\033[3~\033[2~\033[Z", "PageUp PageDown Del Ins S-Tab");
	KEYS("\033OP\033[11~\033[[A\033[15~\033[21~\033[24~", "F1 F1 F1 F5 F10 F12");
	KEYS("\033[1;5A\033[3;2~\033[1;3C", "C-Up S-Del M-Right");
}

/* A terminal that another program left with the mouse on: no click is a key, least of all
 * the keypad's Enter, whose last letter it shares. */
static void
a_mouse_report_is_no_key(void **state)
{
	(void)state;
	KEYS("\033[M !!a", "a");
	KEYS("\033[M\r\r\ra", "a");
	KEYS("\033[M \377\377a", "a");
	KEYS("\033[<0;10;20Ma\033[<0;10;20mb", "a b");
	KEYS("\033[32;10;20Ma", "a");
	KEYS("\033OM", "Enter");
}

/* Or what was pasted after half a sequence would be typed. */
static void
an_escape_ends_a_sequence_that_is_not_finished(void **state)
{
	(void)state;
	KEYS("\033[\033[200~do it\r\033[201~", "{do it\r}");
	KEYS("\033O\033[200~\r\033[201~a", "{\r} a");
	KEYS("\033[1;5\033[A", "Up");
}

static void
a_lone_escape_is_a_key_after_its_time(void **state)
{
	struct str got = STR_INIT;
	struct keys k;

	(void)state;
	keys_init(&k);
	keys_feed(&k, "\033", 1, note, &got);
	assert_true(keys_waiting(&k));
	assert_string_equal(got.buf, "");
	keys_timeout(&k, note, &got);
	assert_string_equal(got.buf, "Esc");
	assert_false(keys_waiting(&k));
	keys_release(&k);
	str_release(&got);
	KEYS("\033\033", "Esc Esc");
	KEYS("\033x\033[A", "M-x Up");
}

static void
a_paste_is_one_piece(void **state)
{
	(void)state;
	KEYS("a\033[200~qD\n\033[31mx\033[201~b", "a {qD\n\033[31mx} b");
}

static void
an_endless_paste_takes_no_more_memory(void **state)
{
	struct str got = STR_INIT;
	struct keys k;

	(void)state;
	keys_init(&k);
	keys_feed(&k, "\033[200~", 6, note, &got);
	for (int i = 0; i < 2 * KEYS_PASTE_MAX; i++)
		keys_feed(&k, "x", 1, note, &got);
	assert_true(k.paste.len < KEYS_PASTE_MAX + 64);
	keys_release(&k);
	str_release(&got);
}

static void
what_nobody_knows_is_dropped(void **state)
{
	(void)state;
	KEYS("\033[?62;c\033[99~\033[I\033[Oa", "a");
	KEYS("\xff\xc3(a", "( a");
	KEYS("\x80\xbf"
	     "b",
		"b");
}

struct opener {
	struct keys k;
	struct str got;
};

/* Enter opens a dialog, so what was typed before it stood there is thrown away. */
static void
forget_at_enter(void *ctx, const struct keys_event *ev)
{
	struct opener *o = ctx;

	if (o->got.len)
		str_addc(&o->got, ' ');
	str_adds(&o->got, ev->key);
	if (strcmp(ev->key, "Enter") == 0)
		keys_forget(&o->k);
}

static void
typeahead_of_the_same_piece_is_forgotten(void **state)
{
	static const char ahead[] = "a\rrestore\r\033[A\xc3";
	struct opener o = {.got = STR_INIT};

	(void)state;
	keys_init(&o.k);
	keys_feed(&o.k, ahead, sizeof ahead - 1, forget_at_enter, &o);
	assert_string_equal(o.got.buf, "a Enter");
	keys_feed(&o.k, "b", 1, forget_at_enter, &o);
	assert_string_equal(o.got.buf, "a Enter b");
	keys_release(&o.k);
	str_release(&o.got);
}

static void
every_truncation_is_survived(void **state)
{
	static const char bytes[] = "\033[1;5A\033[200~x\033[201~\xe2\x82\xac\033OP";

	(void)state;
	for (size_t n = 0; n < sizeof bytes; n++) {
		struct str got = STR_INIT;
		struct keys k;

		keys_init(&k);
		keys_feed(&k, bytes, n, note, &got);
		keys_timeout(&k, note, &got);
		keys_feed(&k, "q", 1, note, &got);
		keys_release(&k);
		str_release(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_themselves),
		cmocka_unit_test(control_keys_have_names),
		cmocka_unit_test(sequences_of_the_usual_terminals),
		cmocka_unit_test(a_mouse_report_is_no_key),
		cmocka_unit_test(an_escape_ends_a_sequence_that_is_not_finished),
		cmocka_unit_test(a_lone_escape_is_a_key_after_its_time),
		cmocka_unit_test(a_paste_is_one_piece),
		cmocka_unit_test(an_endless_paste_takes_no_more_memory),
		cmocka_unit_test(what_nobody_knows_is_dropped),
		cmocka_unit_test(typeahead_of_the_same_piece_is_forgotten),
		cmocka_unit_test(every_truncation_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
