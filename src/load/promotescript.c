#include "load/promotescript.h"

#include <string.h>

#include "base/text.h"
#include "load/draftexpect.h"
#include "load/importlabel.h"
#include "model/shellwords.h"
#include "model/wordlist.h"

/* ---- lines ----------------------------------------------------------------------------- */

/* $${NAME} of a text is ${NAME} of a shell. */
static void
add_shell(struct str *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '$' && i + 2 < len && s[i + 1] == '$' && s[i + 2] == '{')
			continue;
		str_addc(out, s[i]);
	}
}

static void
read_expected(struct promotescript *p, const char *s, size_t len)
{
	struct draftexpect x = {0};
	struct str flow = STR_INIT;
	size_t kept = 0;

	draftexpect_read(s, len, &x);
	/* What a command answers is its output: a status is for probes. */
	for (size_t i = 0; i < x.fields.len; i++) {
		struct draftexpect_field *f = &x.fields.at[i];

		if (f->field == EXPECT_JSON) {
			x.fields.at[kept++] = *f;
			continue;
		}
		mem_free(f->key);
		mem_free(f->value);
	}
	x.fields.len = kept;
	if (kept && !p->expect.len) {
		draftexpect_write(&x, &flow);
		str_addf(&p->expect, "{exit: 0, %s", flow.buf + 1);
	}
	str_release(&flow);
	draftexpect_release(&x);
}

static void
add_line(struct promotescript *p, const char *s, size_t len, bool *goes_on)
{
	struct str *out = &p->script;

	if (out->len)
		str_addc(out, '\n');
	if (len >= 2 && s[0] == '$' && s[1] == ' ') {
		add_shell(out, s + 2, len - 2);
		p->commands++;
		p->moves += str_starts(s, "$ cd ") && !memmem(s, len, "&&", 2);
		*goes_on = true;
	} else if (*goes_on && len && s[0] == '>' && (len == 1 || s[1] == ' ')) {
		add_shell(out, s + 2, len > 2 ? len - 2 : 0);
	} else {
		*goes_on = false;
		if (len && s[0] != '#')
			str_adds(out, "# ");
		str_add(out, s, len);
		if (importlabel_head(s, "expected"))
			read_expected(p, s, len);
	}
}

/* ---- what it does ---------------------------------------------------------------------- */

/* Commands that only look, whatever their options; behind a name with | its subcommands. */
static const struct {
	const char *names, *subcommands;
} readers[] = {
	{"ls|cat|head|tail|grep|wc|df|du|free|uptime|ps|date|id|whoami|hostname|uname|pwd|"
	 "dig|nslookup|host|ss|netstat|true|test|echo|jq|sort|uniq|cut|stat|file|which|type",
		NULL},
	{"docker|podman", "ps|logs|inspect|images|stats|version|info|port|top"},
	{"docker-compose", "ps|logs|config|images|port|top|version"},
	{"kubectl|oc", "get|describe|logs|top|version|explain"},
	{"git", "status|log|diff|show|rev-parse|describe|ls-files"},
	{"systemctl", "status|is-active|is-enabled|is-failed|show|list-units"},
	{"journalctl", NULL},
};

static const char *
subcommand(const struct shell_cmd *c, size_t from)
{
	for (size_t i = from; i < c->words.len; i++)
		if (c->words.at[i].text[0] != '-')
			return c->words.at[i].text;
	return "";
}

static bool
fetches_only(const struct shell_cmd *c)
{
	for (size_t i = 1; i < c->words.len; i++) {
		const char *w = c->words.at[i].text;

		if (w[0] == '-' && w[1] == '-'
				? !among(w,
					  "--fail|--silent|--show-error|--head|--location")
				: w[0] == '-' && w[strspn(w, "-fsSILv")] != '\0')
			return false;
	}
	return true;
}

static bool
only_reads(const struct shell_cmd *c)
{
	const char *name = c->words.len ? c->words.at[0].text : "";

	if (c->written.len)
		return false;
	if (str_eq(name, "curl"))
		return fetches_only(c);
	if (among(name, "docker|podman") && str_eq(subcommand(c, 1), "compose"))
		return c->words.len > 2 && str_eq(c->words.at[1].text, "compose") &&
			among(c->words.at[2].text, "ps|logs|config|images|port|top");
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
		if (among(name, readers[i].names))
			return !readers[i].subcommands ||
				(c->words.len > 1 &&
					among(c->words.at[1].text,
						readers[i].subcommands));
	return false;
}

static bool
script_reads(const char *script)
{
	struct shell_words words;
	bool reads;

	shellwords_scan(script, strlen(script), &words);
	reads = words.cmds.len > 0;
	for (size_t i = 0; i < words.cmds.len && reads; i++)
		reads = only_reads(&words.cmds.at[i]);
	shellwords_release(&words);
	return reads;
}

static void
judge(struct promotescript *p, const struct danger_tables *tables)
{
	struct danger_opts o = {.place = DANGER_IN_RUN, .tables = tables};
	struct danger_hits hits = {0};

	danger_scan(p->script.buf, &o, &hits);
	for (size_t i = 0; i < hits.list.len; i++) {
		const struct danger_rule *r = hits.list.at[i].rule;

		if (r->risk > p->risk)
			p->risk = r->risk;
		if (str_eq(r->id, "E-SH-201") && p->commands - p->moves == 1)
			p->endless = true;
		else if (r->level == DIAG_ERROR && !p->refused)
			p->refused = mem_printf("%s [%s]%s%s", r->msg, r->id,
				r->help ? ": " : "", r->help ? r->help : "");
	}
	danger_release(&hits);
	if (p->risk == RISK_NONE && !script_reads(p->script.buf))
		p->risk = RISK_MODERATE;
}

/* ---- doors ----------------------------------------------------------------------------- */

bool
promotescript_read(
	const char *text, const struct danger_tables *tables, struct promotescript *out)
{
	bool goes_on = false;

	*out = (struct promotescript){
		.script = STR_INIT, .expect = STR_INIT, .risk = RISK_NONE};
	for (const char *s = text; *s;) {
		size_t len = strcspn(s, "\n");

		add_line(out, s, len, &goes_on);
		s += len + (s[len] == '\n');
	}
	if (!out->commands)
		return false;
	if (!out->expect.len)
		str_adds(&out->expect, "{exit: 0}");
	judge(out, tables);
	return true;
}

void
promotescript_release(struct promotescript *p)
{
	str_release(&p->script);
	str_release(&p->expect);
	mem_free(p->refused);
}
