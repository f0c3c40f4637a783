# Unit tests of src/load. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_load_test_stem_LDADD = $(UNIT_LOAD_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_load_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/load/data/x.
# Run one:    make -s tests/unit/load/test_stem && ./tests/unit/load/test_stem   (in the build folder, tests/unit/load spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

noinst_HEADERS += %D%/unit.h %D%/scratch.h

UNIT_TESTS += %D%/test_load
tests_unit_load_test_load_SOURCES = %D%/test_load.c %D%/scratch.c
tests_unit_load_test_load_LDADD = $(UNIT_LOAD_LIBS)
EXTRA_DIST += tests/data/lint/cycle.yaml tests/data/lint/cycle.txt \
	tests/data/lint/expect.yaml tests/data/lint/expect.txt \
	tests/data/lint/keys.yaml tests/data/lint/keys.txt \
	tests/data/lint/names.yaml tests/data/lint/names.txt \
	tests/data/lint/newer.yaml tests/data/lint/newer.txt \
	tests/data/lint/syntax.yaml tests/data/lint/syntax.txt \
	tests/data/lint/types.yaml tests/data/lint/types.txt \
	tests/data/lint/yaml.yaml tests/data/lint/yaml.txt

UNIT_TESTS += %D%/test_load_answers
tests_unit_load_test_load_answers_SOURCES = %D%/test_load_answers.c %D%/scratch.c
tests_unit_load_test_load_answers_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_ydoc
tests_unit_load_test_ydoc_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_load_theme
tests_unit_load_test_load_theme_SOURCES = %D%/test_load_theme.c %D%/scratch.c
tests_unit_load_test_load_theme_LDADD = $(UNIT_LOAD_LIBS)
