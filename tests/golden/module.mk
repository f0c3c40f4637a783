# Frames of the pure views against text. A program is declared as in tests/unit/view:
#
#   OTHER_TESTS += %D%/test_frames
#   tests_golden_test_frames_LDADD = $(UNIT_VIEW_LIBS)
#   EXTRA_DIST += %D%/plan-80x24.txt

OTHER_TESTS += %D%/test_frames
tests_golden_test_frames_SOURCES = %D%/test_frames.c %D%/stage.c %D%/stage.h \
	tests/unit/run/fixture.c tests/unit/run/fixture.h
tests_golden_test_frames_LDADD = $(UNIT_VIEW_LIBS)
EXTRA_DIST += %D%/confirm-moderate-60x16.txt %D%/confirm-moderate-80x24.txt \
	%D%/confirm-moderate-120x36.txt
EXTRA_DIST += %D%/confirm-severe-60x16.txt %D%/confirm-severe-80x24.txt \
	%D%/confirm-severe-120x36.txt
EXTRA_DIST += %D%/help-60x16.txt %D%/help-80x24.txt \
	%D%/help-120x36.txt
EXTRA_DIST += %D%/home-60x16.txt %D%/home-80x24.txt \
	%D%/home-120x36.txt
EXTRA_DIST += %D%/input-60x16.txt %D%/input-80x24.txt \
	%D%/input-120x36.txt
EXTRA_DIST += %D%/plan-60x16.txt %D%/plan-80x24.txt \
	%D%/plan-120x36.txt
EXTRA_DIST += %D%/problems-60x16.txt %D%/problems-80x24.txt \
	%D%/problems-120x36.txt
EXTRA_DIST += %D%/resolve-60x16.txt %D%/resolve-80x24.txt \
	%D%/resolve-120x36.txt
EXTRA_DIST += %D%/run-failed-60x16.txt %D%/run-failed-80x24.txt \
	%D%/run-failed-120x36.txt
EXTRA_DIST += %D%/run-running-60x16.txt %D%/run-running-80x24.txt \
	%D%/run-running-120x36.txt
EXTRA_DIST += %D%/sign-60x16.txt %D%/sign-80x24.txt \
	%D%/sign-120x36.txt
EXTRA_DIST += %D%/skip-60x16.txt %D%/skip-80x24.txt \
	%D%/skip-120x36.txt
EXTRA_DIST += %D%/too-small-60x16.txt %D%/too-small-80x24.txt \
	%D%/too-small-120x36.txt
EXTRA_DIST += %D%/undo-60x16.txt %D%/undo-80x24.txt \
	%D%/undo-120x36.txt
EXTRA_DIST += %D%/welcome-60x16.txt %D%/welcome-80x24.txt \
	%D%/welcome-120x36.txt
EXTRA_DIST += %D%/logs-60x16.txt %D%/logs-80x24.txt \
	%D%/logs-120x36.txt
EXTRA_DIST += %D%/logs-paused-60x16.txt %D%/logs-paused-80x24.txt \
	%D%/logs-paused-120x36.txt
