# Unit tests of src/loop. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_loop_test_stem_LDADD = $(UNIT_LOOP_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_loop_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/loop/data/x.
# Run one:    make -s tests/unit/loop/test_stem && ./tests/unit/loop/test_stem   (in the build folder, tests/unit/loop spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

EXTRA_DIST += %D%/jail.h
UNIT_TESTS += %D%/test_child
tests_unit_loop_test_child_LDADD = $(UNIT_LOOP_LIBS)
UNIT_TESTS += %D%/test_loop
tests_unit_loop_test_loop_LDADD = $(UNIT_LOOP_LIBS)
UNIT_TESTS += %D%/test_askpass
tests_unit_loop_test_askpass_LDADD = $(UNIT_LOOP_LIBS)
UNIT_TESTS += %D%/test_talker
tests_unit_loop_test_talker_LDADD = $(UNIT_LOOP_LIBS)
