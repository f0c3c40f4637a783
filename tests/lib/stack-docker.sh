# shellcheck shell=bash
# A Docker engine of our own with the ni_site containers, and the health endpoint.

docker_log=$HR_STACK_DIR/log/dockerd.log
docker_db=$HR_STACK_DIR/db # the database's socket, for the health endpoint

# Control groups are mounted on any booted system; a bare chroot may lack them.
docker_cgroups() {
	mountpoint -q /sys || mount -t sysfs none /sys || cannot "docker: /sys cannot be mounted"
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup ||
		cannot "docker: no control groups are mounted and none can be"
	[ -w /sys/fs/cgroup ] || cannot "docker: /sys/fs/cgroup is read-only"
}

docker_daemon() { # STORAGE-DRIVER
	mkdir -p "$dir/docker"
	echo '{}' >"$dir/docker/daemon.json"
	dockerd --config-file "$dir/docker/daemon.json" --data-root "$dir/docker/data" \
		--exec-root /run/docker --pidfile "$dir/docker/pid" \
		--host unix:///var/run/docker.sock --group docker \
		--exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$HR_STACK_CGROUP" \
		--storage-driver "$1" --bridge=none --iptables=false --ip-masq=false \
		--ip-forward=false >>"$docker_log" 2>&1 &
	docker_pid=$!
}

# True when the engine answers or has given up.
docker_decided() {
	docker version || ! kill -0 "$docker_pid"
}

docker_engine() {
	local driver
	docker_cgroups
	for driver in overlay2 vfs; do
		docker_daemon "$driver"
		until_ok 30 docker_decided
		docker version >/dev/null 2>&1 && return 0
		kill -KILL "$docker_pid" 2>/dev/null
	done
	tail -n 5 "$docker_log" | sed 's/^/stack: | /' >&2
	cannot "docker: the engine does not start: $(grep -o 'level=fatal.*\|^failed to start.*' \
		"$docker_log" | tail -n 1)"
}

docker_container() { # NAME SERVICE OPTION... -- COMMAND...
	local name=$1 service=$2 options=()
	shift 2
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	docker run -d --name "$name" --hostname "$service" --network none \
		--label com.docker.compose.project=ni_site \
		--label com.docker.compose.service="$service" \
		"${options[@]}" ni_site-db "$@" >/dev/null 2>>"$docker_log"
}

# What stands in for a service: says something now and then, ends at once when told to.
# shellcheck disable=SC2016
docker_idler='trap "echo stopping; exit 0" TERM
echo "$0 ready"
n=0
while :; do
	n=$((n + 1))
	echo "$0 tick $n"
	sleep 5 &
	wait $!
done'

docker_containers() {
	local pids=() pid
	mkdir -p "$docker_db"
	chmod 1777 "$docker_db"
	docker_container ni_site-db-1 db -v "$docker_db:/var/run/postgresql" \
		--stop-signal SIGINT --health-cmd 'pg_isready -q -U postgres' \
		--health-interval 5s -- postgres -D /var/lib/postgresql/data \
		-c shared_preload_libraries=pg_stat_statements &
	pids+=($!)
	docker_container ni_site-api-1 api -- sh -c "$docker_idler" api &
	pids+=($!)
	docker_container ni_site-worker-1 worker -- sh -c "$docker_idler" worker &
	pids+=($!)
	for pid in "${pids[@]}"; do
		wait "$pid" || {
			tail -n 5 "$docker_log" | sed 's/^/stack: | /' >&2
			cannot "docker: containers do not start"
		}
	done
}

docker_rows() {
	[ "$("$(pg_bin)/psql" -h "$docker_db" -U postgres -d ni_site -Atc \
		'select count(*) from users')" = 18204 ]
}

docker_db_decided() {
	docker_rows || [ "$(docker inspect -f '{{.State.Running}}' ni_site-db-1)" = false ]
}

# Dumps of the last three nights, as pg_dump gave them when the image was made.
docker_dumps() { # FOLDER
	local n at to=/var/backups/ni_site
	mkdir -p "$to"
	for n in 1 2 3; do
		at=$(($(date +%s) - 3 * 3600 - (3 - n) * 86400))
		cp "$1/dump-$n.sql.gz" "$to/ni_site-$(date -u -d "@$at" +%Y%m%d-%H%M).sql.gz"
		touch -d "@$at" "$to/ni_site-$(date -u -d "@$at" +%Y%m%d-%H%M).sql.gz"
	done
	accounts_give "$to"
}

docker_health() {
	export HR_HEALTH_PORT=8000
	HR_PSQL=$(pg_bin)/psql HR_DB_SOCKET_DIR=$docker_db \
		perl "$here/stack-health" >>"$dir/log/health.log" 2>&1 &
	until_ok 30 docker_healthy || broken "$dir/log/health.log" "the health endpoint stays red"
}

docker_healthy() {
	local line
	exec 9<>"/dev/tcp/127.0.0.1/$HR_HEALTH_PORT" &&
		printf 'GET /api/v1/health HTTP/1.0\r\n\r\n' >&9 &&
		read -r -t 5 line <&9 && [ "${line#* 200 }" != "$line" ]
}

docker_start() {
	local image
	docker_engine &
	local engine=$!
	image=$("$here/stack-image") || exit $?
	wait "$engine" || exit $?
	docker import --change 'USER postgres' --change 'WORKDIR /var/lib/postgresql' \
		--change 'ENV PATH=/usr/lib/postgresql/bin:/usr/bin:/bin' \
		--change 'ENV LANG=C.UTF-8' "$image/rootfs.tar" ni_site-db >/dev/null 2>>"$docker_log" ||
		broken "$docker_log" "the image cannot be imported"
	docker_dumps "$image"
	docker_containers
	until_ok 30 docker_db_decided
	docker_rows 2>/dev/null || {
		docker logs ni_site-db-1 >"$dir/log/db.log" 2>&1
		broken "$dir/log/db.log" "the database in the container is not up"
	}
	docker_health
}
