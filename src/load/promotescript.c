#include "load/promotescript.h"

#include <string.h>

#include "base/text.h"
#include "load/draftexpect.h"
#include "load/importlabel.h"
#include "load/mdsafe.h"
#include "load/shelllines.h"
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
		p->hidden = p->hidden || mdsafe_shows_hidden(s, len);
		p->commands++;
		p->moves += str_starts(s, "$ cd ") && !memmem(s, len, "&&", 2);
		*goes_on = true;
	} else if (*goes_on && len && s[0] == '>' && (len == 1 || s[1] == ' ')) {
		add_shell(out, s + 2, len > 2 ? len - 2 : 0);
		p->hidden = p->hidden || mdsafe_shows_hidden(s, len);
	} else {
		size_t slashes = strspn(s, "\\");

		*goes_on = false;
		/* the import's sign that this is prose */
		if (slashes && slashes < len && strchr("$>", s[slashes])) {
			s++;
			len--;
		}
		if (len && s[0] != '#')
			str_adds(out, "# ");
		str_add(out, s, len);
		if (importlabel_head(s, "expected"))
			read_expected(p, s, len);
	}
}

/* ---- what it does ---------------------------------------------------------------------- */

/* How many words beside its options a command takes and still only looks. */
enum operands { OPERANDS_ANY, OPERANDS_NONE, OPERANDS_ONE, OPERANDS_FORMAT /* +%F */ };

/* Commands that only look, with the options that are known to keep it so: `letters` behind
 * one dash (NULL: of this command every option only looks), those in `takers` with a value,
 * and `longs`. Anything else is taken for a change. */
static const struct reader {
	const char *names, *subcommands, *letters, *takers, *longs;
	enum operands operands;
} readers[] = {
	{"ls|cat|head|tail|grep|wc|df|du|uptime|ps|id|whoami|uname|pwd|dig|nslookup|host|"
	 "true|test|echo|jq|cut|stat|which|type",
		NULL, NULL, NULL, NULL, OPERANDS_ANY},
	{"date", NULL, "uRI", "dr",
		"--utc|--universal|--iso-8601|--rfc-3339|--rfc-email|--date|--reference",
		OPERANDS_FORMAT},
	{"hostname", NULL, "fsidAIy", "", "--fqdn|--long|--short|--domain|--ip-address",
		OPERANDS_NONE},
	{"free", NULL, "bkmghtwl", "", "--human|--mega|--giga|--total|--wide",
		OPERANDS_NONE},
	{"file", NULL, "bikLsz", "", "--brief|--mime|--mime-type|--dereference",
		OPERANDS_ANY},
	{"sort", NULL, "bdfgiMhnRrVusczm", "kt",
		"--numeric-sort|--reverse|--unique|--human-numeric-sort|--version-sort|"
		"--key|--field-separator|--ignore-case",
		OPERANDS_ANY},
	{"uniq", NULL, "cdDuiz", "fsw", "--count|--repeated|--unique|--ignore-case",
		OPERANDS_ONE},
	{"ss", NULL, "tulnpaeisomHrx460O", "",
		"--tcp|--udp|--listening|--numeric|--processes|--all|--summary",
		OPERANDS_ANY},
	{"netstat", NULL, "tulnpaeirs", "",
		"--tcp|--udp|--listening|--numeric|--programs|--all|--route",
		OPERANDS_ANY},
	{"docker|podman", "ps|logs|inspect|images|stats|version|info|port|top", NULL,
		NULL, NULL, OPERANDS_ANY},
	{"compose", "ps|logs|config|images|port|top|version", "aqt", "n",
		"--all|--quiet|--services|--format|--filter|--status|--tail|--since|--until|"
		"--no-color|--no-log-prefix|--timestamps|--volumes|--images|--profiles|--short",
		OPERANDS_ANY},
	{"kubectl|oc", "get|describe|logs|top|version|explain", "ApRL", "nolc",
		"--namespace|--all-namespaces|--output|--selector|--field-selector|"
		"--show-labels|--sort-by|--context|--tail|--since|--container|--previous|"
		"--timestamps|--all-containers|--no-headers|--client|--containers|--kubeconfig",
		OPERANDS_ANY},
	{"git", "status|log|diff|show|rev-parse|describe|ls-files",
		"spabuqiwvm0123456789", "nGSL",
		"--oneline|--stat|--numstat|--shortstat|--name-only|--name-status|--graph|--all|"
		"--decorate|--short|--porcelain|--branch|--cached|--staged|--tags|--abbrev|"
		"--abbrev-ref|--always|--dirty|--long|--verify|--show-toplevel|--exact-match|"
		"--pretty|--format|--date|--since|--until|--author|--grep|--max-count|--merges|"
		"--no-merges|--no-color|--others|--modified|--follow|--patch|--diff-filter",
		OPERANDS_ANY},
	{"systemctl", "status|is-active|is-enabled|is-failed|show|list-units", "lqa",
		"npt",
		"--no-pager|--full|--lines|--failed|--quiet|--all|--type|--state|--property|"
		"--user|--output",
		OPERANDS_ANY},
	{"journalctl", NULL, "rekxqalmb", "unptogSU",
		"--unit|--since|--until|--lines|--no-pager|--priority|--boot|--output|--grep|"
		"--reverse|--utc|--disk-usage|--list-boots|--quiet|--all|--identifier|--dmesg|"
		"--user|--system",
		OPERANDS_ANY},
};

