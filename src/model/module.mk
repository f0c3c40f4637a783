# src/model: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libmodel.a
libmodel_a_SOURCES =
# libmodel_a_SOURCES += %D%/stem.c %D%/stem.h
