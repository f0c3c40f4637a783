#include "load/importfence.h"

#include "page.h"
#include "unit.h"

#include <string.h>

/* Trap 8: a fence is one shell. */
static void
a_comment_begins_a_step_and_the_folder_is_carried(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## Pre\n\n```bash\n# Run all tests\ncd backend && pytest\n"
		"cd ../frontend && npm test\n\n# Build images\ndocker-compose build\n```\n",
		&p);
	assert_string_equal(page_step(&p, "Run all tests")->text,
		"$ cd backend && pytest\n$ cd ../frontend && npm test");
	assert_string_equal(page_step(&p, "Build images")->text,
		"$ cd frontend\n$ docker-compose build");
	assert_int_equal(page_step(&p, "Build images")->source_line, 8);
	assert_string_equal(page_step(&p, "Build images")->source_kind, "fence");
	page_release(&p);
}

static void
variables_are_carried_to_the_step_that_uses_them(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## P\n\n```bash\nNAME=web\n# Stop it\ndocker stop \"$NAME\"\n\n# Look\n"
		"docker ps\n\n# Start it\ndocker start $NAME\n```\n",
		&p);
	assert_string_equal(page_step(&p, "Look")->text, "$ docker ps");
	assert_string_equal(
		page_step(&p, "Start it")->text, "$ NAME='web'\n$ docker start $NAME");
	page_release(&p);
}

static void
a_fence_that_is_never_closed_is_told(void **state)
{
	struct page p;

	(void)state;
	page_read("## P\n\n```bash\nmake logs\n\n## Q\n\n- [ ] x\n", &p);
	page_line(&p, 3, "guessed", "the code block is never closed");
	page_release(&p);
	page_read("## P\n\n```bash\nmake logs\n```\n\n## Q\n\n- [ ] x\n", &p);
	page_line(&p, 3, "kept", "commands");
	page_release(&p);
	page_read("## P\n\n- [ ] y\n\n  ~~~bash\n  make logs\n  ~~~\n", &p);
	page_line(&p, 5, "kept", "commands");
	page_release(&p);
	page_read("## P\n\n- [ ] y\n\n  ~~~bash\n  make logs\n\n- [ ] z\n", &p);
	page_line(&p, 5, "guessed", "the code block is never closed");
	page_release(&p);
	page_read("> ```bash\n> make logs\n> ```\n", &p);
	page_line(&p, 1, "kept", "commands");
	page_release(&p);
}

static void
what_nobody_sees_names_nothing(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## P\n\n```bash\n# Look\xe2\x80\x8b at it\necho 1 > /etc/a\xe2\x80\x8b\n```\n",
		&p);
	assert_string_equal(page_step(&p, "Do what the page says")->text,
		"$ echo 1 > /etc/a<U+200B>");
	page_lacks(&p, "writes ");
	page_release(&p);
}

/* Trap 11: "# OR" is a choice, not both. */
static void
alternatives_become_a_choice(void **state)
{
	const struct step *choose, *one, *two;
	struct page p;

	(void)state;
	page_read(
		"## P\n\n```bash\n# Check logs\nmake logs\n# OR\ndocker compose logs api\n\n"
		"# Restart\ndocker compose restart api\n```\n",
		&p);
	choose = page_step(&p, "Check logs: which way?");
	one = page_step(&p, "Check logs: make logs");
	two = page_step(&p, "Check logs: docker compose logs api");
	assert_int_equal(choose->kind, STEP_CHOOSE);
	assert_int_equal(choose->options.list.len, 2);
	assert_int_equal(choose->options.list.at[0].go, one->index);
	assert_int_equal(choose->options.list.at[1].go, two->index);
	assert_string_equal(one->text, "$ make logs");
	assert_int_equal(two->when.list.len, 1);
	assert_string_equal(two->when.list.at[0].value, "not-needed");
	assert_int_equal(page_step(&p, "Restart")->when.list.len, 0);
	page_release(&p);
}

