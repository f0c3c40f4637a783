# shellcheck shell=bash
# PostgreSQL, Redis and nginx on the operator's machine, and what all services export.

servers_as_postgres() {
	if [ "$HR_STACK_MODE" = root ]; then
		setpriv --reuid postgres --regid postgres --clear-groups -- "$@"
	else
		plainly "$@"
	fi
}

# initdb takes most of the time: it is done once and copied.
servers_pg_template() {
	local template
	template=$HR_STACK_CACHE/pg-$(stat -L -c '%s-%Y' "$(pg_bin)/postgres").tar
	exec 8>"$HR_STACK_CACHE/lock-pg"
	flock 8
	if [ ! -e "$template" ]; then
		servers_as_postgres "$(pg_bin)/initdb" -A trust -N -E UTF8 --locale=C.UTF-8 \
			-U postgres -D "$dir/pg/data" >"$dir/log/initdb.log" 2>&1 8>&- ||
			broken "$dir/log/initdb.log" "initdb failed"
		tar -C "$dir/pg" -cf "$template.new" data && mv "$template.new" "$template"
	else
		tar -C "$dir/pg" -xf "$template"
	fi
	exec 8>&-
}

servers_postgres() {
	local log=$dir/log/postgres.log
	mkdir -p "$dir/pg"
	if [ "$HR_STACK_MODE" = root ]; then
		chown postgres:postgres "$dir/pg" || cannot "there is no user postgres"
	fi
	servers_pg_template
	[ "$HR_STACK_MODE" != root ] || chown -R postgres:postgres "$dir/pg"
	: >"$log"
	chmod 666 "$log"
	servers_as_postgres "$(pg_bin)/postgres" -D "$dir/pg/data" -c listen_addresses=127.0.0.1 \
		-c unix_socket_directories="$dir/pg" -c fsync=off -c jit=off \
		-c shared_buffers=32MB >"$log" 2>&1 &
	until_ok 30 "$(pg_bin)/pg_isready" -q -h "$dir/pg" || broken "$log" "PostgreSQL is not up"
	"$(pg_bin)/psql" -q -h "$dir/pg" -U postgres -c 'create role handrail login' \
		-c 'create database handrail owner handrail' || broken "$log" "no database handrail"
}

servers_redis() {
	mkdir -p "$dir/redis"
	plainly redis-server --port 6379 --bind 127.0.0.1 --unixsocket "$dir/redis/sock" \
		--unixsocketperm 777 --dir "$dir/redis" --save '' --appendonly no --daemonize no \
		>"$dir/log/redis.log" 2>&1 &
	until_ok 20 test -S "$dir/redis/sock" || broken "$dir/log/redis.log" "Redis is not up"
}

servers_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
		-subj "/CN=handrail test" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
		-keyout "$dir/nginx/key.pem" -out "$dir/nginx/cert.pem" >"$dir/log/openssl.log" 2>&1 ||
		broken "$dir/log/openssl.log" "no certificate"
}

servers_nginx() {
	local log=$dir/log/nginx-start.log
	mkdir -p "$dir/nginx/tmp" /var/log/nginx
	servers_certificate
	cat >"$dir/nginx/nginx.conf" <<-END
		daemon off;
		worker_processes 1;
		pid $dir/nginx/pid;
		error_log /var/log/nginx/error.log info;
		events { worker_connections 256; }
		http {
			access_log /var/log/nginx/access.log;
			client_body_temp_path $dir/nginx/tmp/body;
			proxy_temp_path $dir/nginx/tmp/proxy;
			fastcgi_temp_path $dir/nginx/tmp/fastcgi;
			uwsgi_temp_path $dir/nginx/tmp/uwsgi;
			scgi_temp_path $dir/nginx/tmp/scgi;
			server {
				listen 127.0.0.1:80;
				listen 127.0.0.1:443 ssl;
				ssl_certificate $dir/nginx/cert.pem;
				ssl_certificate_key $dir/nginx/key.pem;
				location / { proxy_pass http://127.0.0.1:8000; }
			}
		}
	END
	[ "$HR_STACK_MODE" != root ] || sed -i '1i user root;' "$dir/nginx/nginx.conf"
	plainly nginx -e stderr -c "$dir/nginx/nginx.conf" >>"$log" 2>&1 &
	until_ok 20 test -s "$dir/nginx/pid" || broken "$log" "nginx is not up"
}

# Set here and not where the services start: those run in processes of their own.
servers_environment() {
	if with docker; then
		export HR_HEALTH_URL=http://127.0.0.1:8000/api/v1/health
	fi
	if with postgres; then
		export HR_PG_SOCKET_DIR=$dir/pg
		export HR_PG_URL=postgresql://handrail@127.0.0.1:5432/handrail
	fi
	if with redis; then
		export HR_REDIS_SOCKET=$dir/redis/sock HR_REDIS_URL=redis://127.0.0.1:6379
	fi
	if with nginx; then
		export HR_NGINX_URL=http://127.0.0.1 HR_NGINX_TLS_URL=https://localhost
		export HR_TLS_CA=$dir/nginx/cert.pem
	fi
}
