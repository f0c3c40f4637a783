#ifndef APP_JUNIT_H
#define APP_JUNIT_H

/* The steps of a run as a JUnit report, for pipelines that show test results. */

#include "run/run.h"

bool junit_write(const struct run *r, const char *path, struct err *e) WARN_UNUSED;

#endif
