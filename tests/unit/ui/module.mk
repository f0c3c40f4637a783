# Unit tests of src/ui. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_ui_test_stem_LDADD = $(UNIT_UI_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_ui_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/ui/data/x.
# Run one:    make -s tests/unit/ui/test_stem && ./tests/unit/ui/test_stem   (in the build folder, tests/unit/ui spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

noinst_HEADERS += %D%/unit.h

UNIT_TESTS += %D%/test_keys
tests_unit_ui_test_keys_LDADD = $(UNIT_UI_LIBS)

UNIT_TESTS += %D%/test_palette
tests_unit_ui_test_palette_LDADD = $(UNIT_UI_LIBS)
