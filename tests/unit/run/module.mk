# Unit tests of src/run. A test file tests one stem and links what the row of src/LAYERS
# allows, nothing more. To add test_stem.c:
#
#   UNIT_TESTS += %D%/test_stem
#   tests_unit_run_test_stem_LDADD = $(UNIT_RUN_LIBS)
#
# (its source is %D%/test_stem.c by default; a second source file wants
#   tests_unit_run_test_stem_SOURCES = %D%/test_stem.c %D%/helper.c)
# Data files: EXTRA_DIST += %D%/data/x, read from $SRCDIR/tests/unit/run/data/x.
# Run one:    make -s tests/unit/run/test_stem && ./tests/unit/run/test_stem   (in the build folder, tests/unit/run spelled out)
# Generated:  BUILT_SOURCES += x.h and CLEANFILES += x.h with a rule that writes to $@.

UNIT_TESTS += %D%/test_back
tests_unit_run_test_back_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_back_SOURCES = %D%/test_back.c %D%/fixture.c %D%/fixture.h %D%/wayback.h
UNIT_TESTS += %D%/test_decide_back
tests_unit_run_test_decide_back_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_decide_back_SOURCES = %D%/test_decide_back.c %D%/fixture.c %D%/fixture.h \
	%D%/wayback.h

UNIT_TESTS += %D%/test_fold_back
tests_unit_run_test_fold_back_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_fold_back_SOURCES = %D%/test_fold_back.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_added
tests_unit_run_test_added_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_added_SOURCES = %D%/test_added.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_correct
tests_unit_run_test_correct_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_correct_SOURCES = %D%/test_correct.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_legs
tests_unit_run_test_legs_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_legs_SOURCES = %D%/test_legs.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_usual
tests_unit_run_test_usual_LDADD = $(UNIT_RUN_LIBS)

UNIT_TESTS += %D%/test_decide
tests_unit_run_test_decide_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_decide_SOURCES = %D%/test_decide.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_revised
tests_unit_run_test_revised_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_revised_SOURCES = %D%/test_revised.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_decide_leg
tests_unit_run_test_decide_leg_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_decide_leg_SOURCES = %D%/test_decide_leg.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_decide_outcome
tests_unit_run_test_decide_outcome_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_decide_outcome_SOURCES = %D%/test_decide_outcome.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_decide_person
tests_unit_run_test_decide_person_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_decide_person_SOURCES = %D%/test_decide_person.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_notice
tests_unit_run_test_notice_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_notice_SOURCES = %D%/test_notice.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_decide_probe
tests_unit_run_test_decide_probe_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_decide_probe_SOURCES = %D%/test_decide_probe.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_decide_watch
tests_unit_run_test_decide_watch_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_decide_watch_SOURCES = %D%/test_decide_watch.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_progress
tests_unit_run_test_progress_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_progress_SOURCES = %D%/test_progress.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_run_apply
tests_unit_run_test_run_apply_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_run_apply_SOURCES = %D%/test_run_apply.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_statement
tests_unit_run_test_statement_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_statement_SOURCES = %D%/test_statement.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_undo
tests_unit_run_test_undo_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_undo_SOURCES = %D%/test_undo.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_decide_duty
tests_unit_run_test_decide_duty_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_decide_duty_SOURCES = %D%/test_decide_duty.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_owed
tests_unit_run_test_owed_LDADD = $(UNIT_RUN_LIBS)

UNIT_TESTS += %D%/test_armed
tests_unit_run_test_armed_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_armed_SOURCES = %D%/test_armed.c %D%/fixture.c %D%/fixture.h
UNIT_TESTS += %D%/test_drive
tests_unit_run_test_drive_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_drive_SOURCES = %D%/test_drive.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_second
tests_unit_run_test_second_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_second_SOURCES = %D%/test_second.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_decide_sign
tests_unit_run_test_decide_sign_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_decide_sign_SOURCES = %D%/test_decide_sign.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_authority
tests_unit_run_test_authority_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_authority_SOURCES = %D%/test_authority.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_inputs
tests_unit_run_test_inputs_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_inputs_SOURCES = %D%/test_inputs.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_redline
tests_unit_run_test_redline_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_redline_SOURCES = %D%/test_redline.c %D%/fixture.c %D%/fixture.h

UNIT_TESTS += %D%/test_needs
tests_unit_run_test_needs_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_needs_SOURCES = %D%/test_needs.c %D%/fixture.c %D%/fixture.h
UNIT_TESTS += %D%/test_drill
tests_unit_run_test_drill_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_drill_SOURCES = %D%/test_drill.c %D%/fixture.c %D%/fixture.h
UNIT_TESTS += %D%/test_voided
tests_unit_run_test_voided_LDADD = $(UNIT_RUN_LIBS)
tests_unit_run_test_voided_SOURCES = %D%/test_voided.c %D%/fixture.c %D%/fixture.h
