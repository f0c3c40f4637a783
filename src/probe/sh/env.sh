# Variables by rules. Where from: HRP_CONTAINER, HRP_DOTENV (a file of NAME=VALUE lines),
# HRP_PROCESS (a number, or the name of a program), else this account's own.
# HRP_RULES: lines "there NAME", "equals NAME VALUE", "length NAME N", "range NAME LOW HIGH",
# "without NAME", "refused VALUE". NAME.part (scheme user host port path) is a part of a URL.
# Whoever tells the variables ends with a line "."; what did not come whole judges nothing.
# Of a value nothing is ever said but a verdict in words and its length by class.
p_env() {
#@INCLUDE lib.sh
	p_need awk
	# NAME=VALUE with NUL between them to one line each; a line end in a value is \001.
	p_lines() {
		tr '\n\000' '\001\n'
	}
	p_process() {
		{ cat && printf '\000.\000'; } 2>/dev/null <"/proc/$1/environ" | p_lines | p_judge
	}
	p_judge() {
		awk '
			function lower_has(v) { return (tolower(v) in usual) || (v in refused) }
			function class(n) {
				return n == 0 ? "empty" : n < 8 ? "1..7 long" : n < 16 ? "8..15 long" : \
					n < 32 ? "16..31 long" : n < 64 ? "32..63 long" : "64 or longer"
			}
			function part(v, which,    rest, at, scheme, user, hostport, path, port) {
				if (!match(v, /^[A-Za-z][A-Za-z0-9+.-]*:\/\//)) return ""
				scheme = substr(v, 1, RLENGTH - 3)
				rest = substr(v, RLENGTH + 1)
				if (match(rest, /[\/?#]/)) {
					path = substr(rest, RSTART)
					rest = substr(rest, 1, RSTART - 1)
				}
				if ((at = index(rest, "@")) > 0) {
					while (index(substr(rest, at + 1), "@"))
						at += index(substr(rest, at + 1), "@")
					user = substr(rest, 1, at - 1)
					sub(/:.*/, "", user)
					rest = substr(rest, at + 1)
				}
				hostport = rest
				if (match(hostport, /:[0-9]+$/)) {
					port = substr(hostport, RSTART + 1)
					hostport = substr(hostport, 1, RSTART - 1)
				}
				sub(/[?#].*/, "", path)
				sub(/^\//, "", path)
				if (which == "scheme") return scheme
				if (which == "user") return user
				if (which == "host") return hostport
				if (which == "port") return port
				return path
			}
			function wrong(name, words) {
				if (name in bad) return
				bad[name] = 1
				n++
				print "names " name " " words
				if (n <= 8) why = why (n > 1 ? ", " : "") name " " words
			}
			function value_of(name,    dot) {
				if (name in value) return value[name]
				dot = index(name, ".")
				return dot ? part(value[substr(name, 1, dot - 1)], substr(name, dot + 1)) : ""
			}
			function is_there(name) {
				sub(/\..*/, "", name)
				return name in value
			}
			{
				last = $0
				eq = index($0, "=")
				if (eq > 1) value[substr($0, 1, eq - 1)] = substr($0, eq + 1)
			}
			END {
				if (last != ".") {
					print "cannot the variables did not come whole"
					exit
				}
				many = split("changeme change-me change_me secret password passwd pass default " \
					"admin root postgres test example dev development insecure " \
					"supersecret your-secret-key your_secret_key 123456 12345678 letmein", word, " ")
				for (i = 1; i <= many; i++) usual[word[i]] = 1
				rules = split(ENVIRON["HRP_RULES"], rule, "\n")
				for (i = 1; i <= rules; i++)
					if (index(rule[i], "refused ") == 1) refused[substr(rule[i], 9)] = 1
				for (i = 1; i <= rules; i++) {
					if (index(rule[i], "refused ") == 1) continue
					split(rule[i], w, " ")
					kind = w[1]; name = w[2]
					if (kind == "") continue
					if (kind == "without") {
						if (name in value) wrong(name, "must not be set")
						continue
					}
					if (!is_there(name)) { wrong(name, "is missing"); continue }
					v = value_of(name)
					long = length(v)
					if (kind == "there" && long == 0) wrong(name, "is empty")
					if (kind == "there" && name ~ /SECRET|PASSW|TOKEN|KEY|SALT/ && lower_has(v))
						wrong(name, "is a known default")
					if (kind == "there" && (v in refused)) wrong(name, "is a refused value")
					if (kind == "length" && lower_has(v)) wrong(name, "is a known default")
					if (kind == "length" && long < w[3]) wrong(name, "is too short (" class(long) ")")
					if (kind == "equals") {
						want = substr(rule[i], length(kind) + length(name) + 3)
						if (v "" != want "") wrong(name, "differs")
					}
					if (kind == "range") {
						if (v !~ /^-?[0-9]+(\.[0-9]+)?$/) wrong(name, "is no number")
						else if (v + 0 < w[3] + 0 || v + 0 > w[4] + 0) wrong(name, "is out of range")
					}
				}
				print n ? "present no" : "present yes"
				if (n) print "because " why (n > 8 ? ", and more" : "")
				else print "names "
			}'
	}
	if [ -n "$HRP_CONTAINER" ]; then
		p_engine
		"$engine" inspect --type container --format '{{.State.Status}}' -- "$HRP_CONTAINER" \
			>/dev/null 2>&1 || p_engine_says "$HRP_CONTAINER"
		{
			"$engine" inspect --type container \
				--format '{{range .Config.Env}}{{printf "%s\x00" .}}{{end}}' -- \
				"$HRP_CONTAINER" 2>/dev/null && printf '\000.\000'
		} | p_lines | p_judge
	elif [ -n "$HRP_DOTENV" ]; then
		[ -e "$HRP_DOTENV" ] || p_none "there is no $HRP_DOTENV"
		[ -f "$HRP_DOTENV" ] || p_cannot "$HRP_DOTENV is no regular file"
		[ -r "$HRP_DOTENV" ] || p_cannot "$HRP_DOTENV cannot be read"
		[ "$(tr -dc '\000' <"$HRP_DOTENV" | wc -c)" -eq 0 ] ||
			p_cannot "$HRP_DOTENV is no text of NAME=VALUE lines"
		awk '
			{ sub(/\r$/, ""); sub(/^[ \t]*(export[ \t]+)?/, "") }
			/^#/ || !/^[A-Za-z_][A-Za-z0-9_]*=/ { next }
			{
				eq = index($0, "=")
				v = substr($0, eq + 1)
				q = substr(v, 1, 1)
				if ((q == "\"" || q == "\047") && (e = index(substr(v, 2), q)) > 0)
					v = substr(v, 2, e - 1)
				else
					sub(/[ \t]+(#.*)?$/, "", v)
				print substr($0, 1, eq) v
			}
			END { print "." }' "$HRP_DOTENV" | p_judge
	elif [ -n "$HRP_PROCESS" ]; then
		pid=
		case $HRP_PROCESS in
		*[!0-9]*)
			for f in /proc/[0-9]*/comm; do
				read -r name 2>/dev/null <"$f" || continue
				if [ "$name" = "$HRP_PROCESS" ]; then
					pid=${f#/proc/}
					pid=${pid%/comm}
					break
				fi
			done
			;;
		*) [ ! -d "/proc/$HRP_PROCESS" ] || pid=$HRP_PROCESS ;;
		esac
		[ -n "$pid" ] || p_none "there is no process $HRP_PROCESS"
		[ -r "/proc/$pid/environ" ] && [ -e "/proc/$pid/exe" ] ||
			p_cannot "the environment of process $pid cannot be read"
		p_process "$pid"
	else
		p_process $$
	fi
	p_end
}
p_env
