#include "model/diag.h"

#include <stdarg.h>

struct diag *
diag_add(struct diags *d, enum diag_level level, const char *id, struct spot at,
	const char *reason, const char *help, const char *fmt, ...)
{
	struct str msg = STR_INIT;
	struct diag *one;
	va_list ap;

	if (level == DIAG_ERROR)
		d->errors++;
	else
		d->warnings++;
	if (d->list.len >= DIAGS_MAX)
		return NULL;
	va_start(ap, fmt);
	str_vaddf(&msg, fmt, ap);
	va_end(ap);
	one = vec_add(&d->list);
	one->level = level;
	one->id = id;
	one->file = mem_strdup(at.file);
	one->line = at.line;
	one->col = at.col;
	one->msg = str_take(&msg);
	one->reason = mem_strdup(reason);
	one->help = mem_strdup(help);
	return one;
}

void
diag_means(struct diag *d, const char *written, const char *meant)
{
	if (d == NULL || d->meant != NULL)
		return;
	d->written = mem_strdup(written);
	d->meant = mem_strdup(meant);
}

void
diag_copy(struct diags *to, const struct diag *one)
{
	struct diag copy = *one;

	copy.file = mem_strdup(one->file);
	copy.msg = mem_strdup(one->msg);
	copy.reason = mem_strdup(one->reason);
	copy.help = mem_strdup(one->help);
	copy.written = mem_strdup(one->written);
	copy.meant = mem_strdup(one->meant);
	copy.fix.text = mem_strdup(one->fix.text);
	copy.fix.done = mem_strdup(one->fix.done);
	vec_push(&to->list, copy);
	if (one->level == DIAG_ERROR)
		to->errors++;
	else
		to->warnings++;
}

void
diags_release(struct diags *d)
{
	for (size_t i = 0; i < d->list.len; i++) {
		mem_free(d->list.at[i].file);
		mem_free(d->list.at[i].msg);
		mem_free(d->list.at[i].reason);
		mem_free(d->list.at[i].help);
		mem_free(d->list.at[i].written);
		mem_free(d->list.at[i].meant);
		mem_free(d->list.at[i].fix.text);
		mem_free(d->list.at[i].fix.done);
	}
	vec_free(&d->list);
	d->errors = d->warnings = 0;
}

static int
by_place(const struct diag *a, const struct diag *b)
{
	const char *fa = a->file != NULL ? a->file : "",
		   *fb = b->file != NULL ? b->file : "";
	int c = strcmp(fa, fb);

	if (c != 0)
		return c;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->col == b->col ? 0 : a->col < b->col ? -1 : 1;
}

/* At most DIAGS_MAX of them: insertion is stable and quick enough. */
void
diags_sort(struct diags *d)
{
	for (size_t i = 1; i < d->list.len; i++) {
		struct diag one = d->list.at[i];
		size_t j = i;

		for (; j > 0 && by_place(&d->list.at[j - 1], &one) > 0; j--)
			d->list.at[j] = d->list.at[j - 1];
		d->list.at[j] = one;
	}
}

void
diags_print(const struct diags *d, struct str *out)
{
	size_t left = d->errors + d->warnings - d->list.len;

	for (size_t i = 0; i < d->list.len; i++) {
		const struct diag *one = &d->list.at[i];

		if (one->file != NULL)
			str_addf(out, "%s:", one->file);
		if (one->line > 0)
			str_addf(out, "%d:%d:", one->line, one->col > 0 ? one->col : 1);
		str_addf(out, "%s%s: %s [%s]%s\n",
			one->file != NULL || one->line > 0 ? " " : "",
			one->level == DIAG_ERROR ? "error" : "warning", one->msg, one->id,
			one->fix.text != NULL ? " (fixable)" : "");
		if (one->reason != NULL)
			str_addf(out, "  reason: %s\n", one->reason);
		if (one->help != NULL)
			str_addf(out, "  help: %s\n", one->help);
	}
	if (left > 0)
		str_addf(out, "and %zu more\n", left);
}
