# All containers of the host's engine, docker or podman. HRP_WANT " all ": each as one line
# of JSON, without its environment but for the names; " stats ": only what those of
# HRP_PIDS ("ID:PID ...") use. Lines:
#
#   engine NAME VERSION     now SECONDS UPTIME     load N     disk PERCENT     cpus N
#   box JSON                use ID CPU-MICROSECONDS MEMORY-BYTES
p_boxes() {
#@INCLUDE lib.sh
	p_need awk
	# Where the groups of a process count its cpu and memory: version 2, or the two of 1.
	p_use() {
		cpu='' mem=''
		[ -r "/proc/$2/cgroup" ] || return 0
		while IFS=: read -r _ which path; do
			case $which in
			'') [ -r "/sys/fs/cgroup$path/memory.current" ] &&
				cpu=/sys/fs/cgroup$path/cpu.stat mem=/sys/fs/cgroup$path/memory ;;
			memory) mem1=/sys/fs/cgroup/memory$path ;;
			*cpuacct*) cpu1=/sys/fs/cgroup/$which$path
				[ -d "$cpu1" ] || cpu1=/sys/fs/cgroup/cpuacct$path ;;
			esac
		done <"/proc/$2/cgroup" 2>/dev/null
		if [ -n "$cpu" ]; then
			set -- "$1" "$cpu" "$mem.current" "$mem.stat"
		else
			set -- "$1" "${cpu1-}/cpuacct.usage" "${mem1-}/memory.usage_in_bytes" \
				"${mem1-}/memory.stat"
		fi
		[ -r "$2" ] && [ -r "$3" ] && [ -r "$4" ] || return 0
		awk -v id="$1" '
			FILENAME == ARGV[1] { if ($1 == "usage_usec") cpu = $2
				else if (NF == 1) cpu = $1 / 1000 }
			FILENAME == ARGV[2] { mem = $1 }
			$1 == "inactive_file" && FILENAME == ARGV[3] && !total { cache = $2 }
			$1 == "total_inactive_file" { cache = $2; total = 1 }
			END { if (cache < mem) mem -= cache
				printf "use %s %.0f %.0f\n", id, cpu, mem }' "$2" "$3" "$4"
	}
	read -r up _ </proc/uptime || up=0
	echo "now $(date +%s) $up"
	if p_wants stats; then
		unset IFS
		for one in $HRP_PIDS; do
			p_use "${one%%:*}" "${one#*:}"
		done
		p_end
	fi
	p_engine
	said=$("$engine" version --format '{{.Client.Version}}' 2>&1) ||
		p_cannot "$engine: $("$engine" version --format . 2>&1 >/dev/null)"
	[ $engine = podman ] || said=$("$engine" version --format '{{.Server.Version}}' 2>&1) ||
		p_cannot "$engine: $said"
	echo "engine $engine $(printf %s "$said" | p_words)"
	read -r load _ </proc/loadavg && echo "load $load"
	df -Pk / 2>/dev/null | awk 'NR == 2 { sub("%", "", $5); print "disk " $5 + 0 }'
	awk '/^processor/ { n++ } END { if (n) print "cpus " n }' /proc/cpuinfo
	ids=$("$engine" ps -aq --no-trunc 2>&1) || p_cannot "$engine: $ids"
	[ -n "$ids" ] || p_end
	# docker leaves the member out where there is no health check, podman leaves it empty.
	health='{{with index .State "Health"}}{{json .Status}},"failing":{{json .FailingStreak}}{{else}}"none"{{end}}'
	check='{{with index .Config "Healthcheck"}}'
	id='{{json .Id}}' size='""'
	if [ $engine = podman ]; then
		id='{{json .ID}}' check='{{with .Config.Healthcheck}}'
		health='{{with .State.Health.Status}}{{json .}}{{else}}"none"{{end}}'
		size='{{json .HostConfig.LogConfig.Size}}'
	fi
	text='box {"id":'$id',"name":{{json .Name}},"image":{{json .Config.Image}}'
	text=$text',"digest":{{json .Image}},"state":{{json .State.Status}}'
	text=$text',"exit":{{json .State.ExitCode}},"oom":{{json .State.OOMKilled}}'
	text=$text',"pid":{{json .State.Pid}},"started":{{json .State.StartedAt}}'
	text=$text',"finished":{{json .State.FinishedAt}},"error":{{json .State.Error}}'
	text=$text',"restarts":{{json .RestartCount}},"health":'$health
	text=$text',"check":'$check'{{json .}}{{else}}null{{end}}'
	text=$text',"policy":{{json .HostConfig.RestartPolicy.Name}}'
	text=$text',"memory":{{json .HostConfig.Memory}},"nanocpus":{{json .HostConfig.NanoCpus}}'
	text=$text',"quota":{{json .HostConfig.CpuQuota}},"period":{{json .HostConfig.CpuPeriod}}'
	text=$text',"pids":{{json .HostConfig.PidsLimit}},"log":{{json .HostConfig.LogConfig.Type}}'
	text=$text',"log_options":{{json .HostConfig.LogConfig.Config}},"log_size":'$size
	text=$text',"ports":{{json .NetworkSettings.Ports}},"mounts":[{{range $i, $m := .Mounts}}'
	text=$text'{{if $i}},{{end}}{"type":{{json $m.Type}},"from":{{json $m.Source}}'
	text=$text',"to":{{json $m.Destination}},"rw":{{json $m.RW}}}{{end}}]'
	for label in project service; do
		text=$text',"'$label'":{{with .Config.Labels}}{{with index . '
		text=$text'"com.docker.compose.'$label'"}}{{json .}}{{else}}null{{end}}{{else}}null{{end}}'
	done
	# Names alone: a value never leaves the host.
	text=$text',"env":[{{range $i, $e := .Config.Env}}{{if $i}},{{end}}'
	text=$text'{{json (index (split $e "=") 0)}}{{end}}]}'
	# One that has gone meanwhile makes the status bad and is told on standard error.
	unset IFS
	# shellcheck disable=SC2086
	said=$("$engine" inspect --type container --format "$text" $ids 2>/dev/null)
	printf '%s\n' "$said" | awk '/^box / { print; n++ } END { exit !n }' ||
		p_cannot "$engine inspect gave no container"
	for one in $(printf '%s\n' "$said" | sed -n \
		's/^box {"id":"\([0-9a-f]*\)".*"pid":\([1-9][0-9]*\),"started.*/\1:\2/p'); do
		p_use "${one%%:*}" "${one#*:}"
	done
	p_end
}
p_boxes
