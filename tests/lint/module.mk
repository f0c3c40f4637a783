# The tree itself: layers, purity, homes of libraries, lengths, format, stale prose. Each is a
# script that first checks itself on a seeded defect; tests/lint/lint.sh has what they share.
LINT_TESTS = \
	%D%/deps.test \
	%D%/dist.test \
	%D%/docs.test \
	%D%/format.test \
	%D%/globals.test \
	%D%/headers.test \
	%D%/homes.test \
	%D%/layers.test \
	%D%/length.test \
	%D%/man.test \
	%D%/names.test \
	%D%/probes.test \
	%D%/prose.test \
	%D%/purity.test \
	%D%/shell.test \
	%D%/words.test
SCRIPT_TESTS += $(LINT_TESTS)
EXTRA_DIST += \
	%D%/globals.allow \
	%D%/length.ratchet \
	%D%/lint.sh \
	%D%/names.allow
