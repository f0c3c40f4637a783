# src/ui: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libui.a
libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSES_CFLAGS)
libui_a_SOURCES =
# libui_a_SOURCES += %D%/stem.c %D%/stem.h
