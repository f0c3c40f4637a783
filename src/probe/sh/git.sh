# The working tree HRP_SUBJECT: state is clean, or dirty, or, with HRP_BRANCH, the branch it is
# on instead; value is its tag, else its commit; age that of the commit. Runs nothing of the
# tree's own configuration.
p_git() {
#@INCLUDE lib.sh
	p_need git
	export GIT_OPTIONAL_LOCKS=0 GIT_TERMINAL_PROMPT=0 GIT_CONFIG_NOSYSTEM=1
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
	case $HRP_SUBJECT in
	'~/'*) tree=$HOME/${HRP_SUBJECT#??} ;;
	*) tree=$HRP_SUBJECT ;;
	esac
	[ -d "$tree" ] || p_none "there is no folder $HRP_SUBJECT"
	cd -- "$tree" 2>/dev/null || p_cannot "$HRP_SUBJECT cannot be entered"
	p_git_() {
		git -c core.fsmonitor=false -c core.hooksPath=/dev/null "$@"
	}
	said=$(p_git_ rev-parse --show-toplevel 2>&1) || {
		case $said in
		*'not a git repository'*) p_none "$HRP_SUBJECT is no working tree of git" ;;
		esac
		p_cannot "git: $said"
	}
	head=$(p_git_ rev-parse --verify -q HEAD 2>/dev/null) || p_none 'it has no commit'
	at=$(p_git_ log -1 --format=%ct HEAD 2>/dev/null) || p_cannot 'git log failed'
	now=$(date +%s)
	[ "$at" -gt $((now + 5)) ] || echo "age $((now > at ? now - at : 0))"
	tag=$(p_git_ describe --tags --exact-match HEAD 2>/dev/null) || tag=$head
	echo "value $(printf %s "$tag" | p_words)"
	changed=$(p_git_ status --porcelain --ignore-submodules=all 2>&1) || p_cannot "git: $changed"
	branch=$(p_git_ symbolic-ref -q --short HEAD 2>/dev/null) || branch=detached
	if [ -n "$changed" ]; then
		echo 'state dirty'
		echo "because $(printf '%s\n' "$changed" | awk 'END { print NR }') paths differ from the commit"
	elif [ -n "$HRP_BRANCH" ] && [ "$branch" != "$HRP_BRANCH" ]; then
		echo "state branch $(printf %s "$branch" | p_words)"
	else
		echo 'state clean'
	fi
	p_end
}
p_git
