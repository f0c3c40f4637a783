# src/load: one line per file, .c and .h, sorted. The archive holds all of them.
noinst_LIBRARIES += libload.a
libload_a_CPPFLAGS = $(AM_CPPFLAGS) $(YAML_CFLAGS) $(MD4C_CFLAGS)
libload_a_SOURCES =
libload_a_SOURCES += %D%/complaints.c %D%/complaints.h
libload_a_SOURCES += %D%/expectread.c %D%/expectread.h
libload_a_SOURCES += %D%/hostread.c %D%/hostread.h
libload_a_SOURCES += %D%/idtable.c %D%/idtable.h
libload_a_SOURCES += %D%/inputread.c %D%/inputread.h
libload_a_SOURCES += %D%/keyed.c %D%/keyed.h
libload_a_SOURCES += %D%/load.c %D%/load.h
libload_a_SOURCES += %D%/load_answers.c
libload_a_SOURCES += %D%/load_keys.c
libload_a_SOURCES += %D%/load_project.c
libload_a_SOURCES += %D%/load_summary.c
libload_a_SOURCES += %D%/load_theme.c
libload_a_SOURCES += %D%/loading.c %D%/loading.h
libload_a_SOURCES += %D%/proberead.c %D%/proberead.h
libload_a_SOURCES += %D%/runbookread.c %D%/runbookread.h
libload_a_SOURCES += %D%/scalar.c %D%/scalar.h
libload_a_SOURCES += %D%/schema.c %D%/schema.h
libload_a_SOURCES += %D%/stepacts.c %D%/stepacts.h
libload_a_SOURCES += %D%/stepname.c %D%/stepname.h
libload_a_SOURCES += %D%/stepread.c %D%/stepread.h
libload_a_SOURCES += %D%/ydoc.c %D%/ydoc.h

# Prints the schemas and the lists of keys in the manual pages.
TEST_HELPERS += tools/keys-doc
tools_keys_doc_SOURCES = tools/keys-doc.c
tools_keys_doc_LDADD = libload.a libview.a librun.a liblive.a libevent.a libmodel.a libbase.a \
	$(LOAD_EXT) $(BASE_EXT)
