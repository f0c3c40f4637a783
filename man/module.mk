# Manual pages in mdoc, linted with mandoc: dist_man_MANS += %D%/handrail.1

dist_man_MANS += %D%/handrail.1 %D%/handrail-journal.5 \
	%D%/handrail-readings.5 %D%/handrail-store.5
EXTRA_DIST += %D%/event-types.awk %D%/job-states.awk

# The lists of keys in these come from the table behind the loader; tests/flow/schema.test
# compares, and `make man-update` renews them.
KEYED_MANS = %D%/handrail-config.5 %D%/handrail-keys.5 %D%/handrail-runbook.5 \
	%D%/handrail-scenario.5 \
	%D%/handrail-theme.5
dist_man_MANS += $(KEYED_MANS)
man-update: tools/keys-doc
	for page in $(KEYED_MANS); do \
		tools/keys-doc page $(srcdir)/$$page >page.tmp && \
		cp page.tmp $(srcdir)/$$page || exit 1; \
	done; rm -f page.tmp
