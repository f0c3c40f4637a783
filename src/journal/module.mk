# src/journal: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libjournal.a
libjournal_a_SOURCES =
libjournal_a_SOURCES += %D%/acts.c %D%/acts.h
libjournal_a_SOURCES += %D%/batch.c
libjournal_a_SOURCES += %D%/blob.c %D%/blob.h
libjournal_a_SOURCES += %D%/book.h
libjournal_a_SOURCES += %D%/examine.c %D%/examine.h
libjournal_a_SOURCES += %D%/gates.c %D%/gates.h
libjournal_a_SOURCES += %D%/heads.c %D%/heads.h
libjournal_a_SOURCES += %D%/journal.c %D%/journal.h
libjournal_a_SOURCES += %D%/relocate.c %D%/relocate.h
libjournal_a_SOURCES += %D%/scan.c %D%/scan.h
libjournal_a_SOURCES += %D%/seconds.c %D%/seconds.h
libjournal_a_SOURCES += %D%/verify.c %D%/verify.h
