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
	tls_issue "$dir/pg/server" db.test 30
	chmod 600 "$dir/pg/server.key"
	[ "$HR_STACK_MODE" != root ] || chown postgres:postgres "$dir"/pg/server.*
	: >"$log"
	chmod 666 "$log"
	servers_as_postgres "$(pg_bin)/postgres" -D "$dir/pg/data" -c listen_addresses=127.0.0.1 \
		-c unix_socket_directories="$dir/pg" -c ssl=on -c ssl_cert_file="$dir/pg/server.pem" \
		-c ssl_key_file="$dir/pg/server.key" -c fsync=off -c jit=off \
		-c shared_buffers=32MB >"$log" 2>&1 &
	until_ok 30 "$(pg_bin)/pg_isready" -q -h "$dir/pg" || broken "$log" "PostgreSQL is not up"
	"$(pg_bin)/psql" -q -h "$dir/pg" -U postgres -c 'create role handrail login' \
		-c 'create database handrail owner handrail' || broken "$log" "no database handrail"
}

servers_redis() {
	mkdir -p "$dir/redis"
	tls_issue "$dir/redis/server" cache.test 30
	plainly redis-server --tls-port 6380 --tls-cert-file "$dir/redis/server.pem" \
		--tls-key-file "$dir/redis/server.key" --tls-ca-cert-file "$HR_TLS_CA" \
		--tls-auth-clients no --user probe on ">$HR_REDIS_PASSWORD" "~*" +@read +ping +info +select \
		 --port 6379 --bind 127.0.0.1 --unixsocket "$dir/redis/sock" \
		--unixsocketperm 777 --dir "$dir/redis" --save '' --appendonly no --daemonize no \
		>"$dir/log/redis.log" 2>&1 &
	until_ok 20 test -S "$dir/redis/sock" || broken "$dir/log/redis.log" "Redis is not up"
}

