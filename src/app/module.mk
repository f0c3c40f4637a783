# src/app: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libapp.a
libapp_a_SOURCES =
libapp_a_SOURCES += %D%/anchoring.c %D%/anchoring.h
libapp_a_SOURCES += %D%/args.c %D%/args.h
libapp_a_SOURCES += %D%/asking.c %D%/spine.h
libapp_a_SOURCES += %D%/attaching.c
libapp_a_SOURCES += %D%/bidden.c %D%/bidden.h
libapp_a_SOURCES += %D%/authorizing.c
libapp_a_SOURCES += %D%/boxing.c %D%/boxing.h
libapp_a_SOURCES += %D%/bundle.c %D%/bundle.h
libapp_a_SOURCES += %D%/bundleopen.c
libapp_a_SOURCES += %D%/choosing.c
libapp_a_SOURCES += %D%/claim.c
libapp_a_SOURCES += %D%/cmd.c %D%/cmd.h
libapp_a_SOURCES += %D%/cmd_console.c %D%/console.h
libapp_a_SOURCES += %D%/cmd_doctor.c
libapp_a_SOURCES += %D%/cmd_due.c
libapp_a_SOURCES += %D%/cmd_hand.c
libapp_a_SOURCES += %D%/cmd_diff.c
libapp_a_SOURCES += %D%/cmd_export.c %D%/exporting.h
libapp_a_SOURCES += %D%/cmd_prune.c
libapp_a_SOURCES += %D%/tombstone.c %D%/tombstone.h
libapp_a_SOURCES += %D%/cmd_help.c
libapp_a_SOURCES += %D%/cmd_lint.c
libapp_a_SOURCES += %D%/cmd_import.c
libapp_a_SOURCES += %D%/cmd_keys.c
libapp_a_SOURCES += %D%/cmd_logs.c
libapp_a_SOURCES += %D%/cmd_look.c
libapp_a_SOURCES += %D%/cmd_new.c
libapp_a_SOURCES += %D%/cmd_ps.c
libapp_a_SOURCES += %D%/cmd_record.c %D%/cmd_runs.c
libapp_a_SOURCES += %D%/cmd_test.c %D%/scenedraft.c %D%/scenedraft.h
libapp_a_SOURCES += %D%/cmd_run.c
libapp_a_SOURCES += %D%/cmd_sign.c
libapp_a_SOURCES += %D%/cmd_status.c
libapp_a_SOURCES += %D%/cmd_store.c
libapp_a_SOURCES += %D%/cmd_theme.c
libapp_a_SOURCES += %D%/cmd_tick.c %D%/tickunits.h
libapp_a_SOURCES += %D%/cmd_watch.c
libapp_a_SOURCES += %D%/cmdinput.c %D%/cmdinput.h
libapp_a_SOURCES += %D%/console.c %D%/consoleinner.h
libapp_a_SOURCES += %D%/console_arm.c
libapp_a_SOURCES += %D%/console_ask.c
libapp_a_SOURCES += %D%/console_back.c
libapp_a_SOURCES += %D%/console_boxes.c
libapp_a_SOURCES += %D%/console_commands.c
libapp_a_SOURCES += %D%/console_dialog.c
libapp_a_SOURCES += %D%/console_end.c
libapp_a_SOURCES += %D%/console_evidence.c
libapp_a_SOURCES += %D%/console_eyes.c
libapp_a_SOURCES += %D%/console_find.c %D%/console_follow.c
libapp_a_SOURCES += %D%/console_hand.c
libapp_a_SOURCES += %D%/console_own.c
libapp_a_SOURCES += %D%/console_health.c
libapp_a_SOURCES += %D%/console_due.c
libapp_a_SOURCES += %D%/console_home.c
libapp_a_SOURCES += %D%/console_input.c
libapp_a_SOURCES += %D%/console_keys.c
libapp_a_SOURCES += %D%/auditing.c %D%/auditing.h %D%/console_audit.c
libapp_a_SOURCES += %D%/colleagues.c %D%/colleagues.h
libapp_a_SOURCES += %D%/attachment.c %D%/attachment.h %D%/cmd_attach.c %D%/console_attach.c
libapp_a_SOURCES += %D%/replaying.c %D%/replaying.h %D%/cmd_replay.c %D%/console_replay.c
libapp_a_SOURCES += %D%/console_learn.c %D%/console_place.c
libapp_a_SOURCES += %D%/learning.c %D%/learning.h %D%/cmd_learn.c
libapp_a_SOURCES += %D%/console_logs.c
libapp_a_SOURCES += %D%/catchup.c %D%/catchup.h
libapp_a_SOURCES += %D%/console_guide.c
libapp_a_SOURCES += %D%/console_mute.c
libapp_a_SOURCES += %D%/console_panes.c
libapp_a_SOURCES += %D%/console_plan.c
libapp_a_SOURCES += %D%/console_redline.c
libapp_a_SOURCES += %D%/console_run.c
libapp_a_SOURCES += %D%/console_session.c
libapp_a_SOURCES += %D%/console_sign.c
libapp_a_SOURCES += %D%/console_talk.c
libapp_a_SOURCES += %D%/demo.c %D%/demo.h
libapp_a_SOURCES += %D%/playdoing.c
libapp_a_SOURCES += %D%/dryrun.c %D%/dryrun.h
libapp_a_SOURCES += %D%/duelist.c %D%/duelist.h
libapp_a_SOURCES += %D%/fencing.c
libapp_a_SOURCES += %D%/elsewhere.c %D%/elsewhere.h
libapp_a_SOURCES += %D%/fetching.c %D%/fetching.h
libapp_a_SOURCES += %D%/former.c %D%/former.h
libapp_a_SOURCES += %D%/givens.c %D%/givens.h
libapp_a_SOURCES += %D%/inboxing.c %D%/inboxing.h
libapp_a_SOURCES += %D%/junit.c %D%/junit.h
libapp_a_SOURCES += %D%/jobspec.c %D%/jobspec.h
libapp_a_SOURCES += %D%/keysfile.c %D%/keysfile.h
libapp_a_SOURCES += %D%/leasing.c %D%/leasing.h
libapp_a_SOURCES += %D%/library.c %D%/library.h
libapp_a_SOURCES += %D%/life.c
libapp_a_SOURCES += %D%/logging.c %D%/logging.h
libapp_a_SOURCES += %D%/looking.c
libapp_a_SOURCES += %D%/machine.c %D%/machine.h
libapp_a_SOURCES += %D%/mdwrite.c %D%/mdwrite.h
libapp_a_SOURCES += %D%/mirroring.c %D%/mirroring.h
libapp_a_SOURCES += %D%/moving.c
libapp_a_SOURCES += %D%/notifying.c
libapp_a_SOURCES += %D%/onlooker.c %D%/onlooker.h
libapp_a_SOURCES += %D%/onlooker_ask.c
libapp_a_SOURCES += %D%/onlooker_book.c %D%/onlookerinner.h
libapp_a_SOURCES += %D%/onlooker_far.c
libapp_a_SOURCES += %D%/onlooking.c
libapp_a_SOURCES += %D%/outcome.c
libapp_a_SOURCES += %D%/outfit.c
libapp_a_SOURCES += %D%/outside.c %D%/outside.h
libapp_a_SOURCES += %D%/owing.c %D%/owing.h
libapp_a_SOURCES += %D%/plain.c %D%/plain.h
libapp_a_SOURCES += %D%/plainarm.c %D%/plainarm.h
libapp_a_SOURCES += %D%/plainask.c %D%/plainask.h
libapp_a_SOURCES += %D%/plainback.c %D%/plainback.h
libapp_a_SOURCES += %D%/plaininput.c %D%/plaininput.h
libapp_a_SOURCES += %D%/plainlink.c %D%/plainlink.h
libapp_a_SOURCES += %D%/plainsay.c %D%/plainsay.h
libapp_a_SOURCES += %D%/practice.c %D%/practice.h %D%/practising.c
libapp_a_SOURCES += %D%/printing.c
libapp_a_SOURCES += %D%/reaching.c
libapp_a_SOURCES += %D%/readings.c %D%/readings.h
libapp_a_SOURCES += %D%/readingsline.c %D%/readingsline.h
libapp_a_SOURCES += %D%/room.c
libapp_a_SOURCES += %D%/serving.c
libapp_a_SOURCES += %D%/serving_ask.c
libapp_a_SOURCES += %D%/serving_sign.c
libapp_a_SOURCES += %D%/servinginner.h
libapp_a_SOURCES += %D%/redlining.c %D%/redlining.h
libapp_a_SOURCES += %D%/refusing.c
libapp_a_SOURCES += %D%/storeheads.c %D%/storeheads.h
libapp_a_SOURCES += %D%/storing.c %D%/storing.h
libapp_a_SOURCES += %D%/session.c %D%/session.h
libapp_a_SOURCES += %D%/showmd.c %D%/showmd.h
libapp_a_SOURCES += %D%/signing.c
libapp_a_SOURCES += %D%/skeleton.c %D%/skeleton.h
libapp_a_SOURCES += %D%/soaking.c
libapp_a_SOURCES += %D%/sqldoing.c
libapp_a_SOURCES += %D%/runindex.c %D%/runindex.h
libapp_a_SOURCES += %D%/themes.c %D%/themes.h
libapp_a_SOURCES += %D%/stopping.c
libapp_a_SOURCES += %D%/trust.c %D%/trust.h
libapp_a_SOURCES += %D%/tty.c %D%/tty.h
libapp_a_SOURCES += %D%/copydoing.c
libapp_a_SOURCES += %D%/watchdoing.c
libapp_a_SOURCES += %D%/webdoing.c
libapp_a_SOURCES += %D%/watched.c %D%/watched.h
libapp_a_SOURCES += %D%/turning.c
libapp_a_SOURCES += %D%/watching.c %D%/watching.h
libapp_a_SOURCES += %D%/watching_keep.c %D%/watchinginner.h
libapp_a_CPPFLAGS = $(AM_CPPFLAGS) -DHR_LIBEXECDIR='"$(pkglibexecdir)"' \
	-DHR_DATADIR='"$(pkgdatadir)"' -DHR_SYSCONFDIR='"$(sysconfdir)"'

