#include "worker/questions.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { PROMPT_BYTES = 512 };

static void
answer_one(struct worker *w, const LIBSSH2_USERAUTH_KBDINT_PROMPT *p,
	LIBSSH2_USERAUTH_KBDINT_RESPONSE *r)
{
	char text[PROMPT_BYTES], *answer;

	/* The words are the host's: say whose they are. */
	snprintf(text, sizeof text, "(%s@%s) %.*s", w->facts.user, w->facts.host,
		(int)(p->length < PROMPT_BYTES ? p->length : PROMPT_BYTES),
		(const char *)p->text);
	answer = worker_ask(w, text, p->echo ? WIRE_ASK_SHOWN : WIRE_ASK_HIDDEN);
	if (!answer)
		worker_fail(w, "CANCELLED", "no answer to the host's question");
	r->length = (unsigned)strlen(answer);
	r->text = sshcore_alloc(&w->core, r->length + 1);
	if (!r->text)
		worker_fail(w, "INTERNAL", "out of memory");
	memcpy(r->text, answer, r->length);
	mem_wipe_free(answer, r->length);
}

static void
answer_all(const char *name, int name_len, const char *instruction, int instruction_len,
	int count, const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
	LIBSSH2_USERAUTH_KBDINT_RESPONSE *responses, void **abstract)
{
	struct sshcore *core = *abstract;

	(void)name;
	(void)name_len;
	(void)instruction;
	(void)instruction_len;
	for (int i = 0; i < count; i++)
		answer_one(core->owner, &prompts[i], &responses[i]);
}

bool
questions_keyboard(struct worker *w, enum questions_turn turn)
{
	int rc;

	(void)turn; /* the host itself says what was wrong */
	while ((rc = libssh2_userauth_keyboard_interactive(w->core.session, w->facts.user,
			answer_all)) == LIBSSH2_ERROR_EAGAIN)
		worker_turn(w);
	return rc == 0;
}

bool
questions_password(struct worker *w, enum questions_turn turn)
{
	char text[PROMPT_BYTES], *answer;
	int rc;

	snprintf(text, sizeof text, "%s%s@%s's password: ",
		turn == QUESTIONS_AGAIN ? "Permission denied, please try again. " : "",
		w->facts.user, w->facts.host);
	answer = worker_ask(w, text, WIRE_ASK_HIDDEN);
	if (!answer)
		worker_fail(w, "CANCELLED", "no password");
	while ((rc = libssh2_userauth_password_ex(w->core.session, w->facts.user,
			(unsigned)strlen(w->facts.user), answer, (unsigned)strlen(answer),
			NULL)) == LIBSSH2_ERROR_EAGAIN)
		worker_turn(w);
	mem_wipe_free(answer, strlen(answer));
	return rc == 0;
}
