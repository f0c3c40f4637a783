# Unit tests of src/base. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_base_test_stem_LDADD = $(UNIT_BASE_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_base_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/base/data/x.
# Run one:    make -s tests/unit/base/test_stem && ./tests/unit/base/test_stem   (in the build folder, tests/unit/base spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

noinst_HEADERS += %D%/unit.h

UNIT_TESTS += %D%/test_b64
tests_unit_base_test_b64_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_bug
tests_unit_base_test_bug_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_civil
tests_unit_base_test_civil_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_clock
tests_unit_base_test_clock_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_digest
tests_unit_base_test_digest_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_disk
tests_unit_base_test_disk_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_dlog
tests_unit_base_test_dlog_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_err
tests_unit_base_test_err_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_file
tests_unit_base_test_file_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_glob
tests_unit_base_test_glob_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_json
tests_unit_base_test_json_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_jsonout
tests_unit_base_test_jsonout_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_map
tests_unit_base_test_map_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_mem
tests_unit_base_test_mem_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_pattern
tests_unit_base_test_pattern_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_stills
tests_unit_base_test_stills_LDADD = $(UNIT_BASE_LIBS)
UNIT_TESTS += %D%/test_redact
tests_unit_base_test_redact_LDADD = $(UNIT_BASE_LIBS)
UNIT_TESTS += %D%/test_redactshape
tests_unit_base_test_redactshape_LDADD = $(UNIT_BASE_LIBS)
UNIT_TESTS += %D%/test_redacttally
tests_unit_base_test_redacttally_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_stamp
tests_unit_base_test_stamp_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_str
tests_unit_base_test_str_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_tar
tests_unit_base_test_tar_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_text
tests_unit_base_test_text_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_ulid
tests_unit_base_test_ulid_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_vec
tests_unit_base_test_vec_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_wire
tests_unit_base_test_wire_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_wirefacts
tests_unit_base_test_wirefacts_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_zone
tests_unit_base_test_zone_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_zonerule
tests_unit_base_test_zonerule_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_talk
tests_unit_base_test_talk_LDADD = $(UNIT_BASE_LIBS)
