# Unit tests of src/probe. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_probe_test_stem_LDADD = $(UNIT_PROBE_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_probe_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/probe/data/x.
# Run one:    make -s tests/unit/probe/test_stem && ./tests/unit/probe/test_stem   (in the build folder, tests/unit/probe spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

UNIT_TESTS += %D%/test_probe
tests_unit_probe_test_probe_LDADD = $(UNIT_PROBE_LIBS)
UNIT_TESTS += %D%/test_hostscript
tests_unit_probe_test_hostscript_LDADD = $(UNIT_PROBE_LIBS)
UNIT_TESTS += %D%/test_linetime
tests_unit_probe_test_linetime_LDADD = $(UNIT_PROBE_LIBS)
UNIT_TESTS += %D%/test_metricline
tests_unit_probe_test_metricline_LDADD = $(UNIT_PROBE_LIBS)
UNIT_TESTS += %D%/test_words
tests_unit_probe_test_words_LDADD = $(UNIT_PROBE_LIBS)
