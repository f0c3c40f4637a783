# Unit tests of src/view. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_view_test_stem_LDADD = $(UNIT_VIEW_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_view_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/view/data/x.
# Run one:    make -s tests/unit/view/test_stem && ./tests/unit/view/test_stem   (in the build folder, tests/unit/view spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

noinst_HEADERS += %D%/unit.h

UNIT_TESTS += %D%/test_auditwords
tests_unit_view_test_auditwords_LDADD = $(UNIT_VIEW_LIBS)

UNIT_TESTS += %D%/test_field
tests_unit_view_test_field_LDADD = $(UNIT_VIEW_LIBS)

UNIT_TESTS += %D%/test_form
tests_unit_view_test_form_LDADD = $(UNIT_VIEW_LIBS)

UNIT_TESTS += %D%/test_frame
tests_unit_view_test_frame_LDADD = $(UNIT_VIEW_LIBS)

UNIT_TESTS += %D%/test_keymap
tests_unit_view_test_keymap_LDADD = $(UNIT_VIEW_LIBS)

UNIT_TESTS += %D%/test_ring
tests_unit_view_test_ring_LDADD = $(UNIT_VIEW_LIBS)

UNIT_TESTS += %D%/test_scroll
tests_unit_view_test_scroll_LDADD = $(UNIT_VIEW_LIBS)

UNIT_TESTS += %D%/test_view_run_heard
tests_unit_view_test_view_run_heard_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_view_ask_note
tests_unit_view_test_view_ask_note_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_keybind
tests_unit_view_test_keybind_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_view_plan
tests_unit_view_test_view_plan_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_stopwords
tests_unit_view_test_stopwords_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_view_logs_row
tests_unit_view_test_view_logs_row_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_view_logs
tests_unit_view_test_view_logs_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_spark
tests_unit_view_test_spark_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_leavewords
tests_unit_view_test_leavewords_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_strip
tests_unit_view_test_strip_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_view_health
tests_unit_view_test_view_health_LDADD = $(UNIT_VIEW_LIBS)
UNIT_TESTS += %D%/test_view_run_change
tests_unit_view_test_view_run_change_LDADD = $(UNIT_VIEW_LIBS)
