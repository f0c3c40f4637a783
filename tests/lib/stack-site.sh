# shellcheck shell=bash
# ni_site as the five documents describe it, on the hosts web1 and web2: gunicorn with uvicorn
# workers and FastAPI, a Celery worker, pages, all from one image for each version; Redis that keeps
# an append-only file; nginx with TLS in front. The database is the container of
# stack-docker.sh. What the folders of tests/site hold is what a team would have in git.
#
# With HR_SITE_LIGHT=1 the application is that of tests/site/light: the same hosts, images,
# tags and database, but a server of files in place of gunicorn and a stand-in for compose, so
# that hundreds of releases can be walked.
#
# On each of web1 and web2: ~/ni_site with docker-compose.yml, .env (TAG, PORT, ...) and
# secrets/. On ni-db1: ~/source, the working tree with tags v1.0.0 and, at its head, 1.1.0.

site=$HR_STACK_DIR/site
site_log=$HR_STACK_DIR/log/site.log
site_light=${HR_SITE_LIGHT-}
site_app=app
export HR_SITE_COMPOSE=docker-compose HR_SITE_SERVICES="api worker web"
if [ -n "$site_light" ]; then
	site_app=light HR_SITE_COMPOSE=$HR_STACK_DIR/site/compose HR_SITE_SERVICES=api
fi

# Folders and links only: programs and libraries are this machine's own /usr, mounted.
site_base() {
	local root=$site/base name
	mkdir -p "$root"/{usr,app,tmp,run/secrets,run/postgresql,proc,sys,dev,etc,root}
	for name in bin sbin lib lib64; do
		ln -s "usr/$name" "$root/$name"
	done
	mkdir "$root/var"
	mkdir -p "$root/opt/bin" && ln -s /usr/bin/python3 "$root/opt/bin/python" # as in Python's own images
	ln -s /run "$root/var/run"
	echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	echo '127.0.0.1 localhost' >"$root/etc/hosts"
	chmod 1777 "$root/tmp"
	tar -C "$root" -c . | docker import --change 'ENV PATH=/usr/bin:/bin:/opt/bin PYTHONDONTWRITEBYTECODE=1' \
		--change 'WORKDIR /app' - ni_site-base >/dev/null
}

site_as_ops() {
	setpriv --reuid ops --regid ops --init-groups -- env HOME="$dir/homes/ops" "$@"
}

site_commit() { # FOLDER-OF-FILES VERSION
	[ "$1" = "$site/source" ] || cp -r "$1/." "$site/source/"
	git -C "$site/source" add -A && git -C "$site/source" -c user.name=dev \
		-c user.email=dev@example.com commit -qm "version $2"
}

site_source() {
	git init -q -b main "$site/source"
	site_commit "$here/../site/$site_app" 1.0.0
	git -C "$site/source" tag v1.0.0
	docker build -q -t ni_site-api:1.0.0 "$site/source" >/dev/null
	if [ -n "$site_light" ]; then
		cp "$here/../site/next/"{VERSION,SCHEMA} "$site/source/"
		site_commit "$site/source" 1.1.0
	else
		site_commit "$here/../site/next" 1.1.0
	fi
	cp -r "$site/source" "$dir/hosts/ni-db1/home/source"
	git init -q --bare "$dir/hosts/ni-db1/home/origin.git"
	git -C "$dir/hosts/ni-db1/home/source" remote add origin '../origin.git'
}

site_host() { # NAME PORT
	local home=$dir/hosts/$1/home/ni_site
	mkdir -p "$home/secrets"
	cp "$here/../site/docker-compose.yml" "$home/"
	echo "first-key-of-32-characters-or-more" >"$home/secrets/jwt_secrets"
	chmod 600 "$home/secrets/jwt_secrets"
	cat >"$home/.env" <<-END
		COMPOSE_PROJECT_NAME=ni_site_$1
		TAG=1.0.0
		PORT=$2
		WEB_PORT=$(($2 + 100))
		NI_HOST=$1
		DB_SOCKET=$dir/db
		SECRETS=$home/secrets
		POSTGRES_PASSWORD=a-word-of-24-characters-1
		REDIS_PASSWORD=a-word-of-24-characters-2
		SECRET_KEY=a-key-of-more-than-32-characters-3
	END
	accounts_give "$home"
	# shellcheck disable=SC2086
	(cd "$home" && "$HR_SITE_COMPOSE" up -d $HR_SITE_SERVICES) || return 1
}

site_edge() {
	mkdir -p "$site/edge"/{tmp,tls}
	tls_issue "$site/edge/site" ni.test 60
	mv "$site/edge/site.pem" "$site/edge/tls/fullchain.pem"
	mv "$site/edge/site.key" "$site/edge/tls/privkey.pem"
	sed "s|@EDGE@|$site/edge|g" "$here/../site/nginx.conf" >"$site/edge/nginx.conf"
	accounts_give "$site/edge"
	site_as_ops nginx -e stderr -c "$site/edge/nginx.conf" >>"$site_log" 2>&1 &
}

