# How full and how busy this host is. HRP_DISK: the file system of used and inodes. cpu, io and
# net are taken over one second, and only when wanted.
p_host() {
#@INCLUDE lib.sh
	p_need awk
	if p_wants used || p_wants inodes; then
		[ -e "$HRP_DISK" ] || p_cannot "there is no $HRP_DISK here"
		df -P -- "$HRP_DISK" 2>/dev/null | awk '
			NR == 2 && $2 > 0 && $3 + $4 > 0 { printf "used %.2f\n", 100 * $3 / ($3 + $4) }'
		df -P -i -- "$HRP_DISK" 2>/dev/null | awk '
			NR == 2 && $2 + 0 > 0 { printf "inodes %.2f\n", 100 * $3 / $2 }
			NR == 2 && $2 == "0" { print "inodes 0" }'
	fi
	! [ -r /proc/loadavg ] || awk '{ print "load " $1; exit }' /proc/loadavg
	! [ -r /proc/meminfo ] || awk '
		$1 == "MemTotal:" { all = $2 }
		$1 == "MemAvailable:" { free = $2; told = 1 }
		END { if (all > 0 && told) printf "memory %.2f\n", 100 * (all - free) / all }' /proc/meminfo
	! [ -r /proc/sys/fs/file-nr ] || awk '
		$3 > 0 { printf "fds %.4f\n", 100 * ($1 - $2) / $3; exit }' /proc/sys/fs/file-nr
	! p_wants cpu && ! p_wants io && ! p_wants net && p_end
	p_sample() {
		awk '
			FNR == 1 { file++ }
			$1 == "cpu" { for (i = 2; i <= 9; i++) all += $i; print "cpu", all, $5 + $6 }
			FILENAME == "/proc/diskstats" && $3 !~ /^(loop|ram|zram)/ { print "io", $3, $13 }
			FILENAME == "/proc/net/dev" && /:/ {
				sub(/:/, " ")
				if ($1 != "lo") net += $2 + $10
				nets = 1
			}
			FILENAME == "/proc/uptime" { printf "up %.0f\n", $1 * 1000 }
			END { if (nets) printf "net %.0f\n", net }' /proc/uptime /proc/stat \
			/proc/diskstats /proc/net/dev 2>/dev/null
	}
	first=$(p_sample)
	sleep 1
	{ echo "$first"; echo then; p_sample; } | awk '
		$1 == "then" { second = 1; next }
		$1 == "up" { if (second) ms = $2 - up; else up = $2 }
		$1 == "cpu" { if (second) { all = $2 - a; idle = $3 - b } else { a = $2; b = $3 } }
		$1 == "io" && !second { io[$2] = $3; disks = 1 }
		$1 == "io" && second && ($2 in io) && $3 - io[$2] > busy { busy = $3 - io[$2] }
		$1 == "net" { if (second) { net = $2 - n; nets = 1 } else n = $2 }
		END {
			if (ms <= 0) exit
			if (all > 0) printf "cpu %.2f\n", 100 * (all - idle) / all
			if (disks) printf "io %.2f\n", (busy > ms ? 100 : 100 * busy / ms)
			if (nets && net >= 0) printf "net %.0f\n", net * 1000 / ms
		}'
	p_end
}
p_host
