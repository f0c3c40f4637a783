#include "fuzz/parsers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/armour.h"
#include "audit/stated.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/wire.h"
#include "base/zone.h"
#include "event/line.h"
#include "journal/verify.h"
#include "load/import.h"
#include "load/load.h"
#include "load/promote.h"
#include "remote/hr1.h"
#include "remote/knownhost.h"
#include "remote/sshconf.h"
#include "ui/keys.h"
#include "view/keybind.h"
#include "view/ring.h"

/* ---- texts of people ------------------------------------------------------------------------ */

/* The complaint a person would read first. */
static void
first_complaint(struct diags *d, const char *otherwise, struct str *out)
{
	const struct diag *worst = NULL;

	diags_sort(d);
	for (size_t i = 0; i < d->list.len; i++)
		if (!worst || d->list.at[i].level > worst->level)
			worst = &d->list.at[i];
	if (worst && worst->level == DIAG_ERROR)
		str_addf(out, "%s %d:%d", worst->id, worst->line, worst->col);
	else
		str_adds(out, otherwise);
	diags_release(d);
}

static void
read_yaml(const char *p, size_t len, struct str *out)
{
	struct diags d = {0};
	struct runbook *rb = load_runbook_text("corpus.yaml", p, len, NULL, &d);
	char ok[40];

	if (!rb && !d.errors)
		abort(); /* refused without a word */
	snprintf(ok, sizeof ok, "ok %zu", rb ? rb->steps.list.len : 0);
	runbook_unref(rb);
	first_complaint(&d, ok, out);
}

static void
read_expect(const char *p, size_t len, struct str *out)
{
	struct str text = STR_INIT;

	str_adds(&text,
		"handrail: 1\ntitle: x\nkind: smoke\nowner: x\nsteps:\n- run: x\n"
		"  risk: none\n  expect:\n    ");
	for (size_t i = 0; i < len; i++) {
		str_addc(&text, p[i]);
		if (p[i] == '\n')
			str_adds(&text, "    ");
	}
	str_addc(&text, '\n');
	read_yaml(text.buf, text.len, out);
	str_release(&text);
}

/* What an importer or a promotion writes is a runbook without an error. */
static void
must_load(const struct str *yaml)
{
	struct diags d = {0};
	struct runbook *rb = load_runbook_text(
		"corpus.yaml", yaml->buf, yaml->len, NULL, &d);

	if (!rb || d.errors)
		abort();
	runbook_unref(rb);
	diags_release(&d);
}

/* Every line has its word, the sums agree, and so does what is promoted of it. */
static void
read_page(const char *p, size_t len, struct str *out)
{
	struct import im;
	struct err e = ERR_INIT;
	struct promote armed;
	struct diags d = {0};

	if (!import_page("corpus.md", p, len, &im, &e)) {
		str_addf(out, "refused: %s", e.msg);
		import_release(&im);
		return;
	}
	if ((size_t)(im.kept + im.guessed + im.lost) != im.lines.len)
		abort();
	for (size_t i = 0; i < im.lines.len; i++)
		if (im.lines.at[i].what && !strcmp(im.lines.at[i].what, "not understood"))
			abort();
	must_load(&im.yaml);
	if (!promote_text("corpus.yaml", im.yaml.buf, im.yaml.len, &armed, &d))
		abort();
	must_load(&armed.yaml);
	str_addf(out, "%d steps %d kept %d guessed %d lost %d promoted", im.steps,
		(int)im.kept, (int)im.guessed, (int)im.lost, (int)armed.promoted);
	promote_release(&armed);
	diags_release(&d);
	import_release(&im);
}

/* A file of its own, for what is read by name. */
static char *
put_aside(const char *name, const char *p, size_t len)
{
	const char *tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	char *dir = mem_printf("%s/corpus.XXXXXX", tmp), *path;
	FILE *f;

	if (!mkdtemp(dir))
		abort();
	path = file_join(dir, name);
	mem_free(dir);
	f = fopen(path, "w");
	if (!f || fwrite(p, 1, len, f) != len || fclose(f) != 0)
		abort();
	return path;
}

static void
take_away(char *path)
{
	char *dir = file_dir(path);
	struct err e = ERR_INIT;

	if (!file_remove_tree(dir, &e))
		abort();
	mem_free(dir);
	mem_free(path);
}