/* Traps 1, 4, 7, 9, 12: what a command is, is told in its step. */
static void
dangers_are_marked(void **state)
{
	static const struct {
		const char *command, *says;
	} rows[] = {
		{"docker exec -it db pg_dump x | gzip > /b/x.gz", "E-SH-204"},
		{"docker exec -it db pg_dump x | gzip > /b/x.gz",
			"- better: docker exec -i db pg_dump x"},
		{"docker-compose down -v", "DANGER W-SH-101"},
		{"find /var/backups -mtime +14 -delete", "DANGER W-SH-102"},
		{"mongorestore --archive=x --drop", "DANGER W-SH-104"},
		{"docker-compose logs -f", "E-SH-201"},
		{"watch -n 5 date", "E-SH-201"},
		{"docker-compose up", "E-SH-202"},
		{"rclone config", "E-SH-203"},
		{"docker scan x", "W-SH-306"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = mem_printf("## P\n\n```bash\n%s\n```\n", rows[i].command);
		struct page p;
		const struct step *s;

		page_read(text, &p);
		s = &p.rb->steps.list.at[1];
		assert_int_equal(s->kind, STEP_DO);
		if (!s->explain || !strstr(s->explain, rows[i].says))
			fail_msg("`%s`: `%s` is not told in\n%s", rows[i].command,
				rows[i].says, p.im.yaml.buf);
		page_release(&p);
		mem_free(text);
	}
}

/* Trap 5: the comment speaks of a command that is not there. */
static void
a_comment_without_its_command_is_told_of(void **state)
{
	struct page p;

	(void)state;
	page_read("## Rollback\n\n```bash\n# Tag current state\ndocker-compose down\n"
		  "git checkout <previous-version-tag>\n```\n",
		&p);
	assert_non_null(strstr(page_step(&p, "Tag current state")->explain,
		"find the command the comment"));
	page_has(&p, "git checkout ${previous_version_tag}");
	page_has(&p, "previous_version_tag: {ask:");
	page_release(&p);
}

/* SEEDS 2.10: only commands become commands. */
static void
what_is_no_command_is_set_in(void **state)
{
	static const struct {
		const char *fence, *title, *text;
	} rows[] = {
		{"```bash\nA_KEY=1\nB=2\n```", "Set A_KEY, B",
			"Settings:\n    A_KEY=1\n    B=2"},
		{"```bash\n# daily\n0 2 * * * /usr/local/bin/b.sh\n```",
			"Add the cron job",
			"Crontab:\n    # daily\n    0 2 * * * /usr/local/bin/b.sh"},
		{"```nginx\nserver {\n  listen 80;\n}\n```",
			"Put the file in place (nginx)",
			"File content (nginx):\n    server {\n      listen 80;\n    }"},
		{"```sql\nSELECT 1;\n```", "Run the SQL", "SQL:\n    SELECT 1;"},
		{"```python\nimport os\nprint(os)\n```", "Change the code (python)",
			"Code (python):\n    import os\n    print(os)"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = mem_printf("## P\n\n%s\n", rows[i].fence);
		struct page p;

		page_read(text, &p);
		assert_string_equal(page_step(&p, rows[i].title)->text, rows[i].text);
		page_lacks(&p, "$ ");
		page_release(&p);
		mem_free(text);
	}
}

static void
prompts_are_stripped_and_output_is_told_from_input(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## P\n\n```console\n$ systemctl \\\n> status x\nactive\n$ ls\na b\n```\n",
		&p);
	assert_string_equal(p.rb->steps.list.at[1].text,
		"$ systemctl \\\n> status x\n| active\n$ ls\n| a b");
	page_release(&p);
}

static void
a_lead_names_the_step_and_a_comment_says_what_is_expected(void **state)
{
	struct page p;

	(void)state;
	page_read("## P\n\nUse with:\n```bash\ncurl -f https://x.test/h\n"
		  "# Expected: {\"status\": \"ok\"}\n```\n",
		&p);
	assert_string_equal(page_step(&p, "Use with")->text,
		"$ curl -f https://x.test/h\nExpected: {\"status\": \"ok\"}");
	page_line(&p, 3, "kept", "said of what follows");
	page_release(&p);
}

/* Trap 2 and 3: a crontab inside a here-document is read too. */
static void
the_body_of_a_here_document_is_read(void **state)
{
	struct page p;
	const struct step *s;

	(void)state;
	page_read("## P\n\n```bash\nsudo tee /etc/cron.d/b >/dev/null <<'EOF'\n"
		  "15 3 * * * root find /b -mtime +14 -delete\nEOF\n```\n",
		&p);
	s = page_step(&p, "Write /etc/cron.d/b");
	assert_non_null(strstr(s->explain, "writes /etc/cron.d/b: crontab"));
	assert_non_null(strstr(s->explain, "DANGER W-SH-102"));
	assert_non_null(strstr(s->text, "\n> EOF"));
	page_release(&p);
}

static void
a_secret_in_clear_does_not_go_on(void **state)
{
	struct page p;

	(void)state;
	page_read("```env\nSECRET=abc123\nDB_PASSWORD=<password>\nTTL=30\n```\n\n"
		  "```bash\nexport API_TOKEN=qqqq7777\ncurl x.test/$API_TOKEN\n# More\n"
		  "curl x.test/$API_TOKEN\n```\n",
		&p);
	page_lacks(&p, "abc123");
	page_lacks(&p, "qqqq7777");
	page_has(&p, "SECRET=(secret secret)");
	page_has(&p, "- DANGER the value of SECRET stood on the page in clear");
	page_note(&p, 2, "a secret in clear, SECRET; it was taken out");
	page_note(&p, 8, "a secret in clear, API_TOKEN; it was taken out");
	assert_string_equal(page_step(&p, "Set API_TOKEN")->text,
		"$ export API_TOKEN=$api_token\n$ curl x.test/$API_TOKEN");
	assert_string_equal(page_step(&p, "More")->text,
		"$ export API_TOKEN=$api_token\n$ curl x.test/$API_TOKEN");
	page_release(&p);
}

static void
the_end_of_a_placeholder_writes_no_file(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"```sh\nssh <user>@<host> uptime\n```\n\n```sh\nls > out.txt\n```\n", &p);
	page_lacks(&p, "writes @");
	page_lacks(&p, "writes uptime");
	page_has(&p, "writes out.txt");
	page_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_in_clear_does_not_go_on),
		cmocka_unit_test(the_end_of_a_placeholder_writes_no_file),
		cmocka_unit_test(a_comment_begins_a_step_and_the_folder_is_carried),
		cmocka_unit_test(variables_are_carried_to_the_step_that_uses_them),
		cmocka_unit_test(a_fence_that_is_never_closed_is_told),
		cmocka_unit_test(what_nobody_sees_names_nothing),
		cmocka_unit_test(alternatives_become_a_choice),
		cmocka_unit_test(dangers_are_marked),
		cmocka_unit_test(a_comment_without_its_command_is_told_of),
		cmocka_unit_test(what_is_no_command_is_set_in),
		cmocka_unit_test(prompts_are_stripped_and_output_is_told_from_input),
		cmocka_unit_test(
			a_lead_names_the_step_and_a_comment_says_what_is_expected),
		cmocka_unit_test(the_body_of_a_here_document_is_read),
	};

	return cmocka_run_group_tests_name("importfence", tests, NULL, NULL);
}
