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

# The schemas, for editors: printed by the program, installed where docs/editors.md says.
schemadir = $(pkgdatadir)/schema
SCHEMAS = %D%/schema/runbook-1.json %D%/schema/config-1.json %D%/schema/answers-1.json \
	%D%/schema/theme-1.json %D%/schema/keys-1.json %D%/schema/settings-1.json \
	%D%/schema/scenario-1.json %D%/schema/test-1.json
nodist_schema_DATA = $(SCHEMAS)
CLEANFILES += $(SCHEMAS)

$(SCHEMAS): handrail$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && name=`basename $@ -1.json` && \
		./handrail$(EXEEXT) schema $$name >$@.tmp && mv $@.tmp $@