/* -abk2, -k 2: every letter is known. *skip: the next word is the value of the last. */
static bool
known_letters(const struct reader *r, const char *word, bool *skip)
{
	for (const char *c = word + 1; *c; c++) {
		if (strchr(r->takers, *c)) {
			*skip = c[1] == '\0';
			return true;
		}
		if (!strchr(r->letters, *c))
			return false;
	}
	return true;
}

/* Words from `from` on are options and operands this reader may have. */
static bool
known_words(const struct reader *r, const struct shell_cmd *c, size_t from)
{
	size_t operands = 0;

	for (size_t i = from; r->letters && i < c->words.len; i++) {
		const char *w = c->words.at[i].text;
		bool skip = false;

		if (w[0] != '-' || !w[1] || str_eq(w, "--")) {
			bool format = r->operands == OPERANDS_FORMAT && w[0] == '+';

			operands += !format && w[0] != '-';
		} else if (w[1] == '-') {
			if (!among_bytes(w, strcspn(w, "="), r->longs))
				return false;
			skip = among(w, "--date|--reference");
		} else if (!known_letters(r, w, &skip)) {
			return false;
		}
		i += skip;
	}
	return r->operands == OPERANDS_ANY || !operands ||
		(r->operands == OPERANDS_ONE && operands == 1);
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
	size_t sub = 1;

	if (c->written.len)
		return false;
	if (str_eq(name, "curl"))
		return fetches_only(c);
	if (str_eq(name, "docker-compose")) {
		name = "compose";
	} else if (among(name, "docker|podman") && c->words.len > 1 &&
		str_eq(c->words.at[1].text, "compose")) {
		name = "compose";
		sub = 2;
	}
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		const struct reader *r = &readers[i];

		if (!among(name, r->names))
			continue;
		if (!r->subcommands)
			return known_words(r, c, sub);
		return c->words.len > sub &&
			among(c->words.at[sub].text, r->subcommands) &&
			known_words(r, c, sub + 1);
	}
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

/* Commands that wait for a person or serve until they are stopped, where the rules of lint
 * do not say so: name, words behind it in order. */
static const struct {
	const char *name, *second, *third;
} waiting[] = {
	{"read|select", NULL, NULL},
	{"sudo", "-i|-s|--login|--shell|-si|-is|su", NULL},
	{"su", NULL, NULL},
	{"python|python3", "-m", "http.server|SimpleHTTPServer"},
	{"npm|pnpm|yarn", "start|dev|serve|watch", NULL},
	{"npm|pnpm|yarn", "run", "dev|start|serve|watch"},
	{"while", "true|:|1", NULL},
	{"until", "false", NULL},
};

static bool
word_among(const struct shell_cmd *c, size_t at, const char *list)
{
	return !list || (c->words.len > at && among(c->words.at[at].text, list));
}

/* ssh HOST and nothing to do there. */
static bool
only_connects(const struct shell_cmd *c)
{
	static const char takers[] = "-p|-i|-l|-o|-F|-J|-L|-R|-D|-b|-c|-e|-m|-W|-S|-E";
	size_t plain = 0;

	for (size_t i = 1; i < c->words.len; i++) {
		const char *w = c->words.at[i].text;

		if (plain || w[0] != '-')
			plain++;
		else if (among(w, "-V|-Q|-O|-G|-f|-fN|-Nf"))
			return false;
		else
			i += among(w, takers);
	}
	return plain < 2 && !c->fed;
}

