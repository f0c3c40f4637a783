# The script of CP1 as C: an array of lines, cp1_copy[], ending with NULL.
cp1_sources = %D%/copy.sh
EXTRA_DIST += %D%/README $(cp1_sources)
BUILT_SOURCES += %D%/cp1_scripts.h
CLEANFILES += %D%/cp1_scripts.h

%D%/cp1_scripts.h: $(cp1_sources) src/remote/hr1/assemble.awk
	$(AM_V_GEN)$(MKDIR_P) %D%; \
	{ \
		echo '/* Made from the script in %D% by assemble.awk. */'; \
		echo '#ifndef REMOTE_CP1_SCRIPTS_H'; \
		echo '#define REMOTE_CP1_SCRIPTS_H'; \
		echo '#include <stddef.h>'; \
		$(AWK) -v c=cp1_copy -f $(srcdir)/src/remote/hr1/assemble.awk \
			$(srcdir)/%D%/copy.sh || exit 1; \
		echo '#endif'; \
	} >$@.tmp && mv $@.tmp $@
