# src/audit: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libaudit.a
libaudit_a_SOURCES =
libaudit_a_SOURCES += %D%/armour.c %D%/armour.h
libaudit_a_SOURCES += %D%/certkey.c %D%/certkey.h
libaudit_a_SOURCES += %D%/keyfile.c %D%/keyfile.h
libaudit_a_SOURCES += %D%/report.c %D%/report.h
libaudit_a_SOURCES += %D%/reportback.c %D%/reportback.h
libaudit_a_SOURCES += %D%/reporthtml.c %D%/reportinner.h
libaudit_a_SOURCES += %D%/reportjson.c
libaudit_a_SOURCES += %D%/rundiff.c %D%/rundiff.h
libaudit_a_SOURCES += %D%/sign.c %D%/sign.h
libaudit_a_SOURCES += %D%/stated.c %D%/stated.h
libaudit_a_SOURCES += %D%/vouch.c %D%/vouch.h
