# Tools that stand beside handrail: dist_pkgdata_SCRIPTS += %D%/verify

dist_pkgdata_SCRIPTS += %D%/verify

# Completions: printed by the program from its option table, installed where each shell looks.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
nodist_bashcompletion_DATA = %D%/bash/handrail
nodist_zshcompletion_DATA = %D%/zsh/_handrail
nodist_fishcompletion_DATA = %D%/fish/handrail.fish
COMPLETIONS = $(nodist_bashcompletion_DATA) $(nodist_zshcompletion_DATA) \
	$(nodist_fishcompletion_DATA)
CLEANFILES += $(COMPLETIONS)

$(COMPLETIONS): handrail$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && shell=`basename $(@D)` && \
		./handrail$(EXEEXT) completion $$shell >$@.tmp && mv $@.tmp $@

# What runs `handrail tick`, to be copied to where the user's systemd or cron looks.
tickdir = $(pkgdatadir)/tick
dist_tick_DATA = %D%/systemd/handrail-tick.service %D%/systemd/handrail-tick.timer \
	%D%/cron/handrail-tick
