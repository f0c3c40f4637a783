# Frames of the pure views against text. A program is declared as in tests/unit/view:
#
#   OTHER_TESTS += %D%/test_frames
#   tests_golden_test_frames_LDADD = $(UNIT_VIEW_LIBS)
#   EXTRA_DIST += %D%/plan-80x24.txt

OTHER_TESTS += %D%/test_frames
tests_golden_test_frames_SOURCES = %D%/test_frames.c %D%/stage.c %D%/stage.h \
	%D%/stageaudit.c %D%/stageaudit.h \
	%D%/stageback.c %D%/stageback.h \
	%D%/stagehealth.c %D%/stagehealth.h \
	%D%/stageguard.c %D%/stageguard.h \
	%D%/stageplain.c %D%/stageplain.h \
	%D%/stageboxes.c %D%/stageboxes.h \
	%D%/stagehome.c %D%/stagehome.h %D%/stagelogs.c %D%/stagelogs.h \
	tests/unit/run/fixture.c tests/unit/run/fixture.h
tests_golden_test_frames_LDADD = $(UNIT_VIEW_LIBS)
EXTRA_DIST += %D%/commands-60x16.txt %D%/commands-80x24.txt \
	%D%/commands-120x36.txt %D%/commands-200x60.txt
EXTRA_DIST += %D%/commands-back-60x16.txt %D%/commands-back-80x24.txt \
	%D%/commands-back-120x36.txt %D%/commands-back-200x60.txt
EXTRA_DIST += %D%/confirm-moderate-60x16.txt %D%/confirm-moderate-80x24.txt \
	%D%/confirm-moderate-120x36.txt %D%/confirm-moderate-200x60.txt
EXTRA_DIST += %D%/confirm-severe-60x16.txt %D%/confirm-severe-80x24.txt \
	%D%/confirm-severe-120x36.txt %D%/confirm-severe-200x60.txt
EXTRA_DIST += %D%/help-60x16.txt %D%/help-80x24.txt \
	%D%/help-120x36.txt %D%/help-200x60.txt
EXTRA_DIST += %D%/home-due-60x16.txt %D%/home-due-80x24.txt \
	%D%/home-due-120x36.txt %D%/home-due-200x60.txt
EXTRA_DIST += %D%/home-60x16.txt %D%/home-80x24.txt \
	%D%/home-120x36.txt %D%/home-200x60.txt
EXTRA_DIST += %D%/input-60x16.txt %D%/input-80x24.txt \
	%D%/input-120x36.txt %D%/input-200x60.txt
EXTRA_DIST += %D%/plan-60x16.txt %D%/plan-80x24.txt \
	%D%/plan-120x36.txt %D%/plan-200x60.txt
EXTRA_DIST += %D%/problems-60x16.txt %D%/problems-80x24.txt \
	%D%/problems-120x36.txt %D%/problems-200x60.txt
EXTRA_DIST += %D%/run-unheard-60x16.txt %D%/run-unheard-80x24.txt \
	%D%/run-unheard-120x36.txt %D%/run-unheard-200x60.txt
EXTRA_DIST += %D%/run-unknown-60x16.txt %D%/run-unknown-80x24.txt \
	%D%/run-unknown-120x36.txt %D%/run-unknown-200x60.txt
EXTRA_DIST += %D%/resolve-60x16.txt %D%/resolve-80x24.txt \
	%D%/resolve-120x36.txt %D%/resolve-200x60.txt
EXTRA_DIST += %D%/run-failed-60x16.txt %D%/run-failed-80x24.txt \
	%D%/run-failed-120x36.txt %D%/run-failed-200x60.txt
EXTRA_DIST += %D%/run-checked-60x16.txt %D%/run-checked-80x24.txt \
	%D%/run-checked-120x36.txt %D%/run-checked-200x60.txt
EXTRA_DIST += %D%/run-running-60x16.txt %D%/run-running-80x24.txt \
	%D%/run-running-120x36.txt %D%/run-running-200x60.txt
EXTRA_DIST += %D%/sign-60x16.txt %D%/sign-80x24.txt \
	%D%/sign-120x36.txt %D%/sign-200x60.txt
EXTRA_DIST += %D%/skip-60x16.txt %D%/skip-80x24.txt \
	%D%/skip-120x36.txt %D%/skip-200x60.txt
EXTRA_DIST += %D%/too-small-60x16.txt %D%/too-small-80x24.txt \
	%D%/too-small-120x36.txt %D%/too-small-200x60.txt
EXTRA_DIST += %D%/undo-60x16.txt %D%/undo-80x24.txt \
	%D%/undo-120x36.txt %D%/undo-200x60.txt
EXTRA_DIST += %D%/welcome-60x16.txt %D%/welcome-80x24.txt \
	%D%/welcome-120x36.txt %D%/welcome-200x60.txt
EXTRA_DIST += %D%/logs-60x16.txt %D%/logs-80x24.txt \
	%D%/logs-120x36.txt %D%/logs-200x60.txt