static void
read_answers(const char *p, size_t len, struct str *out)
{
	static const char book[] =
		"handrail: 1\ntitle: X\nkind: smoke\nowner: x\n"
		"inputs: {tag: {ask: Which?}, pw: {secret: true, from: ask}}\nsteps:\n"
		"- {id: tell, do: Tell, evidence: link}\n"
		"- {id: way, choose: Which?, options: [{label: left}, {label: right}]}\n"
		"- {id: act, run: 'true', risk: none, expect: {exit: 0}}\n"
		"- {signoff: Lead, says: ok}\n";
	struct diags d = {0};
	struct runbook *rb = load_runbook_text(
		"corpus.yaml", book, sizeof book - 1, NULL, &d);
	char *path = put_aside("answers.yaml", p, len);
	struct answers *a;

	diags_release(&d);
	a = load_answers(path, rb, &d);
	if (!a && !d.errors)
		abort();
	answers_free(a);
	runbook_unref(rb);
	first_complaint(&d, "ok", out);
	take_away(path);
}

static void
read_project(const char *p, size_t len, struct str *out)
{
	char *path = put_aside("handrail.yaml", p, len);
	struct diags d = {0};
	struct project *pr = load_project(path, &d);

	if (!pr && !d.errors)
		abort();
	project_free(pr);
	first_complaint(&d, "ok", out);
	take_away(path);
}

static void
read_bindings(const char *p, size_t len, struct str *out)
{
	char *path = put_aside("keys.yaml", p, len);
	struct diags d = {0};
	struct bindings *b = load_keys(path, &d);
	struct keymap m;

	if (!b && !d.errors)
		abort();
	if (b) {
		if (!keybind_apply(b, &m, &d) && !d.errors)
			abort();
		keymap_release(&m);
	}
	bindings_free(b);
	first_complaint(&d, "ok", out);
	take_away(path);
}

static void
read_theme(const char *p, size_t len, struct str *out)
{
	char path[] = "corpus.yaml";
	struct str text = STR_INIT;
	struct source src = {.path = path, .len = len};
	struct diags d = {0};
	struct theme *t;

	str_add(&text, p, len);
	src.text = text.buf;
	t = load_theme_text(&src, NULL, &d);

	if (!t && !d.errors)
		abort();
	if (t && !d.errors)
		theme_check(t, &d);
	theme_free(t);
	str_release(&text);
	first_complaint(&d, "ok", out);
}

/* ---- the record ------------------------------------------------------------------------------- */

static void
scan_lines(const char *p, size_t len)
{
	const char *end = p + len;

	for (const char *lf; p < end; p = lf + 1) {
		struct line l;
		struct err e = ERR_INIT;

		lf = memchr(p, '\n', (size_t)(end - p));
		if (!lf)
			lf = end;
		if (line_scan(p, (size_t)(lf - p), &l, &e))
			event_free(line_event(&l));
		else if (e.kind == ERR_NONE)
			abort();
	}
}

static void
read_journal(const char *p, size_t len, struct str *out)
{
	char *path = put_aside("journal.jsonl", p, len);
	struct verify_report v;
	struct err e = ERR_INIT;

	scan_lines(p, len);
	if (!verify_record(path, &(struct verify_opts){0}, &v, &e)) {
		str_addf(out, "unreadable: %s", e.msg);
	} else {
		if (v.ok)
			str_addf(out, "ok %lld", (long long)v.records);
		else
			str_addf(out, "bad %lld%s", (long long)v.fault_line,
				v.torn ? " torn" : "");
		verify_release(&v);
	}
	take_away(path);
}

/* ---- bytes that are shown ------------------------------------------------------------------------ */

static void
must_be_harmless(const struct str *s)
{
	uint32_t cp;

	for (size_t at = 0; at < s->len;) {
		size_t n = text_decode(s->buf + at, s->len - at, &cp);

		if ((cp != '\n' && text_forbidden(cp)) || cp == '\t' || cp == 0x1b)
			abort();
		at += n;
	}
	if (!text_valid_utf8(s->buf, s->len))
		abort();
}

