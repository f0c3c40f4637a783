#ifndef UNIT_UI_UNIT_H
#define UNIT_UI_UNIT_H

/* What the unit tests of ui share: cmocka with what it wants included first. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
