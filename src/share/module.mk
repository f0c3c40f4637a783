# src/share: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libshare.a
libshare_a_SOURCES =
libshare_a_SOURCES += %D%/afar.c %D%/afar.h
libshare_a_SOURCES += %D%/blobsend.c %D%/blobsend.h
libshare_a_SOURCES += %D%/bookwalk.c %D%/bookwalk.h
libshare_a_SOURCES += %D%/cons.c %D%/cons.h
libshare_a_SOURCES += %D%/cursor.c %D%/cursor.h
libshare_a_SOURCES += %D%/hexed.c %D%/hexed.h
libshare_a_SOURCES += %D%/inbox.c %D%/inbox.h
libshare_a_SOURCES += %D%/lease.c %D%/lease.h
libshare_a_SOURCES += %D%/letter.c %D%/letter.h
libshare_a_SOURCES += %D%/mirror.c %D%/mirror.h
libshare_a_SOURCES += %D%/storelink.c %D%/storelink.h
libshare_a_SOURCES += %D%/storesql.c %D%/storesql.h

# The schema is compiled in from the very file that ships.
EXTRA_DIST += %D%/store.sql
BUILT_SOURCES += %D%/store_sql.h
CLEANFILES += %D%/store_sql.h
%D%/store_sql.h: %D%/store.sql src/app/embed.awk
	$(AM_V_GEN)$(MKDIR_P) %D%; $(AWK) -v c=store_sql -f $(srcdir)/src/app/embed.awk \
		$(srcdir)/src/share/store.sql >$@.tmp && mv $@.tmp $@

%D%/libshare_a-storesql.$(OBJEXT): %D%/store_sql.h
%D%/storesql.$(OBJEXT): %D%/store_sql.h
