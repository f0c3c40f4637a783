# The services of a compose project, as its own tool reads them: HRP_DIR, HRP_FILES (one a
# line), HRP_ENV_FILE, HRP_PROFILES. Says "service NAME" for each.
p_compose() {
#@INCLUDE lib.sh
	p_need awk
	cd -- "${HRP_DIR:-.}" 2>/dev/null || p_cannot "there is no folder $HRP_DIR"
	set --
	[ -z "$HRP_ENV_FILE" ] || set -- "$@" --env-file "$HRP_ENV_FILE"
	IFS='
'
	set -f
	for one in $HRP_FILES; do
		set -- "$@" -f "$one"
	done
	for one in $HRP_PROFILES; do
		set -- "$@" --profile "$one"
	done
	set +f
	unset IFS
	if docker compose version >/dev/null 2>&1; then
		said=$(docker compose "$@" config --services 2>&1) ||
			p_cannot "docker compose: $said"
		docker compose "$@" config --services 2>/dev/null | sed -n \
			's/^[A-Za-z0-9][A-Za-z0-9_.-]*$/service &/p'
		p_end
	fi
	command -v docker-compose >/dev/null 2>&1 ||
		p_cannot 'there is neither docker compose nor docker-compose here'
	said=$(docker-compose "$@" config 2>&1 >/dev/null) || p_cannot "docker-compose: $said"
	# Version 1 lists services of profiles that were not asked for as well.
	docker-compose "$@" config 2>/dev/null | awk '
		function tell() {
			if (name ~ /^[A-Za-z0-9][A-Za-z0-9_.-]*$/ && (!some || mine))
				print "service " name
			name = ""
			some = mine = 0
		}
		BEGIN { n = split(ENVIRON["HRP_PROFILES"], list, "\n"); for (i = 1; i <= n; i++) want[list[i]] = 1 }
		/^[^ ]/ { tell(); on = $0 == "services:"; next }
		on && /^  [^ ].*:/ { tell(); name = $1; sub(/:$/, "", name); inside = 0; next }
		on && /^    [^ -]/ { inside = $1 == "profiles:"; if (inside) some = 1; next }
		on && inside && /^    - / { if ($2 in want) mine = 1 }
		END { tell() }'
	p_end
}
p_compose
