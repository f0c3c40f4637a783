#include "load/fencecommand.h"

#include "unit.h"

#include <string.h>

#include "base/str.h"

/* A command, a proposal and its text ("" for none), and why that is in the documents. */
struct row {
	const char *where, *text;
	enum fence_proposal_id id;
	const char *want;
};

static const struct fence_proposal *
proposal(const struct fence_piece *p, enum fence_proposal_id id)
{
	for (size_t i = 0; i < p->proposals.len; i++) {
		if (p->proposals.at[i].id == id)
			return &p->proposals.at[i];
	}
	return NULL;
}

static void
proposes_whole_commands(void **state)
{
	static const struct row rows[] = {
		{"S0:78", "docker exec -it db pg_dump -d x | gzip > f",
			FENCE_PROPOSE_NO_TTY,
			"docker exec -i db pg_dump -d x | gzip > f"},
		{"S0:78", "docker exec -it db pg_dump -d x | gzip > f",
			FENCE_PROPOSE_PIPEFAIL,
			"set -o pipefail\ndocker exec -it db pg_dump -d x | gzip > f"},
		{"-ti", "docker exec -ti db ls", FENCE_PROPOSE_NO_TTY,
			"docker exec -i db ls"},
		{"-t", "docker exec -t db ls", FENCE_PROPOSE_NO_TTY, "docker exec db ls"},
		{"--tty", "docker run --tty x ls", FENCE_PROPOSE_NO_TTY,
			"docker run x ls"},
		{"S1:233", "docker-compose exec mongodb mongo --eval 'x'",
			FENCE_PROPOSE_COMPOSE_T,
			"docker-compose exec -T mongodb mongo --eval 'x'"},
		{"S1:83", "docker-compose -f docker-compose.yml up", FENCE_PROPOSE_DETACH,
			"docker-compose -f docker-compose.yml up -d"},
		{"S2:62", "docker compose -f docker-compose.prod.yml up api",
			FENCE_PROPOSE_DETACH,
			"docker compose -f docker-compose.prod.yml up -d api"},
		{"S1:108", "docker-compose ps", FENCE_PROPOSE_COMPOSE,
			"command -v docker-compose"},
		{"S3:281", "docker compose restart backend", FENCE_PROPOSE_COMPOSE,
			"docker compose version"},
		{"S1:233", "docker-compose exec -T mongodb mongo --eval 'x'",
			FENCE_PROPOSE_TOOL, "command -v mongosh || command -v mongo"},
		{"S1:79", "docker scan foundational-backend:latest", FENCE_PROPOSE_TOOL,
			""},
		{"S3:276", "make logs-backend", FENCE_PROPOSE_MAKE,
			"make -n logs-backend"},
		{"S1:111", "watch -n 5 'curl -s x | jq'", FENCE_PROPOSE_WATCH, ""},
		{"S0:112", "rclone config", FENCE_PROPOSE_BY_HAND, ""},
		{"S0:7", "gunicorn -w 2 app.main:app", FENCE_PROPOSE_SERVICE, ""},
		{"S1:292",
			"docker-compose exec -T mongodb mongorestore "
			"--archive=/data/backup/backup_20231201_020000.archive --gzip --drop",
			FENCE_PROPOSE_COPY_IN, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fence f = {0};
		struct fencecommand c = {.fence = &f};
		struct fence_piece *p = fencecommand_add(&f, FENCE_PIECE_COMMAND, 1, 1);
		const struct fence_proposal *got;

		p->text = mem_strdup(rows[i].text);
		fencecommand_read(&c, p);
		got = proposal(p, rows[i].id);
		if (got == NULL)
			fail_msg("%s `%s`: no proposal", rows[i].where, rows[i].text);
		else if (!str_eq(got->text != NULL ? got->text : "", rows[i].want))
			fail_msg("%s `%s`: got [%s], want [%s]", rows[i].where,
				rows[i].text, got->text, rows[i].want);
		fencecommand_release(&c);
		fence_release(&f);
	}
}

static void
proposes_nothing_for_a_plain_command(void **state)
{
	static const char *const texts[] = {"ls -l", "docker exec -i db pg_dump x > f",
		"git push origin v1", "curl -f https://x/health", "redis-cli ping",
		"psql -c 'select 1'", "mongosh --eval 'db.stats()'",
		"mysql -e 'select 1'", "mysql < dump.sql", "make -n up",
		"celery inspect ping", "npm test"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct fence f = {0};
		struct fencecommand c = {.fence = &f};
		struct fence_piece *p = fencecommand_add(&f, FENCE_PIECE_COMMAND, 1, 1);

		p->text = mem_strdup(texts[i]);
		fencecommand_read(&c, p);
		if (p->proposals.len > 0)
			fail_msg("`%s`: %s", texts[i],
				fence_proposal_what(p->proposals.at[0].id));
		fencecommand_release(&c);
		fence_release(&f);
	}
}

static void
does_not_look_at_what_is_too_long(void **state)
{
	struct fence f = {0};
	struct fencecommand c = {.fence = &f};
	struct fence_piece *p = fencecommand_add(&f, FENCE_PIECE_COMMAND, 1, 1);
	struct str text = STR_INIT;

	(void)state;
	while (text.len <= FENCECOMMAND_MAX_BYTES)
		str_adds(&text, "rm -rf x;");
	p->text = str_take(&text);
	fencecommand_read(&c, p);
	assert_int_equal(p->flags, FENCE_FLAG_TOO_LONG);
	assert_true(c.lost);
	fencecommand_release(&c);
	fence_release(&f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(proposes_whole_commands),
		cmocka_unit_test(proposes_nothing_for_a_plain_command),
		cmocka_unit_test(does_not_look_at_what_is_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