servers_nginx() {
	local log=$dir/log/nginx-start.log
	mkdir -p "$dir/nginx/tmp" /var/log/nginx
	tls_issue "$dir/nginx/site" "site.test www.site.test localhost" 90
	tls_issue "$dir/nginx/soon" soon.test 5
	tls_issue "$dir/nginx/expired" expired.test -1
	tls_self "$dir/nginx/self" self.test
	servers_pages
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
			limit_req_zone \$server_name zone=all:1m rate=1r/m;
			limit_req_status 429;
			default_type text/plain;
			server {
				listen 127.0.0.1:80;
				listen 127.0.0.1:443 ssl;
				server_name localhost;
				ssl_certificate $dir/nginx/site.pem;
				ssl_certificate_key $dir/nginx/site.key;
				location / { proxy_pass http://127.0.0.1:8000; }
			}
			server {
				listen 127.0.0.1:80;
				listen 127.0.0.1:443 ssl;
				server_name site.test www.site.test;
				ssl_certificate $dir/nginx/site.pem;
				ssl_certificate_key $dir/nginx/site.key;
				add_header X-Seen-Key \$http_x_key always;
				root $dir/nginx/pages;
				location /moved { return 301 https://soon.test/; }
				location /limited { limit_req zone=all burst=4 nodelay; try_files /index.html =404; }
				location /cors/ {
					if (\$http_origin = https://app.site.test) {
						add_header Access-Control-Allow-Origin \$http_origin;
						add_header Access-Control-Allow-Methods "GET, POST";
					}
					return 204;
				}
				location /echo/ {
					add_header Access-Control-Allow-Origin \$http_origin;
					add_header Access-Control-Allow-Credentials true;
					return 204;
				}
			}
			server {
				listen 127.0.0.1:443 ssl;
				server_name soon.test;
				ssl_certificate $dir/nginx/soon.pem;
				ssl_certificate_key $dir/nginx/soon.key;
				location / { return 200 soon; }
			}
			server {
				listen 127.0.0.1:443 ssl;
				server_name expired.test;
				ssl_certificate $dir/nginx/expired.pem;
				ssl_certificate_key $dir/nginx/expired.key;
			}
			server {
				listen 127.0.0.1:443 ssl;
				server_name self.test;
				ssl_certificate $dir/nginx/self.pem;
				ssl_certificate_key $dir/nginx/self.key;
			}
			server {
				listen 127.0.0.1:8443 ssl;
				server_name site.test;
				ssl_certificate $dir/nginx/site.pem;
				ssl_certificate_key $dir/nginx/site.key;
				ssl_client_certificate $HR_TLS_CA;
				ssl_verify_client on;
				location / { return 200 known; }
			}
		}
	END
	[ "$HR_STACK_MODE" != root ] || sed -i '1i user root;' "$dir/nginx/nginx.conf"
	plainly nginx -e stderr -c "$dir/nginx/nginx.conf" >>"$log" 2>&1 &
	until_ok 20 test -s "$dir/nginx/pid" || broken "$log" "nginx is not up"
}

servers_pages() {
	local at=$dir/nginx/pages
	mkdir -p "$at/repos/main"
	echo '{"status":"ok","checks":{"db":true,"redis":true}}' >"$at/health.json"
	echo home >"$at/index.html"
	cat >"$at/metrics" <<-'END'
		# HELP http_requests_total Requests.
		# TYPE http_requests_total counter
		http_requests_total{code="200",path="/"} 1027
		http_requests_total{code="500",path="/"} 3 1395066363000
		rate_limit_blocks_total 17
		odd{label="a } \"quoted\" {"} 2.5e1
	END
	{ cat "$at/metrics"; echo 'broken{'; } >"$at/metrics-broken"
	cat >"$at/ci.json" <<-'END'
		{"total_count":2,"workflow_runs":[
		{"head_branch":"main","head_sha":"abc123","status":"completed","conclusion":"success",
		"updated_at":"2026-01-01T00:00:00Z"},
		{"head_branch":"next","head_sha":"def456","status":"in_progress","conclusion":null,
		"updated_at":"2026-01-01T00:00:00Z"}]}
	END
	echo '[{"id":7,"ref":"main","sha":"ffee","status":"failed","updated_at":"2026-01-01T00:00:00.000Z"}]' \
		>"$at/pipelines.json"
	echo '<html>sign in</html>' >"$at/login.html"
}

servers_dns() {
	local log=$dir/log/dnsmasq.log
	plainly dnsmasq --keep-in-foreground --port=5353 --listen-address=127.0.0.1 \
		--bind-interfaces --no-resolv --no-hosts --conf-file=/dev/null --user= --group= \
		--pid-file= --local=/test/ --host-record=site.test,192.0.2.10,2001:db8::10 --host-record=ni.test,127.0.0.1 \
		--host-record=two.site.test,192.0.2.11 --host-record=two.site.test,192.0.2.12 \
		--cname=www.site.test,site.test --mx-host=site.test,mail.site.test,10 \
		--txt-record=site.test,"v=spf1 -all" --srv-host=_sip._tcp.site.test,sip.site.test,5060,1,2 \
		--caa-record=site.test,0,issue,ca.test >"$log" 2>&1 &
	until_ok 10 grep -q ':14E9 ' /proc/net/udp || broken "$log" "dnsmasq is not up"
}

servers_prometheus() {
	local log=$dir/log/prometheus.log
	mkdir -p "$dir/prometheus"
	cat >"$dir/prometheus/conf.yml" <<-'END'
		global: {scrape_interval: 1s}
		scrape_configs:
		  - {job_name: self, static_configs: [{targets: ["127.0.0.1:9090"]}]}
	END
	! with site || site_prometheus "$dir/prometheus"
	plainly prometheus --config.file="$dir/prometheus/conf.yml" \
		--storage.tsdb.path="$dir/prometheus/data" --web.listen-address=127.0.0.1:9090 \
		>"$log" 2>&1 &
	until_ok 30 prometheus_answers || broken "$log" "Prometheus is not up"
}

prometheus_answers() {
	exec 9<>/dev/tcp/127.0.0.1/9090 || return 1
	printf 'GET /api/v1/query?query=up HTTP/1.0\r\n\r\n' >&9
	timeout 5 grep -q '"value"' <&9
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
	fi
	if with dns; then
		export HR_DNS=127.0.0.1:5353
	fi
	if with site; then
		export HR_SITE_DIR=$dir/site HR_SITE_URL=https://ni.test:8444
	fi
	if with prometheus; then
		export HR_PROMETHEUS_URL=http://127.0.0.1:9090
	fi
}
