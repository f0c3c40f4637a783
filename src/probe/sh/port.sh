# Who listens on TCP port HRP_SUBJECT of this host: state listening or closed, names the
# addresses. Reads what the kernel says; needs no program that lists sockets.
p_port() {
#@INCLUDE lib.sh
	p_need awk
	[ -r /proc/net/tcp ] || p_cannot 'this host does not tell its sockets (/proc/net/tcp)'
	tables=/proc/net/tcp
	[ ! -r /proc/net/tcp6 ] || tables="$tables /proc/net/tcp6"
	# shellcheck disable=SC2086 # two names without blanks
	awk '
		function hex(s,    i, n) {
			for (i = 1; i <= length(s); i++)
				n = n * 16 + index("0123456789ABCDEF", substr(s, i, 1)) - 1
			return n + 0
		}
		function four(s) {
			return hex(substr(s, 7, 2)) "." hex(substr(s, 5, 2)) "." \
				hex(substr(s, 3, 2)) "." hex(substr(s, 1, 2))
		}
		# Words of four bytes, each in the order of the machine.
		function six(s,    i, w, t) {
			if (s == "00000000000000000000000000000000") return "[::]"
			if (s == "00000000000000000000000001000000") return "[::1]"
			if (substr(s, 1, 24) == "0000000000000000FFFF0000") return four(substr(s, 25))
			for (i = 0; i < 4; i++) {
				w = substr(s, i * 8 + 1, 8)
				t = t (i ? ":" : "") tolower(substr(w, 7, 2) substr(w, 5, 2)) ":" \
					tolower(substr(w, 3, 2) substr(w, 1, 2))
			}
			return "[" t "]"
		}
		BEGIN { port = ENVIRON["HRP_SUBJECT"] + 0 }
		$4 == "0A" {
			split($2, at, ":")
			if (hex(at[2]) != port) next
			name = (length(at[1]) == 8 ? four(at[1]) : six(at[1])) ":" port
			if (!(name in seen)) print "names " name
			seen[name] = 1
			n++
		}
		END {
			print n ? "state listening" : "state closed"
			if (!n) print "names "
		}' $tables || p_cannot 'awk failed'
	p_end
}
p_port