/* Also in pieces, as bytes come: the pane must show nothing that is not harmless. */
static void
feed_ring(const char *p, size_t len)
{
	struct ring r = {0};
	struct ring_key key = {0, 0, WAY_FORWARD};
	struct str part = STR_INIT;

	for (size_t at = 0, n = 1; at < len; at += n, n = n * 3 % 257 + 1) {
		if (n > len - at)
			n = len - at;
		ring_feed(&r, key, p + at, n, (struct wall){1});
	}
	if (ring_find(&r, key)) {
		const struct ring_leg *l = ring_find(&r, key);

		for (size_t i = 0; i < l->count; i++) {
			struct str line = STR_INIT;

			str_adds(&line, ring_line(l, i)->text);
			must_be_harmless(&line);
			str_release(&line);
		}
		if (ring_partial(l, &part))
			must_be_harmless(&part);
	}
	str_release(&part);
	ring_release(&r);
}

static void
read_logbytes(const char *p, size_t len, struct str *out)
{
	struct str line = STR_INIT, kept = STR_INIT;

	text_harmless(&line, p, len, TEXT_ONE_LINE);
	must_be_harmless(&line);
	text_harmless(&kept, p, len, TEXT_KEEP_LF);
	must_be_harmless(&kept);
	feed_ring(p, len);
	str_adds(out, "shows ");
	str_add(out, line.buf, text_fit(line.buf, 60));
	str_release(&line);
	str_release(&kept);
}

static void
got_key(void *ctx, const struct keys_event *ev)
{
	struct str *out = ctx;
	struct str safe = STR_INIT;

	if (out->len)
		str_addc(out, ' ');
	if (ev->key) {
		str_adds(out, ev->key);
	} else {
		text_harmless(&safe, ev->paste, ev->paste_len, TEXT_ONE_LINE);
		str_addf(out, "paste[%.*s]", (int)text_fit(safe.buf, 40), safe.buf);
	}
	str_release(&safe);
}

static void
read_keys(const char *p, size_t len, struct str *out)
{
	struct str whole = STR_INIT, pieces = STR_INIT;
	struct keys k;

	keys_init(&k);
	keys_feed(&k, p, len, got_key, &whole);
	keys_timeout(&k, got_key, &whole);
	keys_release(&k);
	/* However the bytes come, they are the same keys. */
	keys_init(&k);
	for (size_t i = 0; i < len; i++)
		keys_feed(&k, p + i, 1, got_key, &pieces);
	keys_timeout(&k, got_key, &pieces);
	keys_release(&k);
	if (strcmp(whole.buf, pieces.buf) != 0)
		abort();
	text_harmless(out, whole.buf, whole.len < 160 ? whole.len : 160, TEXT_ONE_LINE);
	str_release(&whole);
	str_release(&pieces);
}

/* ---- what comes over a connection ------------------------------------------------------------------ */

static void
read_wire(const char *p, size_t len, struct str *out)
{
	struct wire_reader r;
	struct wire_frame f;
	struct err e = ERR_INIT;
	int got, frames = 0;

	wire_reader_init(&r);
	wire_feed(&r, p, len);
	while ((got = wire_next(&r, &f, &e)) == 1) {
		struct wire_cursor c = {f.payload, f.len, false};

		str_addf(out, "%s%s/%u:%zu", frames++ ? " " : "", wire_name(f.type),
			(unsigned)f.channel, f.len);
		wire_get_u32(&c);
		mem_free(wire_get_text(&c));
		wire_get_bytes(&c, &(size_t){0});
	}
	if (got < 0)
		str_addf(out, "%sbroken", frames ? " " : "");
	else if (!frames)
		str_adds(out, "nothing yet");
	wire_reader_release(&r);
}

static void
read_talk(const char *p, size_t len, struct str *out)
{
	parser_talk(p, len, out);
}

static void
read_hr1(const char *p, size_t len, struct str *out)
{
	struct hr1_request q;
	struct hr1_reply r;
	struct hr1_trailer t;
	const char *data;
	size_t n, bytes = 0;

	hr1_init(&q);
	memset(q.token, 'a', HR1_TOKEN_LEN);
	hr1_reply_init(&r, &q);
	for (size_t at = 0, piece = 1; at < len;
		at += piece, piece = piece * 5 % 97 + 1) {
		if (piece > len - at)
			piece = len - at;
		hr1_reply_feed(&r, p + at, piece, &data, &n);
		bytes += n;
	}
	if (r.seen)
		str_addf(out, "%s [%s] size=%lld pid=%lld data=%zu", r.state, r.arg,
			(long long)r.size, (long long)r.pid, bytes);
	else if (hr1_trailer_find(q.token, p, len, &t))
		str_addf(out, "trailer body=%zu exit=%d", t.body, t.exited ? t.exit : -1);
	else
		str_adds(out, "nothing");
	hr1_reply_release(&r);
	hr1_release(&q);
}

