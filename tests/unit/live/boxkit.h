#ifndef TESTS_UNIT_LIVE_BOXKIT_H
#define TESTS_UNIT_LIVE_BOXKIT_H

/* Answers of hosts as they were recorded (docker 20.10, podman 4.3), shortened, and what
 * makes more of them. */

#include "base/mem.h"
#include "live/boxread.h"
#include "livekit.h"

#define KIT_HEAD \
	"now 1795839342 1000.00\nengine docker 20.10.24+dfsg1\nload 5.80\ndisk 20\ncpus 2\n"

#define KIT_DB \
	"box {\"id\":\"aedd197c4e1258c899a834877f2bacacb7cc11adbe6a3c8f8661fa062ead497f\"," \
	"\"name\":\"/ni_site-db-1\",\"image\":\"postgres:16\",\"digest\":\"sha256:5536d4087127c4d8\"," \
	"\"state\":\"running\",\"exit\":0,\"oom\":false,\"pid\":1013," \
	"\"started\":\"2026-11-20T14:50:00.384223019Z\",\"finished\":\"0001-01-01T00:00:00Z\"," \
	"\"error\":\"\",\"restarts\":0,\"health\":\"healthy\",\"failing\":0," \
	"\"check\":{\"Interval\":5000000000,\"Test\":[\"CMD-SHELL\",\"pg_isready -q\"]}," \
	"\"policy\":\"no\",\"memory\":67108864,\"nanocpus\":500000000,\"quota\":0,\"period\":0," \
	"\"pids\":50,\"log\":\"json-file\",\"log_options\":{\"max-size\":\"10m\"},\"log_size\":\"\"," \
	"\"ports\":{\"5432/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"5433\"}],\"80/tcp\":null}," \
	"\"mounts\":[{\"type\":\"bind\",\"from\":\"/srv/db\",\"to\":\"/var/run/postgresql\",\"rw\":true}]," \
	"\"project\":\"ni_site\",\"service\":\"db\",\"env\":[\"PATH\",\"PGPASSWORD\"]}\n"

#define KIT_PODMAN \
	"now 1795840362 2139.53\nengine podman 4.3.1\n" \
	"box {\"id\":\"c8cf3ed5b0db2136c7673e216280acfa9b43d435f3928c5ffef3aaf0ffe988aa\"," \
	"\"name\":\"box\",\"image\":\"localhost/shop/api:1.2\",\"digest\":\"32a523477f97f72a\"," \
	"\"state\":\"stopped\",\"exit\":3,\"oom\":false,\"pid\":0," \
	"\"started\":\"2026-11-28T05:32:42.267328671+01:00\",\"finished\":\"0001-01-01T00:00:00Z\"," \
	"\"error\":\"\",\"restarts\":0,\"health\":\"starting\"," \
	"\"check\":{\"Test\":[\"CMD-SHELL\",\"true\"],\"Timeout\":30000000000,\"Retries\":3}," \
	"\"policy\":\"on-failure\",\"memory\":0,\"nanocpus\":0,\"quota\":150000,\"period\":100000," \
	"\"pids\":0,\"log\":\"k8s-file\",\"log_options\":null,\"log_size\":\"10MB\",\"ports\":{}," \
	"\"mounts\":[],\"project\":\"shop\",\"service\":null,\"env\":[\"TERM\"]}\nend\n"

/* A container in few words: what is not said is good. */
struct kit_box {
	const char *id, *name, *image, *digest, *project, *service, *state, *health,
		*more, *log;
	int exit, restarts;
	bool oom;
	const char *started;
};

static inline void
kit_add(struct str *out, const struct kit_box *b)
{
	str_addf(out,
		"box {\"id\":\"%s\",\"name\":\"/%s\",\"image\":\"%s\",\"digest\":\"%s\","
		"\"state\":\"%s\",\"exit\":%d,\"pid\":%s,\"started\":\"%s\",\"restarts\":%d,"
		"\"health\":\"%s\",\"policy\":\"always\",\"log\":\"%s\",\"finished\":"
		"\"2026-11-20T14:59:00Z\",\"project\":\"%s\",\"service\":\"%s\",%s"
		"\"oom\":%s,\"env\":[]}\n",
		b->id, b->name, b->image ? b->image : "acme/api:v1",
		b->digest ? b->digest : "", b->state ? b->state : "running", b->exit,
		b->state ? "0" : "77", b->started ? b->started : "2026-11-20T14:00:00Z",
		b->restarts, b->health ? b->health : "none", b->log ? b->log : "journald",
		b->project ? b->project : "", b->service ? b->service : "",
		b->more ? b->more : "\"memory\":1048576,", b->oom ? "true" : "false");
}

static inline void
kit_read(const struct str *text, struct boxread_look *out)
{
	struct err e = ERR_INIT;

	if (!boxread_answer(text->buf, text->len, out, &e))
		fail_msg("%s: %s", e.msg, text->buf);
}

#endif
