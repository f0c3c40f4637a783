# Puts a script of this folder together: awk -f assemble.awk start.sh
# Replaces "#@INCLUDE file" by that file (of the same folder), drops comments and blank
# lines, keeps the markers #@PARAMS, #@SPEC and #@ENV, which are filled when it is sent.
# With -v c=NAME the result is C: an array of lines that ends with NULL.
function emit(line)
{
	if (c == "") {
		print line
		return
	}
	gsub(/\\/, "&&", line)
	gsub(/"/, "\\\"", line)
	gsub(/\?/, "\\?", line) # no trigraphs
	gsub(/\t/, "\\t", line)
	print "\t\"" line "\","
}

function put(path,    line, got)
{
	while ((got = (getline line <path)) > 0) {
		if (line ~ /^#@INCLUDE /)
			put(dir substr(line, 11))
		else if (line ~ /^#@(PARAMS|SPEC|ENV)$/)
			emit(line)
		else if (line !~ /^[ \t]*(#|$)/)
			emit(line)
	}
	if (got < 0) {
		print "assemble.awk: cannot read " path | "cat 1>&2"
		exit 1
	}
	close(path)
}

BEGIN {
	path = ARGV[1]
	dir = path
	if (!sub(/[^\/]*$/, "", dir))
		dir = ""
	if (c != "")
		print "static const char *const " c "[] = {"
	put(path)
	if (c != "")
		print "\tNULL,\n};"
	exit 0
}
