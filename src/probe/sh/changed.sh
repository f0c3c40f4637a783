# What changed between two commits of the repository HRP_SUBJECT: HRP_FROM and HRP_TO name them,
# HRP_PATHS is a list of patterns, one a line ('': everything), HRP_LINES what a line that came
# or went must fit ('': anything). state is changed or unchanged, count and names the files that
# count, from and to the commits, sha256 that of the names of all files that differ, as
#   GIT_NO_REPLACE_OBJECTS=1 git -c core.quotePath=true diff-tree -r --no-renames --name-only FROM TO
# prints them. A pattern is a file, or a folder with all that is in it. Nobody sees here what is
# in a submodule: one that changed counts where a pattern reaches into it, or lines are asked
# for. Where git cannot tell, nothing is told: a shallow clone, a revision it does not know or
# of which there are two, a pattern that no file of either commit fits.
p_changed() {
#@INCLUDE lib.sh
	p_need git
	export GIT_OPTIONAL_LOCKS=0 GIT_TERMINAL_PROMPT=0 GIT_CONFIG_NOSYSTEM=1
	export GIT_NO_REPLACE_OBJECTS=1
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_NAMESPACE \
		GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_EXTERNAL_DIFF GIT_DIFF_OPTS \
		GIT_LITERAL_PATHSPECS GIT_GLOB_PATHSPECS GIT_NOGLOB_PATHSPECS GIT_ICASE_PATHSPECS
	case $HRP_SUBJECT in
	'~/'*) tree=$HOME/${HRP_SUBJECT#??} ;;
	*) tree=$HRP_SUBJECT ;;
	esac
	[ -d "$tree" ] || p_cannot "there is no folder $HRP_SUBJECT"
	cd -- "$tree" 2>/dev/null || p_cannot "$HRP_SUBJECT cannot be entered"
	p_git_() {
		LC_ALL=C git -c core.warnAmbiguousRefs=true -c core.fsmonitor=false -c core.hooksPath=/dev/null -c protocol.allow=never \
			-c core.quotePath=true -c core.attributesFile=/dev/null "$@"
	}
	said=$(p_git_ rev-parse --git-dir 2>&1) || p_cannot "git: $said"
	[ "$(p_git_ rev-parse --is-shallow-repository 2>/dev/null)" = false ] ||
		p_cannot "$HRP_SUBJECT is a shallow clone: what it lacks may be what changed (git fetch --unshallow)"
	# The commit that $1 names, in $commit.
	p_commit() {
		case $1 in
		'') p_cannot 'a revision is empty' ;;
		-*) p_cannot "$1 is no revision" ;;
		esac
		case $(p_git_ rev-parse --verify "$1^{commit}" 2>&1 >/dev/null) in
		*ambiguous*) p_cannot "$HRP_SUBJECT knows several revisions $1: name one in full, as refs/heads/$1 or refs/tags/$1" ;;
		esac
		commit=$(p_git_ rev-parse --verify -q "$1^{commit}" 2>/dev/null) &&
			[ -n "$commit" ] ||
			p_cannot "$HRP_SUBJECT knows no revision $1"
		case $commit in
		*[!0-9a-f]*) p_cannot "$1 is no single revision" ;;
		esac
	}
	p_commit "$HRP_FROM"
	from=$commit
	p_commit "$HRP_TO"
	to=$commit
	p_diff() {
		p_git_ diff-tree -r --no-renames --name-only --no-ext-diff --no-textconv \
			--ignore-submodules=none -O/dev/null "$@"
	}
	# Warnings are no names: what git says beside them counts only where it fails.
	p_failed() {
		p_cannot "git: $("$@" 2>&1 >/dev/null)"
	}
	all=$(p_diff "$from" "$to" 2>/dev/null) || p_failed p_diff "$from" "$to"
	p_lines() {
		[ -z "$1" ] || printf '%s\n' "$1"
	}
	# Paths of submodules in what ls-tree -r and diff-tree --raw print.
	p_modules() {
		p_lines "$1" | awk -F '\t' '/^:?(160000|[0-7]+ 160000) / { print $2 }'
	}
	# Can $1 fit something in the submodule $2? A name that git quotes is taken to.
	p_reaches() {
		case $2 in '"'*) return 0 ;; esac
		case ${1%/}/ in "$2"/*) return 0 ;; esac
		case $2/ in "${1%/}"/*) return 0 ;; esac
		plain=${1%%[*?[\\]*}
		[ "$plain" != "$1" ] || return 1
		case $2/ in "$plain"*) return 0 ;; esac
		return 1
	}
	none=$(p_git_ hash-object -t tree /dev/null 2>/dev/null) ||
		p_failed p_git_ hash-object -t tree /dev/null
	modules=$(p_git_ ls-tree -r "$from" 2>/dev/null && p_git_ ls-tree -r "$to" 2>/dev/null) ||
		p_cannot "git does not list what is in $HRP_FROM and $HRP_TO"
	modules=$(p_modules "$modules")
	moved=$(p_git_ diff-tree -r --no-renames --raw --ignore-submodules=none "$from" "$to" 2>/dev/null) ||
		p_failed p_git_ diff-tree -r --raw "$from" "$to"
	moved=$(p_modules "$moved")
	reached=
	[ -n "$HRP_PATHS" ] || [ -z "$HRP_LINES" ] || reached=$moved
	set -f
	ifs=$IFS
	IFS='
'
	set --
	for one in $HRP_PATHS; do
		set -- "$@" ":(top,glob)${one%/}" ":(top,glob)${one%/}/**"
		there=
		for module in $modules; do
			! p_reaches "$one" "$module" || there=$module
		done
		for module in $moved; do
			! p_reaches "$one" "$module" || reached="$reached
$module"
		done
		for commit in "$from" "$to"; do
			[ -z "$there" ] || break
			there=$(p_diff "$none" "$commit" -- ":(top,glob)${one%/}" ":(top,glob)${one%/}/**" 2>/dev/null) ||
				p_failed p_diff "$none" "$commit" -- ":(top,glob)${one%/}"
		done
		[ -n "$there" ] || p_cannot "no file of either revision is one of $one"
	done
	IFS=$ifs
	set +f
	if [ -n "$HRP_LINES" ]; then
		set -- --text "-G$HRP_LINES" "$from" "$to" -- "$@"
	else
		set -- "$from" "$to" -- "$@"
	fi
	ours=$(p_diff "$@" 2>/dev/null) || p_failed p_diff "$@"
	[ -z "$reached" ] || ours=$(printf '%s\n%s\n' "$ours" "$reached" | sed '/^$/d' | LC_ALL=C sort -u)
	if command -v sha256sum >/dev/null 2>&1; then
		sum=$(p_lines "$all" | sha256sum)
	else
		p_need shasum
		sum=$(p_lines "$all" | shasum -a 256)
	fi
	echo "from $from"
	echo "to $to"
	echo "sha256 ${sum%% *}"
	count=$(p_lines "$ours" | awk 'END { print NR }')
	echo "count $count"
	echo "value $count"
	if [ -z "$ours" ]; then
		echo 'state unchanged'
		echo 'names '
	else
		echo 'state changed'
		p_lines "$ours" | awk 'NR <= 20 { print "names " substr($0, 1, 200) }'
	fi
	[ "$from" != "$to" ] || echo 'because both revisions are one commit'
	p_end
}
p_changed
