#include "load/importcron.h"

#include "page.h"
#include "unit.h"

/* Trap 3: two jobs write one dump, half an hour apart. */
static void
two_cron_jobs_that_write_one_file_are_told(void **state)
{
	struct page p;

	(void)state;
	page_read("```bash\nsudo tee /etc/cron.d/a <<'EOF'\n"
		  "0 3 * * * root dump | gzip > /b/x_$(date +\\%F).gz\nEOF\n```\n\n"
		  "```\n15 3 * * * root find /b -delete 2>/dev/null >> /var/log/x\n"
		  "30 3 * * * root dump | gzip >/b/x_$(date +\\%F).gz && send\n"
		  "45 3 * * * root other > /b/y >/dev/null 2>&1\n"
		  "50 3 * * * root other >> /b/y\n@daily again > /b/y\n```\n",
		&p);
	page_note(&p, 9,
		"writes the same file as the cron job in line 3: /b/x_$(date +\\%F).gz");
	page_note(&p, 8, "deletes in the folder where the cron job in line 3 writes: /b");
	page_note(&p, 12, "writes the same file as the cron job in line 10: /b/y");
	page_release(&p);
}

static void
others_are_left_alone(void **state)
{
	struct page p;

	(void)state;
	page_read("```\n0 3 * * * root a > /dev/null\n0 4 * * * root b > /dev/null\n"
		  "0 5 * * * root c >> /l\n0 6 * * * root d >> /l\n0 7 * * * e 2> /m\n"
		  "0 8 * * * f 2> /m\n0 9 * * * g >\n```\n\n0 3 * * * a > /n\n\n"
		  "0 3 * * * a > /n\n",
		&p);
	for (size_t i = 0; i < p.im.notes.len; i++)
		assert_null(strstr(p.im.notes.at[i].text, "the same file"));
	page_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_cron_jobs_that_write_one_file_are_told),
		cmocka_unit_test(others_are_left_alone),
	};

	return cmocka_run_group_tests_name("importcron", tests, NULL, NULL);
}
