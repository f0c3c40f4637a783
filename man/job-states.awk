# The list of states that leave an outcome unknown in handrail-journal(5) comes from the table
# that the program uses.
# Prints the page with the list made anew between its BEGIN and END marks:
# awk -f man/job-states.awk src/model/jobstate.h man/handrail-journal.5
# Sentences begin a line of their own, and no line is longer than mandoc likes.
function wrapped(text,    word, n, i, line, out)
{
	n = split(text, word, " ")
	for (i = 1; i <= n; i++) {
		if (line != "" && length(line) + length(word[i]) > 75) {
			out = out line "\n"
			line = ""
		}
		line = line (line == "" ? "" : " ") word[i]
		if (word[i] ~ /\.$/) {
			out = out line "\n"
			line = ""
		}
	}
	return out (line == "" ? "" : line "\n")
}

function add_row(row,    piece)
{
	gsub(/"[ \t\\]*"/, "", row) # a text in pieces
	split(row, piece, "\"") # 2: name, 4: what it means, 6: where to look
	if (piece[6] == "")
		return
	list = list ".It Cm " piece[2] "\n"
	list = list wrapped(toupper(substr(piece[4], 1, 1)) substr(piece[4], 2) ".")
	list = list wrapped(piece[6])
}

FNR == 1 { files++ }
files == 1 && /^[ \t]*X\(/ { row = "" }
files == 1 && /^[ \t]*(X\(|")/ { row = row $0 }
files == 1 && /\)[ \t]*\\?$/ && row != "" { add_row(row); row = "" }
files == 1 { next }
/^\.\\" END job states/ { skipping = 0 }
!skipping { print }
/^\.\\" BEGIN job states/ { printf "%s", list; skipping = 1 }
