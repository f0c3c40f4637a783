#ifndef TESTS_UNIT_WORKER_WORKKIT_H
#define TESTS_UNIT_WORKER_WORKKIT_H

/* cmocka with what it wants included first, and what every test here uses. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
