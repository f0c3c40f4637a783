# Entries of cron whose line holds HRP_SUBJECT: of this account, of the system, and of other
# accounts where they may be read. value is the schedule of the first one; age, when wanted,
# the time since cron last said that it ran it.
p_cron() {
#@INCLUDE lib.sh
	p_need awk
	p_entries() {
		awk -v user="$1" '
			{ sub(/^[ \t]+/, "") }
			/^#/ || !NF || /^[A-Za-z_][A-Za-z_0-9]*[ \t]*=/ { next }
			!index($0, ENVIRON["HRP_SUBJECT"]) { next }
			/^@/ { print $1; next }
			NF > 5 + user { print $1, $2, $3, $4, $5 }'
	}
	p_all() {
		printf '%s\n' "$mine" | p_entries 0
		for f in /etc/crontab /etc/cron.d/*; do
			case ${f##*/} in
			*[!A-Za-z0-9_-]*) continue ;;
			esac
			[ ! -f "$f" ] || p_entries 1 <"$f"
		done
		me=$(id -un 2>/dev/null)
		for f in /var/spool/cron/crontabs/* /var/spool/cron/*; do
			[ "${f##*/}" != "$me" ] || continue
			[ ! -f "$f" ] || ! [ -r "$f" ] || p_entries 0 <"$f"
		done
	}
	command -v crontab >/dev/null 2>&1 || [ -e /etc/crontab ] || [ -d /etc/cron.d ] ||
		p_cannot 'there is no cron here'
	for f in /etc/crontab /etc/cron.d /etc/cron.d/*; do
		[ ! -e "$f" ] || [ -r "$f" ] || p_cannot "$f cannot be read"
	done
	mine=''
	if command -v crontab >/dev/null 2>&1; then
		mine=$(crontab -l 2>&1) || case $mine in
		*'no crontab for '*|*'No such file'*) mine='' ;;
		*) p_cannot "crontab -l: $mine" ;;
		esac
	fi
	found=$(p_all)
	count=$(printf '%s' "$found" | awk 'END { print NR }')
	echo "count $count"
	[ "$count" -gt 0 ] || { echo 'present no'; p_none "no entry of cron holds $HRP_SUBJECT"; }
	echo 'present yes'
	echo "value $(printf '%s\n' "$found" | awk 'NR == 1')"
	if p_wants age && command -v journalctl >/dev/null 2>&1; then
		now=$(date +%s)
		journalctl -q -n 5000 -o short-unix _COMM=cron + _COMM=crond 2>/dev/null |
			awk -v now="$now" '
				index($0, ENVIRON["HRP_SUBJECT"]) && / CMD / { at = int($1) }
				END { if (at > 0 && now >= at) print "age " now - at }'
	fi
	p_end
}
p_cron
