# src/app: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libapp.a
libapp_a_SOURCES =
# libapp_a_SOURCES += %D%/stem.c %D%/stem.h
libapp_a_CPPFLAGS = $(AM_CPPFLAGS) -DHR_LIBEXECDIR='"$(pkglibexecdir)"' \
	-DHR_DATADIR='"$(pkgdatadir)"' -DHR_SYSCONFDIR='"$(sysconfdir)"'

bin_PROGRAMS += handrail
handrail_SOURCES = %D%/main.c
handrail_LDADD = $(APP_LIBS)