/* nc -l, also among other letters */
static bool
listens(const struct shell_cmd *c)
{
	for (size_t i = 1; i < c->words.len; i++) {
		const char *w = c->words.at[i].text;

		if (str_eq(w, "--listen") ||
			(w[0] == '-' && w[1] != '-' && strchr(w, 'l')))
			return true;
	}
	return false;
}

static bool
waits(const struct shell_cmd *c)
{
	if (!c->words.len)
		return false;
	if (word_among(c, 0, "ssh|telnet|ftp|sftp"))
		return only_connects(c);
	if (word_among(c, 0, "nc|ncat|netcat"))
		return listens(c);
	if (word_among(c, 0, "read|su") && c->fed)
		return false;
	for (size_t i = 0; i < sizeof waiting / sizeof waiting[0]; i++)
		if (word_among(c, 0, waiting[i].name) &&
			word_among(c, 1, waiting[i].second) &&
			word_among(c, 2, waiting[i].third))
			return true;
	return false;
}

static char *
waiting_command(const char *script)
{
	struct shell_words words;
	char *says = NULL;

	shellwords_scan(script, strlen(script), &words);
	for (size_t i = 0; i < words.cmds.len && !says; i++)
		if (waits(&words.cmds.at[i]))
			says = mem_printf("`%s` waits for a person, or never ends: "
					  "a step has no keyboard",
				words.cmds.at[i].words.at[0].text);
	shellwords_release(&words);
	return says;
}

/* A quote, here-document or block that is open at the end, in any of the lines. */
static bool
unfinished(const struct str *script)
{
	struct shellline line = {0};

	for (size_t at = 0; at < script->len; at = line.next) {
		shelllines_next(script->buf, script->len, at, &line);
		if (line.unfinished)
			return true;
	}
	return false;
}

/* From the dangerous word to the end of its command, on one line. */
static char *
command_at(const char *script, size_t offset)
{
	static const char *const ends[] = {"\n", " && ", " || ", " | ", "; "};
	struct str out = STR_INIT;
	size_t len;

	for (const char *s = script + offset + strspn(script + offset, " \t\n\"'"); *s;
		s++) {
		if (s[0] == '\\' && s[1] == '\n')
			s += 1 + strspn(s + 2, " \t");
		else
			str_addc(&out, *s);
	}
	len = out.len;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		const char *end = len ? strstr(out.buf, ends[i]) : NULL;

		if (end && (size_t)(end - out.buf) < len)
			len = (size_t)(end - out.buf);
	}
	while (len && strchr(" \t\"'\\;", out.buf[len - 1]))
		len--;
	if (out.len)
		str_cut(&out, len);
	return str_take(&out);
}

static void
refuse(struct promotescript *p, char *why_take)
{
	if (p->refused)
		mem_free(why_take);
	else
		p->refused = why_take;
}

/* What no rule of lint says. */
static void
judge_whole(struct promotescript *p)
{
	char *waiting_take = waiting_command(p->script.buf);

	if (p->hidden)
		refuse(p,
			mem_strdup("a command holds a character that cannot be seen or "
				   "read, shown as <U+...> or <0x...>: type it anew"));
	if (unfinished(&p->script))
		refuse(p, mem_strdup("a quote, here-document or block is never closed"));
	if (waiting_take)
		refuse(p, waiting_take);
	if (p->endless && p->risk > RISK_NONE)
		refuse(p,
			mem_strdup("it never ends, and it changes something: split it"));
}

static void
judge(struct promotescript *p, const struct danger_tables *tables)
{
	struct danger_opts o = {.place = DANGER_IN_RUN, .tables = tables};
	struct danger_hits hits = {0};

	danger_scan(p->script.buf, &o, &hits);
	for (size_t i = 0; i < hits.list.len; i++) {
		const struct danger_rule *r = hits.list.at[i].rule;

		if (r->risk > p->risk) {
			p->risk = r->risk;
			mem_free(p->danger);
			p->danger = command_at(p->script.buf, hits.list.at[i].offset);
		}
		if (str_eq(r->id, "E-SH-201") && p->commands - p->moves == 1)
			p->endless = true;
		else if (r->level == DIAG_ERROR)
			refuse(p,
				mem_printf("%s [%s]%s%s", r->msg, r->id,
					r->help ? ": " : "", r->help ? r->help : ""));
	}
	danger_release(&hits);
	judge_whole(p);
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
	mem_free(p->danger);
}
