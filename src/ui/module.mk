# src/ui: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libui.a
libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSES_CFLAGS)
libui_a_SOURCES =
libui_a_SOURCES += %D%/keys.c %D%/keys.h
libui_a_SOURCES += %D%/paint.c %D%/paint.h
libui_a_SOURCES += %D%/palette.c %D%/palette.h
libui_a_SOURCES += %D%/term.c %D%/term.h
libui_a_SOURCES += %D%/termsafe.c %D%/termsafe.h
libui_a_SOURCES += %D%/uilibs.c %D%/uilibs.h

# The built-in themes, in the words of a theme file.
nobase_dist_pkgdata_DATA += themes/mono.yaml themes/terminal.yaml