# Of services that are not to be had: answers of a hosted pipeline, of Sentry, of status pages,
# as files under the paths that the real ones have.
site_standins() {
	local at=$site/standin flow
	for flow in ci integration e2e deploy; do
		mkdir -p "$at/ci/workflows/$flow.yml"
		site_standin_run success >"$at/ci/workflows/$flow.yml/runs"
	done
	mkdir -p "$at/sentry/releases" "$at/sentry/rules"
	for flow in 1.0.0 1.1.0; do
		echo "{\"version\":\"$flow\",\"newGroups\":0}" >"$at/sentry/releases/$flow"
	done
	echo '[{"name":"errors","status":"active"}]' >"$at/sentry/rules/all"
	mkdir -p "$at/status/openai" "$at/status/anthropic" "$at/status/sentry"
	for flow in openai anthropic sentry; do
		echo '{"status":{"indicator":"none"}}' >"$at/status/$flow/status.json"
	done
	accounts_give "$site/standin"
	busybox httpd -f -p 127.0.0.1:9200 -h "$at" >>"$site_log" 2>&1 &
}

site_standin_run() { # CONCLUSION
	printf '{"workflow_runs":[{"head_branch":"main","head_sha":"c0ffee","status":"completed","conclusion":"%s","updated_at":"%s"}]}\n' \
		"$1" "$(date -u +%FT%TZ)"
}

# What cron would have been told, under a cover of /etc/cron.d that the hosts see as well.
site_cron() {
	[ -d /etc/cron.d ] || return 0
	echo '0 3 * * * root docker exec -i ni_site-db-1 pg_dump -U postgres -d ni_site | gzip >/dev/null' \
		>/etc/cron.d/ni_site_db_backup
	echo '15 3 * * * root find /var/backups/ni_site -mtime +30 -delete' \
		>/etc/cron.d/ni_site_db_backup_rotate
}

# Prometheus watches web1 and this machine, and would wake somebody for the eight alerts.
site_prometheus() { # FOLDER
	mkdir -p "$site/node"
	echo "backup_last_success_timestamp_seconds $(($(date +%s) - 3 * 3600))" >"$site/node/backup.prom"
	prometheus-node-exporter --web.listen-address=127.0.0.1:9100 \
		--collector.textfile.directory="$site/node" >>"$dir/log/node-exporter.log" 2>&1 &
	cat >>"$1/conf.yml" <<-END
		  - {job_name: api, static_configs: [{targets: ["127.0.0.1:8001"]}]}
		  - {job_name: node, static_configs: [{targets: ["127.0.0.1:9100"]}]}
		rule_files: ["$1/rules.yml"]
	END
	sed "s|@EDGE@|$site/edge|" "$here/../site/alerts.yml" >"$1/rules.yml"
}

site_redis() {
	mkdir -p "$site/redis"
	accounts_give "$site/redis"
	site_as_ops redis-server --port 6390 --bind 127.0.0.1 --dir "$site/redis" \
		--appendonly yes --maxmemory-policy noeviction >"$dir/log/site-redis.log" 2>&1 &
}

site_start() {
	mkdir -p "$site"
	: >"$site_log"
	if [ -n "$site_light" ]; then
		sed "s|^# shellcheck|export HR_CALLS=$site/calls\n&|" "$here/../site/light/compose" \
			>"$site/compose"
		chmod 755 "$site/compose"
		: >"$site/calls"
		chmod 666 "$site/calls"
	else
		site_redis
		site_standins
		site_cron
	fi
	site_edge
	{ site_base && site_source; } >>"$site_log" 2>&1 ||
		broken "$site_log" "the images of the site cannot be made"
	accounts_give "$dir/hosts/ni-db1/home"
	docker exec ni_site-db-1 psql -q -U postgres -d ni_site -c \
		"create extension pg_stat_statements; create table alembic_version (version_num varchar(32) primary key);
		insert into alembic_version values ('0001')" >>"$site_log" 2>&1
	local hosts=() pid
	site_host web1 8001 >>"$site_log" 2>&1 &
	hosts+=($!)
	site_host web2 8002 >>"$site_log" 2>&1 &
	hosts+=($!)
	for pid in "${hosts[@]}"; do
		wait "$pid" || broken "$site_log" "the containers of the site do not start"
	done
	docker rm -f ni_site-api-1 ni_site-worker-1 >/dev/null
	until_ok 60 site_well || broken "$site_log" "the site does not become well"
}

site_well() {
	local port
	for port in 8001 8002; do
		curl -sf "http://127.0.0.1:$port/health" || return 1
	done
	curl -sf --cacert "$HR_TLS_CA" https://ni.test:8444/health
}
