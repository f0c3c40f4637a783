# The scripts of HR1 as C: arrays of lines, hr1_start[] and so on, each ending with NULL.
hr1_names = start status cancel abort fence cleanup look
hr1_sources = \
	%D%/abort.sh \
	%D%/assemble.awk \
	%D%/cancel.sh \
	%D%/cleanup.sh \
	%D%/fence.sh \
	%D%/lib_job.sh \
	%D%/lib_proc.sh \
	%D%/look.sh \
	%D%/start.sh \
	%D%/status.sh \
	%D%/sup.sh
EXTRA_DIST += %D%/README $(hr1_sources)
BUILT_SOURCES += %D%/hr1_scripts.h
CLEANFILES += %D%/hr1_scripts.h

%D%/hr1_scripts.h: $(hr1_sources)
	$(AM_V_GEN)$(MKDIR_P) %D%; \
	{ \
		echo '/* Made from the scripts in %D% by assemble.awk. */'; \
		echo '#ifndef REMOTE_HR1_SCRIPTS_H'; \
		echo '#define REMOTE_HR1_SCRIPTS_H'; \
		echo '#include <stddef.h>'; \
		for name in $(hr1_names); do \
			$(AWK) -v c=hr1_$$name -f $(srcdir)/%D%/assemble.awk \
				$(srcdir)/%D%/$$name.sh || exit 1; \
		done; \
		echo '#endif'; \
	} >$@.tmp && mv $@.tmp $@
