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

noinst_HEADERS += %D%/unit.h %D%/scratch.h %D%/fencedump.h

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

UNIT_TESTS += %D%/test_runbookread
tests_unit_load_test_runbookread_SOURCES = %D%/test_runbookread.c %D%/scratch.c
tests_unit_load_test_runbookread_LDADD = $(UNIT_LOAD_LIBS)
UNIT_TESTS += %D%/test_load_answers
tests_unit_load_test_load_answers_SOURCES = %D%/test_load_answers.c %D%/scratch.c
tests_unit_load_test_load_answers_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_load_scenario
tests_unit_load_test_load_scenario_SOURCES = %D%/test_load_scenario.c %D%/scratch.c
tests_unit_load_test_load_scenario_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_load_share
tests_unit_load_test_load_share_LDADD = $(UNIT_LOAD_LIBS)
UNIT_TESTS += %D%/test_load_settings
tests_unit_load_test_load_settings_SOURCES = %D%/test_load_settings.c %D%/scratch.c
tests_unit_load_test_load_settings_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_dutyread %D%/test_windowread
tests_unit_load_test_dutyread_SOURCES = %D%/test_dutyread.c %D%/scratch.c
tests_unit_load_test_dutyread_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_windowread_SOURCES = %D%/test_windowread.c %D%/scratch.c
tests_unit_load_test_windowread_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_ydoc
tests_unit_load_test_ydoc_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_meant %D%/test_layout %D%/test_mend
tests_unit_load_test_meant_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_layout_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_mend_LDADD = $(UNIT_LOAD_LIBS)
# The importer.
UNIT_TESTS += %D%/test_mdentity %D%/test_mdline %D%/test_mdsafe %D%/test_mdtree %D%/test_yamlout
tests_unit_load_test_mdentity_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_mdline_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_mdsafe_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_mdtree_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_yamlout_LDADD = $(UNIT_LOAD_LIBS)
UNIT_TESTS += %D%/test_fence
tests_unit_load_test_fence_SOURCES = %D%/test_fence.c %D%/fencedump.c
tests_unit_load_test_fence_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_fencesession
tests_unit_load_test_fencesession_SOURCES = %D%/test_fencesession.c %D%/fencedump.c
tests_unit_load_test_fencesession_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_fenceways
tests_unit_load_test_fenceways_SOURCES = %D%/test_fenceways.c %D%/fencedump.c
tests_unit_load_test_fenceways_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_fencecommand
tests_unit_load_test_fencecommand_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_placeholder
tests_unit_load_test_placeholder_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_threshold
tests_unit_load_test_threshold_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_draftexpect
tests_unit_load_test_draftexpect_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_shelllines
tests_unit_load_test_shelllines_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_fencekind
tests_unit_load_test_fencekind_LDADD = $(UNIT_LOAD_LIBS)

noinst_HEADERS += %D%/page.h
UNIT_TESTS += %D%/test_importfence
tests_unit_load_test_importfence_SOURCES = %D%/test_importfence.c %D%/page.c %D%/scratch.c
tests_unit_load_test_importfence_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_importitem %D%/test_importlabel %D%/test_importlist %D%/test_importmeta \
	%D%/test_importtable
tests_unit_load_test_importitem_SOURCES = %D%/test_importitem.c %D%/page.c %D%/scratch.c
tests_unit_load_test_importitem_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_importlabel_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_importlist_SOURCES = %D%/test_importlist.c %D%/page.c %D%/scratch.c
tests_unit_load_test_importlist_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_importmeta_SOURCES = %D%/test_importmeta.c %D%/page.c %D%/scratch.c
tests_unit_load_test_importmeta_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_importtable_SOURCES = %D%/test_importtable.c %D%/page.c %D%/scratch.c
tests_unit_load_test_importtable_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_import
tests_unit_load_test_import_SOURCES = %D%/test_import.c %D%/page.c %D%/scratch.c
tests_unit_load_test_import_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_importblock %D%/test_importoutline %D%/test_importreport %D%/test_importtext \
	%D%/test_promote
tests_unit_load_test_importblock_SOURCES = %D%/test_importblock.c %D%/page.c %D%/scratch.c
tests_unit_load_test_importblock_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_importoutline_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_importreport_SOURCES = %D%/test_importreport.c %D%/page.c %D%/scratch.c
tests_unit_load_test_importreport_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_importtext_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_promote_SOURCES = %D%/test_promote.c %D%/page.c %D%/scratch.c
tests_unit_load_test_promote_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_draft %D%/test_importconflict %D%/test_importcron
tests_unit_load_test_draft_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_importconflict_LDADD = $(UNIT_LOAD_LIBS)
tests_unit_load_test_importcron_SOURCES = %D%/test_importcron.c %D%/page.c %D%/scratch.c
tests_unit_load_test_importcron_LDADD = $(UNIT_LOAD_LIBS)
UNIT_TESTS += %D%/test_load_theme
tests_unit_load_test_load_theme_SOURCES = %D%/test_load_theme.c %D%/scratch.c
tests_unit_load_test_load_theme_LDADD = $(UNIT_LOAD_LIBS)

UNIT_TESTS += %D%/test_redpatch
tests_unit_load_test_redpatch_LDADD = $(UNIT_LOAD_LIBS)
