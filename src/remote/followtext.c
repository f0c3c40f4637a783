#include "remote/followtext.h"

#include <string.h>

#include "remote/fl1/fl1_scripts.h"

enum { BEAT_S = 5, GRACE_TURNS = 3 };

static void
param(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s=", name);
	str_add_shell_quoted(out, value);
	str_addc(out, '\n');
}

static void
param_int(struct str *out, const char *name, int64_t value)
{
	str_addf(out, "%s='%lld'\n", name, (long long)value);
}

static void
add_script(const char *const *lines, const struct str *params, struct str *out)
{
	for (; *lines; lines++) {
		if (strcmp(*lines, "#@PARAMS") == 0) {
			str_add(out, params->buf, params->len);
			continue;
		}
		str_adds(out, *lines);
		str_addc(out, '\n');
	}
}

static void
journal_text(const struct followtext *t, struct str *out)
{
	str_adds(out, "exec journalctl --no-pager --output=json --unit=");
	str_add_shell_quoted(out, t->spec->what);
	if (*t->since) {
		str_adds(out, " --after-cursor=");
		str_add_shell_quoted(out, t->since);
	} else {
		str_addf(out, " --lines=%lld", (long long)t->spec->lines);
	}
	if (t->spec->mode == FOLLOW_ON)
		str_adds(out, " --follow");
}

/* Whichever of the two knows it. */
static void
container_text(const struct followtext *t, struct str *out)
{
	str_adds(out, "n=");
	str_add_shell_quoted(out, t->spec->what);
	str_adds(out,
		"\nfor e in docker podman; do\n"
		"\tcommand -v $e >/dev/null 2>&1 || continue\n"
		"\t$e container inspect \"$n\" >/dev/null 2>&1 || continue\n"
		"\texec $e logs --timestamps");
	if (t->spec->mode == FOLLOW_ON)
		str_adds(out, " --follow");
	if (*t->since) {
		str_adds(out, " --since ");
		str_add_shell_quoted(out, t->since);
	} else {
		str_addf(out, " --tail %lld", (long long)t->spec->lines);
	}
	str_adds(out,
		" \"$n\"\ndone\necho \"neither docker nor podman has a container $n\"\n"
		"exit 1\n");
}

static void
command_text(const struct followtext *t, struct str *out)
{
	switch (t->spec->kind) {
	case FOLLOW_JOURNAL:
		journal_text(t, out);
		break;
	case FOLLOW_CONTAINER:
		container_text(t, out);
		break;
	case FOLLOW_FILE:
	case FOLLOW_COMMAND:
		str_adds(out, t->spec->what);
		break;
	}
}

void
followtext_request(const struct followtext *t, struct str *out)
{
	struct str params = STR_INIT, text = STR_INIT;

	param(&params, "FL1_TOKEN", t->token);
	param_int(&params, "FL1_BEAT", BEAT_S);
	if (t->spec->kind == FOLLOW_FILE) {
		param(&params, "FL1_PATH", t->spec->what);
		param_int(&params, "FL1_LINES", t->spec->lines);
		param(&params, "FL1_ONCE", t->spec->mode == FOLLOW_ONCE ? "1" : "");
		param(&params, "FL1_INODE", t->inode ? t->inode : "");
		param_int(&params, "FL1_OFFSET", t->offset);
		param_int(&params, "FL1_GRACE", GRACE_TURNS);
		add_script(fl1_file, &params, out);
	} else {
		command_text(t, &text);
		param(&params, "FL1_TEXT", text.buf);
		add_script(fl1_command, &params, out);
	}
	str_release(&params);
	str_release(&text);
}
