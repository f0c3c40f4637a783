# A text file as C: awk -v c=NAME -f embed.awk FILE gives `static const char NAME[]`.
BEGIN { print "static const char " c "[] =" }
{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	gsub(/\?/, "\\?") # no trigraphs
	gsub(/\t/, "\\t")
	print "\t\"" $0 "\\n\""
}
END { print "\t;" }
