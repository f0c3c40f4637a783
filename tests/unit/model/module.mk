# Unit tests of src/model. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_model_test_stem_LDADD = $(UNIT_MODEL_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_model_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/model/data/x.
# Run one:    make -s tests/unit/model/test_stem && ./tests/unit/model/test_stem   (in the build folder, tests/unit/model spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

noinst_HEADERS += %D%/unit.h
noinst_HEADERS += %D%/shelf.h

UNIT_TESTS += %D%/test_acttext
tests_unit_model_test_acttext_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_check
tests_unit_model_test_check_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_review
tests_unit_model_test_review_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_danger
tests_unit_model_test_danger_LDADD = $(UNIT_MODEL_LIBS)
UNIT_TESTS += %D%/test_verbwords
tests_unit_model_test_verbwords_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_diag
tests_unit_model_test_diag_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_expect
tests_unit_model_test_expect_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_moment
tests_unit_model_test_moment_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_pane
tests_unit_model_test_pane_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_recur
tests_unit_model_test_recur_SOURCES = %D%/test_recur.c %D%/zones.h
tests_unit_model_test_recur_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_runbook
tests_unit_model_test_runbook_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_sqltext
tests_unit_model_test_sqltext_LDADD = $(UNIT_MODEL_LIBS)
UNIT_TESTS += %D%/test_subst
tests_unit_model_test_subst_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_jobstate
tests_unit_model_test_jobstate_LDADD = $(UNIT_MODEL_LIBS)
UNIT_TESTS += %D%/test_theme
tests_unit_model_test_theme_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_tint
tests_unit_model_test_tint_LDADD = $(UNIT_MODEL_LIBS)

UNIT_TESTS += %D%/test_past
tests_unit_model_test_past_LDADD = $(UNIT_MODEL_LIBS)
UNIT_TESTS += %D%/test_window
tests_unit_model_test_window_SOURCES = %D%/test_window.c %D%/zones.h
tests_unit_model_test_window_LDADD = $(UNIT_MODEL_LIBS)