EXTRA_DIST += %D%/logs-paused-60x16.txt %D%/logs-paused-80x24.txt \
	%D%/logs-paused-120x36.txt %D%/logs-paused-200x60.txt
EXTRA_DIST += %D%/health-good-60x16.txt %D%/health-good-80x24.txt \
	%D%/health-good-120x36.txt %D%/health-good-200x60.txt
EXTRA_DIST += %D%/health-mixed-60x16.txt %D%/health-mixed-80x24.txt \
	%D%/health-mixed-120x36.txt %D%/health-mixed-200x60.txt
EXTRA_DIST += %D%/health-dead-60x16.txt %D%/health-dead-80x24.txt \
	%D%/health-dead-120x36.txt %D%/health-dead-200x60.txt
EXTRA_DIST += %D%/health-quiet-60x16.txt %D%/health-quiet-80x24.txt \
	%D%/health-quiet-120x36.txt %D%/health-quiet-200x60.txt
EXTRA_DIST += %D%/health-table-60x16.txt %D%/health-table-80x24.txt \
	%D%/health-table-120x36.txt %D%/health-table-200x60.txt
EXTRA_DIST += %D%/health-details-60x16.txt %D%/health-details-80x24.txt \
	%D%/health-details-120x36.txt %D%/health-details-200x60.txt
EXTRA_DIST += %D%/boxes-60x16.txt %D%/boxes-80x24.txt \
	%D%/boxes-120x36.txt %D%/boxes-200x60.txt
EXTRA_DIST += %D%/boxes-inspect-60x16.txt %D%/boxes-inspect-80x24.txt \
	%D%/boxes-inspect-120x36.txt %D%/boxes-inspect-200x60.txt
EXTRA_DIST += %D%/boxes-none-60x16.txt %D%/boxes-none-80x24.txt \
	%D%/boxes-none-120x36.txt %D%/boxes-none-200x60.txt
EXTRA_DIST += %D%/undo-words-60x16.txt %D%/undo-words-80x24.txt \
	%D%/undo-words-120x36.txt %D%/undo-words-200x60.txt
EXTRA_DIST += %D%/undo-stands-60x16.txt %D%/undo-stands-80x24.txt \
	%D%/undo-stands-120x36.txt %D%/undo-stands-200x60.txt
EXTRA_DIST += %D%/run-rolling-60x16.txt %D%/run-rolling-80x24.txt \
	%D%/run-rolling-120x36.txt %D%/run-rolling-200x60.txt
EXTRA_DIST += %D%/arm-60x16.txt %D%/arm-80x24.txt \
	%D%/arm-120x36.txt %D%/arm-200x60.txt
EXTRA_DIST += %D%/run-observing-60x16.txt %D%/run-observing-80x24.txt \
	%D%/run-observing-120x36.txt %D%/run-observing-200x60.txt
EXTRA_DIST += %D%/run-armed-60x16.txt %D%/run-armed-80x24.txt \
	%D%/run-armed-120x36.txt %D%/run-armed-200x60.txt
EXTRA_DIST += %D%/confirm-second-60x16.txt %D%/confirm-second-80x24.txt \
	%D%/confirm-second-120x36.txt %D%/confirm-second-200x60.txt
EXTRA_DIST += %D%/sign-second-60x16.txt %D%/sign-second-80x24.txt \
	%D%/sign-second-120x36.txt %D%/sign-second-200x60.txt
EXTRA_DIST += %D%/choose-60x16.txt %D%/choose-80x24.txt \
	%D%/choose-120x36.txt %D%/choose-200x60.txt
EXTRA_DIST += %D%/input-changed-60x16.txt %D%/input-changed-80x24.txt \
	%D%/input-changed-120x36.txt %D%/input-changed-200x60.txt
EXTRA_DIST += %D%/inputs-60x16.txt %D%/inputs-80x24.txt \
	%D%/inputs-120x36.txt %D%/inputs-200x60.txt
EXTRA_DIST += %D%/redline-60x16.txt %D%/redline-80x24.txt \
	%D%/redline-120x36.txt %D%/redline-200x60.txt
EXTRA_DIST += %D%/audit-60x16.txt %D%/audit-80x24.txt \
	%D%/audit-120x36.txt %D%/audit-200x60.txt
EXTRA_DIST += %D%/audit-record-60x16.txt %D%/audit-record-80x24.txt \
	%D%/audit-record-120x36.txt %D%/audit-record-200x60.txt
EXTRA_DIST += %D%/audit-bad-60x16.txt %D%/audit-bad-80x24.txt \
	%D%/audit-bad-120x36.txt %D%/audit-bad-200x60.txt
EXTRA_DIST += %D%/home-colleagues-60x16.txt %D%/home-colleagues-80x24.txt \
	%D%/home-colleagues-120x36.txt %D%/home-colleagues-200x60.txt
EXTRA_DIST += %D%/replay-60x16.txt %D%/replay-80x24.txt \
	%D%/replay-120x36.txt %D%/replay-200x60.txt
