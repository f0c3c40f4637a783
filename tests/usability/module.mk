# How first-time users walked; nothing here is run.

EXTRA_DIST += %D%/README.md %D%/hand-over.md %D%/owed.md %D%/restore.md %D%/rollback.md \
	%D%/skip.md
