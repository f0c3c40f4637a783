# shellcheck shell=sh
# Sourced by tests/lint/*.test: TAP lines, a scratch folder, and where things are. Every lint
# checks itself first on a seeded defect, so that a scan that sees nothing cannot pass.
set -u

: "${SRCDIR:?run by make check}" "${BUILDDIR:?run by make check}"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/handrail-lint.XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
lint_count=0

# A .sh file is sourced by every lint: these are read there.
# shellcheck disable=SC2034
LAYERS=$SRCDIR/src/LAYERS
# shellcheck disable=SC2034
FLAGS="-std=c11 -D_GNU_SOURCE -I$SRCDIR/src -I$BUILDDIR/src -I$BUILDDIR"

# ok NAME
ok()
{
	lint_count=$((lint_count + 1))
	echo "ok $lint_count - $1"
}

# skip NAME REASON
skip()
{
	lint_count=$((lint_count + 1))
	echo "ok $lint_count - $1 # SKIP $2"
}

# clean NAME FILE: ok when FILE is empty, else its lines are the complaint.
clean()
{
	lint_count=$((lint_count + 1))
	if [ -s "$2" ]; then
		echo "not ok $lint_count - $1"
		sed 's/^/# /' "$2"
	else
		echo "ok $lint_count - $1"
	fi
}

# seeded NAME FILE PATTERN: ok when FILE (what the scan said about a seeded defect) has a
# line that matches.
seeded()
{
	lint_count=$((lint_count + 1))
	if grep -q -e "$3" "$2"; then
		echo "ok $lint_count - the scan sees $1"
	else
		echo "not ok $lint_count - the scan sees $1"
		sed 's/^/# said: /' "$2"
	fi
}

# layer_rows: "folder|allowed folders|foreign libraries|OS" without comments and padding.
layer_rows()
{
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]*:[[:space:]]*/|/g' \
		-e 's/[[:space:]]\{1,\}/ /g' -e 's/ *$//' "${1:-$LAYERS}"
}

# relative: a filter from absolute names to names below SRCDIR
relative()
{
	sed "s|^$SRCDIR/||"
}

# need_archives: make check builds them all; without one a scan would see nothing and pass.
need_archives()
{
	for folder in $(layer_rows "$LAYERS" | cut -d'|' -f1); do
		if [ ! -e "$BUILDDIR/lib$folder.a" ]; then
			echo "Bail out! lib$folder.a is not built"
			exit 99
		fi
	done
}

# archive FOLDER: its archive in the build folder
archive()
{
	echo "$BUILDDIR/lib$1.a"
}

done_testing()
{
	echo "1..$lint_count"
}
