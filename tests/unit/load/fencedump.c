#include "fencedump.h"

static void
add_flags(const struct fence_piece *p, struct str *out)
{
#define X(id, bit, text) \
	if ((p->flags & FENCE_FLAG_##id) != 0) \
		str_adds(out, " " #id);
	FENCE_FLAGS(X)
#undef X
}

static void
add_proposals(const struct fence_piece *p, struct str *out)
{
	static const char *const ids[FENCE_PROPOSE_COUNT] = {
#define X(id, what, why) [FENCE_PROPOSE_##id] = #id,
		FENCE_PROPOSALS(X)
#undef X
	};

	for (size_t i = 0; i < p->proposals.len; i++)
		str_addf(out, " ->%s", ids[p->proposals.at[i].id]);
}

static void
add_head(const char *text, struct str *out)
{
	for (size_t i = 0; text[i] != '\0' && text[i] != '\n' && i < 30; i++)
		str_addc(out, text[i]);
}

static void
add_piece(const struct fence_piece *p, const char *indent, struct str *out)
{
	str_addf(out, "%s%d-%d %s: ", indent, p->first, p->last,
		fence_piece_name(p->kind));
	add_head(p->text, out);
	if (p->name != NULL)
		str_addf(out, " name=%s", p->name);
	if (p->value != NULL)
		str_addf(out, " value=%s", p->value);
	if (p->title >= 0)
		str_addf(out, " title=%d", p->title);
	if (p->way > 0)
		str_addf(out, " way=%d", p->way);
	if (p->dir != NULL && p->dir[0] != '\0')
		str_addf(out, " dir=%s", p->dir);
	if (p->vars > 0)
		str_addf(out, " vars=%zu", p->vars);
	if (p->creates != NULL)
		str_addf(out, " creates=%s", p->creates);
	add_flags(p, out);
	add_proposals(p, out);
	str_addc(out, '\n');
}

static void
write_block(const struct fence *f, const char *indent, struct str *out)
{
	str_addf(out, "%s%s", indent, fence_kind_name(f->kind));
	if (f->path != NULL)
		str_addf(out, " path=%s", f->path);
	str_addf(out, "%s\n", f->scrubbed ? " scrubbed" : "");
	for (size_t i = 0; i < f->pieces.len; i++) {
		const struct fence_piece *p = &f->pieces.at[i];

		add_piece(p, indent, out);
		if (p->content != NULL) {
			str_addf(out, "  body at %d, ", p->content_line);
			write_block(p->content, "  ", out);
		}
	}
}

void
fencedump_write(const struct fence *f, struct str *out)
{
	write_block(f, "", out);
}
