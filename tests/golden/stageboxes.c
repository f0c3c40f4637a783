#include "stageboxes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/view_boxes.h"

/* 2025-11-20T13:31:07Z */
static const struct now now = {.mono = {500000}, .wall = {1763645467000}};

#define BOX(id, name, image, digest, state, health, started, restarts, service, more) \
	"box {\"id\":\"" id "00000000\",\"name\":\"/" name "\",\"image\":\"" image \
	"\",\"digest\":\"" digest "\",\"state\":\"" state \
	"\",\"exit\":0,\"pid\":7,\"started\":\"2025-11-" started \
	"Z\",\"restarts\":" restarts \
	",\"finished\":\"2025-11-20T03:31:00Z\",\"health\":\"" health \
	"\",\"check\":{\"Test\":[\"CMD-SHELL\",\"curl -fsS localhost:8000/health\"]," \
	"\"Interval\":5000000000},\"policy\":\"always\",\"log\":\"json-file\"," \
	"\"log_options\":{\"max-size\":\"10m\"},\"project\":\"acme\",\"service\":\"" service \
	"\",\"memory\":536870912,\"nanocpus\":2000000000,\"mounts\":[{\"type\":\"volume\"," \
	"\"from\":\"uploads\",\"to\":\"/data\",\"rw\":true}],\"env\":[\"PATH\"," \
	"\"DATABASE_URL\",\"JWT_SECRET\"]," more "\"oom\":false}\n"

#define API_OLD "sha256:0123456789abcdef"
#define API_NEW "sha256:5b1efedcba987654"
#define PROXY   "sha256:aaaabbbbccccdddd"

static const char *const answers[] = {
	"now 1763645466 1000\nengine docker 26.1\nload 0.71\ndisk 62\ncpus 4\n" BOX(
		"aaaa", "acme-proxy-1", "nginx:1.27", PROXY, "running", "healthy",
		"10T12:00:00", "0", "proxy",
		"\"ports\":{\"8080/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8888\"}]},")
		BOX("bbbb", "acme-api-1", "acme/api:v1.14.2", API_NEW, "running",
			"starting", "20T13:30:31", "0", "api",
			"\"ports\":{\"8000/tcp\":null},") BOX("cccc", "acme-worker-1",
			"acme/api:v1.14.1", API_OLD, "running", "healthy", "19T11:00:00",
			"0", "worker",
			"\"failing\":0,") "use aaaa00000000 1000 11534336\nuse bbbb00000000 1000 222298112\n"
					  "end\n",
	"now 1763645333 1000\nengine docker 26.1\nload 0.40\ndisk 60\ncpus 4\n" BOX(
		"dddd", "acme-proxy-1", "nginx:1.27", PROXY, "running", "healthy",
		"10T12:00:00", "0", "proxy",
		"\"ports\":{\"8080/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8888\"}]},")
		BOX("eeee", "acme-api-1", "acme/api:v1.14.1", API_OLD, "restarting",
			"unhealthy", "20T13:28:50", "7", "api",
			"\"ports\":{\"8000/tcp\":null},") "end\n",
	"now 1763645466 1000\nengine podman 4.3.1\nload 0.22\ndisk 71\n" BOX("ffff",
		"acme-db-1", "postgres:16-alpine", "sha256:16", "running", "healthy",
		"08T12:00:00", "0", "db",
		"\"ports\":{\"5432/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"5432\"}]},")
		BOX("abab", "acme-backup-1", "postgres:16-alpine", "sha256:16", "exited",
			"none", "20T03:30:00", "0", "backup",
			"\"failing\":0,") "use ffff00000000 1000 421527552\nend\n",
};

static void
take(struct boxes *bs, size_t host, const char *text, struct now at)
{
	struct boxread_look l;
	struct err e = ERR_INIT;

	if (!boxread_answer(text, strlen(text), &l, &e))
		abort();
	boxes_take(bs, host, &l, at);
	boxread_release(&l);
}

/* Cpu of the second look: 14.1 % of a processor. */
static void
use(struct boxes *bs)
{
	static const char later[] = "now 1763645466 1005\n"
				    "use aaaa00000000 11000 11534336\n"
				    "use bbbb00000000 706000 222298112\nend\n";
	struct boxread_look l;
	struct err e = ERR_INIT;

	if (!boxread_answer(later, strlen(later), &l, &e))
		abort();
	boxes_take_use(bs, 0, &l, now);
	boxread_release(&l);
}

static struct boxes *
three_hosts(void)
{
	static const char *const names[] = {"web1", "web2", "db1"};
	static const int64_t ago_ms[] = {2000, 134000, 4000};
	static const char died[] =
		"{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"bbbb00000000\","
		"\"Attributes\":{\"name\":\"acme-api-1\"}},\"time\":1763645431}";
	struct boxes *bs = boxes_new();
	struct boxread_event ev;
	struct err e = ERR_INIT;

	for (size_t i = 0; i < 3; i++) {
		boxes_add(bs, names[i]);
		take(bs, i, answers[i],
			(struct now){
				{now.mono.ms - ago_ms[i]}, {now.wall.ms - ago_ms[i]}});
	}
	use(bs);
	boxes_tell(bs, 1, BOXES_SILENT, "web2 cannot be reached: no route to host", now);
	if (!boxread_event(died, strlen(died), &ev, &e))
		abort();
	boxes_take_event(bs, 0, &ev);
	return bs;
}

enum moment { MOMENT_LIST, MOMENT_INSPECT };

static void
draw(struct frame *f, struct boxes *bs, enum moment moment)
{
	struct view_boxes_state st = {
		.list.id = SCROLL_NOTHING, .below.id = SCROLL_NOTHING};
	struct boxes_scene s = {.boxes = bs};
	struct scene sc = {.now = now, .place = "Containers > Release", .who = "anna"};

	view_boxes_draw(&sc, &s, &st, f); /* the selection begins somewhere */
	if (moment == MOMENT_INSPECT) {
		scroll_move(&st.list, SCROLL_DOWN);
		st.inspect = true;
	}
	frame_clear(f);
	view_boxes_draw(&sc, &s, &st, f);
	view_boxes_release(&st);
	boxes_free(bs);
}

void
stageboxes_draw(struct frame *f)
{
	draw(f, three_hosts(), MOMENT_LIST);
}

void
stageboxes_draw_inspect(struct frame *f)
{
	draw(f, three_hosts(), MOMENT_INSPECT);
}

void
stageboxes_draw_none(struct frame *f)
{
	struct boxes *bs = boxes_new();

	boxes_add(bs, "web1");
	boxes_add(bs, "web2");
	boxes_tell(bs, 0, BOXES_CANNOT,
		"docker: permission denied while trying to connect to the Docker daemon socket",
		now);
	draw(f, bs, MOMENT_LIST);
}
