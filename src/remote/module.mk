# src/remote: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libremote.a
libremote_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(PQ_CFLAGS) $(HIREDIS_CFLAGS) $(SSL_CFLAGS) $(CARES_CFLAGS)
libremote_a_SOURCES =
# libremote_a_SOURCES += %D%/stem.c %D%/stem.h

include src/remote/hr1/module.mk
