#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

/* Days of the proleptic Gregorian calendar, from the year 1 to 9999. Pure; knows no zone. */

#include <stdbool.h>
#include <stdint.h>

struct civil {
	unsigned year, month, day; /* month and day from 1 */
};

struct civil civil_of_days(int64_t days); /* since 1970-01-01 */
int64_t civil_days(struct civil c);
unsigned civil_month_days(unsigned year, unsigned month);
/* A month of the year and a day of the month? */
bool civil_valid(struct civil c);
/* So many months later; a day that the month lacks is its last one. */
struct civil civil_add_months(struct civil c, unsigned months);
unsigned civil_weekday(int64_t days); /* 0 is Monday */

#endif
