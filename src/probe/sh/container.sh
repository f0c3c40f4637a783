# The container HRP_SUBJECT of docker or podman. Its environment is not asked for.
p_container() {
#@INCLUDE lib.sh
	p_need awk
	p_engine
	# docker leaves the member out where there is no health check, podman leaves it empty.
	health='{{with index .State "Health"}}{{.Status}}{{else}}none{{end}}'
	size=
	case $("$engine" --version 2>/dev/null) in
	podman*)
		size='{{with .HostConfig.LogConfig.Size}}log_options size {{.}}{{end}}'
		health='{{with .State.Health.Status}}{{.}}{{else}}none{{end}}'
		;;
	esac
	text="state {{.State.Status}}
health $health
$size"'
restarts {{.RestartCount}}
image {{.Config.Image}}
limits memory {{.HostConfig.Memory}}
limits nanocpus {{.HostConfig.NanoCpus}}
limits quota {{.HostConfig.CpuQuota}} {{.HostConfig.CpuPeriod}}
limits pids {{json .HostConfig.PidsLimit}}
policy {{.HostConfig.RestartPolicy.Name}}
log_options driver {{.HostConfig.LogConfig.Type}}
{{range $k, $v := .HostConfig.LogConfig.Config}}log_options {{$k}} {{$v}}
{{end}}{{range $p, $at := .NetworkSettings.Ports}}{{range $at}}ports {{.HostIp}}:{{.HostPort}}->{{$p}}
{{end}}{{end}}done'
	said=$("$engine" inspect --type container --format "$text" -- "$HRP_SUBJECT" 2>&1) || {
		case $said in
		*[Nn]'o such '*|*'no container with '*) p_engine_says "$HRP_SUBJECT" ;;
		esac
		p_cannot "$engine: $(printf %s "$said" | p_words)"
	}
	printf '%s\n' "$said" | awk '
		$1 == "done" { if (!ports) print "ports "; exit }
		$1 == "ports" { ports = 1; sub(/^ports :/, "ports 0.0.0.0:") }
		$1 == "limits" && $2 == "nanocpus" { nano = $3; next }
		$1 == "limits" && $2 == "quota" {
			if (nano > 0) cpus = nano / 1000000000
			else if ($3 > 0) cpus = $3 / ($4 > 0 ? $4 : 100000)
			print "limits cpus " cpus + 0
			next
		}
		$1 == "limits" && ($3 == "null" || $3 == "<nil>" || $3 ~ /^-/) { $3 = 0 }
		$1 == "limits" && $3 !~ /^[0-9]+$/ { next }
		$1 == "policy" && NF == 1 { $0 = "policy no" }
		NF { print }'
	p_end
}
p_container
