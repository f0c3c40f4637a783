#include "base/civil.h"

enum { EPOCH_DAYS = 719468, ERA_DAYS = 146097 };

/* Days are counted in eras of 400 years that begin on 1 March, so that the leap day is
 * the last day of its year (the usual civil calendar algorithm). */
struct civil
civil_of_days(int64_t since)
{
	int64_t shifted = since + EPOCH_DAYS;
	unsigned days = shifted < 0 ? 0 : (unsigned)shifted;
	unsigned era = days / ERA_DAYS, doe = days % ERA_DAYS;
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;
	unsigned month = mp < 10 ? mp + 3 : mp - 9;

	return (struct civil){
		.year = yoe + era * 400 + (month <= 2),
		.month = month,
		.day = doy - (153 * mp + 2) / 5 + 1,
	};
}

int64_t
civil_days(struct civil c)
{
	unsigned y = c.year - (c.month <= 2);
	unsigned era = y / 400, yoe = y % 400;
	unsigned doy = (153 * (c.month > 2 ? c.month - 3 : c.month + 9) + 2) / 5 + c.day -
		1;
	unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return (int64_t)era * ERA_DAYS + doe - EPOCH_DAYS;
}

unsigned
civil_month_days(unsigned year, unsigned month)
{
	static const unsigned char days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

bool
civil_valid(struct civil c)
{
	return c.month >= 1 && c.month <= 12 && c.day >= 1 &&
		c.day <= civil_month_days(c.year, c.month);
}

struct civil
civil_add_months(struct civil c, unsigned months)
{
	unsigned all = c.year * 12 + c.month - 1 + months;
	struct civil to = {.year = all / 12, .month = all % 12 + 1, .day = c.day};

	if (to.day > civil_month_days(to.year, to.month))
		to.day = civil_month_days(to.year, to.month);
	return to;
}

unsigned
civil_weekday(int64_t days)
{
	int64_t n = (days + 3) % 7; /* 1970-01-01 was a Thursday */

	return (unsigned)(n < 0 ? n + 7 : n);
}
