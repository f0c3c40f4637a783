# The scripts as C: arrays of lines, script_file[] and so on, each ending with NULL.
probe_script_names = file port host container cron git changed env log inside boxes compose
probe_script_sources = \
	%D%/boxes.sh \
	%D%/changed.sh \
	%D%/compose.sh \
	%D%/container.sh \
	%D%/cron.sh \
	%D%/env.sh \
	%D%/file.sh \
	%D%/git.sh \
	%D%/host.sh \
	%D%/inside.sh \
	%D%/lib.sh \
	%D%/log.sh \
	%D%/port.sh
EXTRA_DIST += %D%/README $(probe_script_sources)
BUILT_SOURCES += %D%/probe_scripts.h
CLEANFILES += %D%/probe_scripts.h

%D%/probe_scripts.h: $(probe_script_sources)
	$(AM_V_GEN)$(MKDIR_P) %D%; \
	{ \
		echo '/* Made from the scripts in %D% by assemble.awk. */'; \
		echo '#ifndef PROBE_PROBE_SCRIPTS_H'; \
		echo '#define PROBE_PROBE_SCRIPTS_H'; \
		echo '#include <stddef.h>'; \
		for name in $(probe_script_names); do \
			$(AWK) -v c=script_$$name -f $(srcdir)/src/remote/hr1/assemble.awk \
				$(srcdir)/%D%/$$name.sh || exit 1; \
		done; \
		echo '#endif'; \
	} >$@.tmp && mv $@.tmp $@