static void
read_ssh(const char *p, size_t len, struct str *out)
{
	struct sshconf c;
	struct err e = ERR_INIT;
	char *address;

	if (sshconf_parse(&c, "alias", p, len, &e)) {
		address = sshconf_address(&c);
		text_harmless(out, address, strlen(address), TEXT_ONE_LINE);
		str_addf(out, " keys=%zu known=%zu jump=%d", c.identityfiles.list.len,
			c.known_files.list.len, c.proxyjump || c.proxycommand);
		mem_free(address);
		sshconf_release(&c);
	} else {
		str_addf(out, "refused: %s", e.msg);
	}
}

static void
read_known_hosts(const char *p, size_t len, struct str *out)
{
	struct knownhosts k = {.name = mem_strdup("host")};
	int revoked = 0, ca = 0;
	struct str types = STR_INIT;

	knownhost_parse(&k, "known_hosts", p, len);
	for (size_t i = 0; i < k.list.len; i++) {
		const struct knownhost *h = &k.list.at[i];

		revoked += h->marker == KNOWNHOST_REVOKED;
		ca += h->marker == KNOWNHOST_CA;
		/* what was revoked is revoked, whatever else is said of it */
		if (h->marker == KNOWNHOST_REVOKED &&
			knownhost_check(&k, h->blob.buf, h->blob.len) !=
				KNOWNHOST_IS_REVOKED)
			abort();
	}
	knownhost_types(&k, &types);
	str_addf(out, "%zu keys, %d revoked, %d authorities, types %s", k.list.len,
		revoked, ca, types.len ? types.buf : "none");
	str_release(&types);
	knownhost_release(&k);
}

/* ---- sign-offs ---------------------------------------------------------------------------------------- */

static char *
as_text(const char *p, size_t len)
{
	return mem_strndup(p, strnlen(p, len));
}

static void
read_armour(const char *p, size_t len, struct str *out)
{
	char *text = as_text(p, len), *fp = armour_fingerprint(text);

	str_adds(out, fp ? fp : "no signature");
	mem_free(fp);
	mem_free(text);
}

static void
read_statement(const char *p, size_t len, struct str *out)
{
	char *text = as_text(p, len);
	struct stated s;
	struct err e = ERR_INIT;

	if (stated_parse(text, &s, &e))
		str_addf(out, "ok %s seq %lld", s.decision, (long long)s.seq);
	else
		text_harmless(out, e.msg, strlen(e.msg), TEXT_ONE_LINE);
	stated_release(&s);
	mem_free(text);
}

/* ---- the table ------------------------------------------------------------------------------------------ */

/* Where its clocks stand on three days, and that what they show leads back. */
static void
read_zone(const char *p, size_t len, struct str *out)
{
	static const int64_t days[] = {18279, 29234, 29415};
	struct err e = ERR_INIT;
	struct zone *z = zone_parse("Corpus", p, len, &e);

	if (!z) {
		str_adds(out, "refused");
		return;
	}
	str_addf(out, "%zu changes", z->changes.list.len);
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		struct wall t = {days[i] * 86400000};
		struct zone_local l = zone_local(z, t);

		str_addf(out, " %s%+d", zone_at(z, t)->abbr, (int)zone_at(z, t)->s);
		if (l.s >= 86400 || !civil_valid(l.date))
			abort();
		zone_wall(z, l, i % 2);
	}
	zone_free(z);
}

const struct parser parsers_table[] = {
#define X(name, what) {#name, what, read_##name},
	PARSERS(X)
#undef X
};
const size_t parsers_count = sizeof parsers_table / sizeof *parsers_table;

int
parsers_try(const char *name, const uint8_t *p, size_t len)
{
	struct str out = STR_INIT;

	for (size_t i = 0; i < parsers_count; i++)
		if (strcmp(parsers_table[i].name, name) == 0)
			parsers_table[i].verdict((const char *)p, len, &out);
	str_release(&out);
	return 0;
}
