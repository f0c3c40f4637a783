# The scripts of FL1 as C: arrays of lines, fl1_file[] and so on, ending with NULL.
fl1_names = file command mux
fl1_sources = %D%/alone.sh %D%/command.sh %D%/file.sh %D%/filebody.sh %D%/lib.sh \
	%D%/mux.sh %D%/piecebody.sh
EXTRA_DIST += %D%/README $(fl1_sources)
BUILT_SOURCES += %D%/fl1_scripts.h
CLEANFILES += %D%/fl1_scripts.h

%D%/fl1_scripts.h: $(fl1_sources) src/remote/hr1/assemble.awk
	$(AM_V_GEN)$(MKDIR_P) %D%; \
	{ \
		echo '/* Made from the scripts in %D% by assemble.awk. */'; \
		echo '#ifndef REMOTE_FL1_SCRIPTS_H'; \
		echo '#define REMOTE_FL1_SCRIPTS_H'; \
		echo '#include <stddef.h>'; \
		for name in $(fl1_names); do \
			$(AWK) -v c=fl1_$$name -f $(srcdir)/src/remote/hr1/assemble.awk \
				$(srcdir)/%D%/$$name.sh || exit 1; \
		done; \
		echo '#endif'; \
	} >$@.tmp && mv $@.tmp $@
