# The list of record types in handrail-journal(5) comes from the table that the program
# uses. Prints the page with the list made anew between its BEGIN and END marks:
# awk -f man/event-types.awk src/event/event_table.h man/handrail-journal.5
function add_row(row,    n, piece, keys, says, m, key, i)
{
	n = split(row, piece, "\"") # 2: name, 4, 6, ...: keys in pieces, then what it says
	keys = piece[4]
	for (i = 6; i < n; i += 2)
		if (says != "" || piece[i - 1] ~ /,/)
			says = says piece[i]
		else
			keys = keys piece[i]
	list = list ".It Cm " piece[2] "\n"
	list = list toupper(substr(says, 1, 1)) substr(says, 2) ".\n"
	if (piece[3] !~ /1/)
		list = list "May be synced together with others.\n"
	m = split(keys, key, " ")
	for (i = 1; i <= m; i++)
		list = list (i == 1 ? ".Pq Va " : " , ") key[i] (i == m ? "\n" : "")
}

FNR == 1 { files++ }
files == 1 && /^[ \t]*X\(/ { row = "" }
files == 1 && /^[ \t]*(X\(|")/ { row = row $0 }
files == 1 && /\)[ \t]*\\?$/ && row != "" { add_row(row); row = "" }
files == 1 { next }
/^\.\\" END event types/ { skipping = 0 }
!skipping { print }
/^\.\\" BEGIN event types/ { printf "%s", list; skipping = 1 }
