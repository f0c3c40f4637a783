# The five source documents and the ledger that says, line by line, what becomes of them.

SCRIPT_TESTS += %D%/boxes.test %D%/traced.test
EXTRA_DIST += %D%/README.md %D%/SHA256SUMS %D%/check-seeds %D%/traced %D%/onestep \
	%D%/S0.md %D%/S1.md %D%/S2.md %D%/S3.md %D%/S4.md \
	%D%/boxes.tsv %D%/prose.tsv %D%/runbooks.tsv %D%/words.tsv
