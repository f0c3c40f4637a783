#include "remote/followtext.h"

#include <string.h>

#include "remote/fl1/fl1_scripts.h"

enum { BEAT_S = 5, GRACE_TURNS = 3, PIECE_BYTES = 256 * 1024 };

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
		if (t->spec->since_s > 0)
			str_addf(out, " --since=@%lld", (long long)t->spec->since_s);
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
		if (t->spec->since_s > 0)
			str_addf(out, " --since %lld", (long long)t->spec->since_s);
	}
	str_adds(out, " \"$n\"\ndone\n");
	if (!t->again)
		str_adds(out, "echo \"neither docker nor podman has a container $n\"\n");
	str_adds(out, "exit 1\n");
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

static void
file_params(const struct followtext *t, struct str *out)
{
	param(out, "FL1_PATH", t->spec->what);
	param_int(out, "FL1_LINES", t->spec->lines);
	param(out, "FL1_ONCE", t->spec->mode == FOLLOW_ONCE ? "1" : "");
	param(out, "FL1_INODE", t->inode ? t->inode : "");
	param_int(out, "FL1_OFFSET", t->offset);
	param_int(out, "FL1_GRACE", GRACE_TURNS);
}

static void
all_params(const struct followtext *t, struct str *out)
{
	struct str text = STR_INIT;

	param(out, "FL1_TOKEN", t->token);
	if (t->spec->kind == FOLLOW_FILE) {
		file_params(t, out);
	} else {
		command_text(t, &text);
		param(out, "FL1_TEXT", text.buf);
	}
	str_release(&text);
}

void
followtext_alone(const struct followtext *t, struct str *out)
{
	struct str params = STR_INIT;

	all_params(t, &params);
	param_int(&params, "FL1_BEAT", BEAT_S);
	add_script(t->spec->kind == FOLLOW_FILE ? fl1_file : fl1_command, &params, out);
	str_release(&params);
}

void
followtext_mux(const char *token, struct str *out)
{
	struct str params = STR_INIT;

	param(&params, "FL1_TOKEN", token);
	param_int(&params, "FL1_BEAT", BEAT_S);
	param_int(&params, "FL1_PIECE", PIECE_BYTES);
	param(&params, "FL1_NEWLINE", "\n");
	add_script(fl1_mux, &params, out);
	str_release(&params);
}

void
followtext_start(const struct followtext *t, struct str *out)
{
	all_params(t, out);
	str_adds(out,
		t->spec->kind == FOLLOW_FILE ? "fl1_file_main\n" : "fl1_piece_main\n");
}
