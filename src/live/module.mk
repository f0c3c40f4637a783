# src/live: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += liblive.a
liblive_a_SOURCES =
liblive_a_SOURCES += %D%/assemble.c %D%/assemble.h
liblive_a_SOURCES += %D%/board.c %D%/board.h %D%/board_next.c %D%/board_show.c
liblive_a_SOURCES += %D%/boardinner.h
liblive_a_SOURCES += %D%/journalrec.c %D%/journalrec.h
liblive_a_SOURCES += %D%/loglevel.c %D%/loglevel.h
liblive_a_SOURCES += %D%/logparse.c %D%/logparse.h
liblive_a_SOURCES += %D%/logs.c %D%/logs.h %D%/logs_line.c %D%/logsinner.h
liblive_a_SOURCES += %D%/logstore.c %D%/logstore.h
liblive_a_SOURCES += %D%/logtime.c %D%/logtime.h
liblive_a_SOURCES += %D%/query.c %D%/query.h
liblive_a_SOURCES += %D%/vital.c %D%/vital.h %D%/vital_put.c %D%/vital_sums.c
liblive_a_SOURCES += %D%/vitalinner.h
