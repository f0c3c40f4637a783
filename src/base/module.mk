# src/base: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libbase.a
libbase_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(UTF8PROC_CFLAGS) $(PCRE2_CFLAGS)
libbase_a_SOURCES =
# libbase_a_SOURCES += %D%/stem.c %D%/stem.h