# The tour is compiled in from the very files that ship.
BUILT_SOURCES += %D%/demo_files.h
CLEANFILES += %D%/demo_files.h
EXTRA_DIST += %D%/embed.awk
%D%/demo_files.h: runbooks/demo/tour.yaml runbooks/demo/scenarios/tour.yaml src/app/embed.awk
	$(AM_V_GEN)$(MKDIR_P) %D%; { \
		$(AWK) -v c=demo_tour -f $(srcdir)/src/app/embed.awk \
			$(srcdir)/runbooks/demo/tour.yaml && \
		$(AWK) -v c=demo_scene -f $(srcdir)/src/app/embed.awk \
			$(srcdir)/runbooks/demo/scenarios/tour.yaml; \
	} >$@.tmp && mv $@.tmp $@

%D%/libapp_a-demo.$(OBJEXT): %D%/demo_files.h

# So is a first runbook of each kind.
SKELETONS = %D%/skeleton/checklist.yaml %D%/skeleton/deploy.yaml \
	%D%/skeleton/migration.yaml %D%/skeleton/rollback.yaml \
	%D%/skeleton/restore.yaml %D%/skeleton/incident.yaml \
	%D%/skeleton/maintenance.yaml %D%/skeleton/smoke.yaml \
	%D%/skeleton/onboarding.yaml
