# Manual pages in mdoc, linted with mandoc: dist_man_MANS += %D%/handrail.1
