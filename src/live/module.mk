# src/live: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += liblive.a
liblive_a_SOURCES =
liblive_a_SOURCES += %D%/assemble.c %D%/assemble.h
liblive_a_SOURCES += %D%/box.c %D%/box.h
liblive_a_SOURCES += %D%/boxes.c %D%/boxes.h
liblive_a_SOURCES += %D%/boxfacts.c %D%/boxfacts.h
liblive_a_SOURCES += %D%/boxread.c %D%/boxread.h
liblive_a_SOURCES += %D%/journalrec.c %D%/journalrec.h
liblive_a_SOURCES += %D%/loglevel.c %D%/loglevel.h
liblive_a_SOURCES += %D%/logparse.c %D%/logparse.h
liblive_a_SOURCES += %D%/logs.c %D%/logs.h %D%/logs_line.c %D%/logsinner.h
liblive_a_SOURCES += %D%/logstore.c %D%/logstore.h
liblive_a_SOURCES += %D%/logtime.c %D%/logtime.h
liblive_a_SOURCES += %D%/query.c %D%/query.h