EXTRA_DIST += $(SKELETONS)
BUILT_SOURCES += %D%/skeleton_files.h
CLEANFILES += %D%/skeleton_files.h
%D%/skeleton_files.h: $(SKELETONS) src/app/embed.awk
	$(AM_V_GEN)$(MKDIR_P) %D%; for file in $(SKELETONS); do \
		kind=`basename $$file .yaml | tr a-z A-Z`; \
		$(AWK) -v c=skeleton_$$kind -f $(srcdir)/src/app/embed.awk \
			$(srcdir)/$$file || exit 1; \
	done >$@.tmp && mv $@.tmp $@

%D%/libapp_a-skeleton.$(OBJEXT): %D%/skeleton_files.h
# So are the themes.
THEMES = themes/cvd-safe.yaml themes/day.yaml themes/high-contrast.yaml themes/mono.yaml \
	themes/night.yaml themes/terminal.yaml
nobase_dist_pkgdata_DATA += $(THEMES)
BUILT_SOURCES += %D%/themes_files.h
CLEANFILES += %D%/themes_files.h
%D%/themes_files.h: $(THEMES) src/app/embed.awk
	$(AM_V_GEN)$(MKDIR_P) %D%; for theme in $(THEMES); do \
		name=`basename $$theme .yaml | tr - _`; \
		$(AWK) -v c=theme_$$name -f $(srcdir)/src/app/embed.awk \
			$(srcdir)/$$theme || exit 1; \
	done >$@.tmp && mv $@.tmp $@

%D%/libapp_a-themes.$(OBJEXT): %D%/themes_files.h

# So is the program that checks a record without us.
BUILT_SOURCES += %D%/verify_script.h
CLEANFILES += %D%/verify_script.h
%D%/verify_script.h: contrib/verify src/app/embed.awk
	$(AM_V_GEN)$(MKDIR_P) %D%; $(AWK) -v c=verify_script -f $(srcdir)/src/app/embed.awk \
		$(srcdir)/contrib/verify >$@.tmp && mv $@.tmp $@

%D%/libapp_a-bundle.$(OBJEXT): %D%/verify_script.h

bin_PROGRAMS += handrail
handrail_SOURCES = %D%/main.c
handrail_LDADD = $(APP_LIBS)
