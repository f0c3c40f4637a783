# Manual pages in mdoc, linted with mandoc: dist_man_MANS += %D%/handrail.1

dist_man_MANS += %D%/handrail-journal.5
EXTRA_DIST += %D%/event-types.awk
