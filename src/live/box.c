#include "live/box.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static const char *const states[BOX_STATE_COUNT] = {
#define X(id, name) name,
	BOX_STATES(X)
#undef X
};

static const char *const healths[BOX_HEALTH_COUNT] = {
#define X(id, name) name,
	BOX_HEALTHS(X)
#undef X
};

const char *
box_state_name(enum box_state s)
{
	return states[s];
}

enum box_state
box_state_parse(const char *name)
{
	for (int i = 0; name && i < BOX_STATE_COUNT; i++) {
		if (strcmp(states[i], name) == 0)
			return i;
	}
	/* podman's words for the same */
	if (str_eq(name, "configured") || str_eq(name, "initialized"))
		return BOX_CREATED;
	return str_eq(name, "stopped") ? BOX_EXITED : BOX_UNKNOWN;
}

const char *
box_health_name(enum box_health h)
{
	return healths[h];
}

enum box_health
box_health_parse(const char *name)
{
	for (int i = 0; name && i < BOX_HEALTH_COUNT; i++) {
		if (strcmp(healths[i], name) == 0)
			return i;
	}
	return BOX_HEALTH_UNKNOWN;
}

void
box_release(struct box *b)
{
	char *const texts[] = {b->id, b->name, b->image, b->digest, b->project,
		b->service, b->policy, b->log_driver, b->log_size, b->error, b->check};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		mem_free(texts[i]);
	for (size_t i = 0; i < b->ports.list.len; i++) {
		mem_free(b->ports.list.at[i].at);
		mem_free(b->ports.list.at[i].protocol);
	}
	vec_free(&b->ports.list);
	for (size_t i = 0; i < b->mounts.list.len; i++) {
		mem_free(b->mounts.list.at[i].type);
		mem_free(b->mounts.list.at[i].from);
		mem_free(b->mounts.list.at[i].to);
	}
	vec_free(&b->mounts.list);
	for (size_t i = 0; i < b->env.list.len; i++)
		mem_free(b->env.list.at[i]);
	vec_free(&b->env.list);
	*b = (struct box){0};
}

const struct box_sample *
box_sample(const struct box *b)
{
	return b->sampled ? &b->samples[(b->sampled - 1) % BOX_SAMPLES] : NULL;
}

/* ---- words ---- */

const char *
box_cpu_text(int64_t cpu_milli, char out[16])
{
	if (cpu_milli < 0)
		snprintf(out, 16, "-");
	else
		snprintf(out, 16, "%lld.%lld", (long long)cpu_milli / 10,
			(long long)cpu_milli % 10);
	return out;
}

const char *
box_bytes_text(int64_t bytes, char out[16])
{
	static const char units[] = "BKMGTP";
	size_t unit = 0;
	int64_t tenths = bytes * 10;

	if (bytes < 0) {
		snprintf(out, 16, "-");
		return out;
	}
	if (bytes > INT64_MAX / 10)
		tenths = INT64_MAX;
	while (tenths >= 10240 && unit + 2 < sizeof units) {
		tenths /= 1024;
		unit++;
	}
	if (tenths < 100 && unit > 1)
		snprintf(out, 16, "%lld.%lld%c", (long long)tenths / 10,
			(long long)tenths % 10, units[unit]);
	else
		snprintf(out, 16, "%lld%c", (long long)tenths / 10, units[unit]);
	return out;
}

const char *
box_state_text(const struct box *b, char out[24])
{
	if (b->state == BOX_EXITED)
		snprintf(out, 24, "exited %d", b->exit);
	else
		snprintf(out, 24, "%s", box_state_name(b->state));
	return out;
}

size_t
box_repository(const char *image)
{
	const char *at = strchr(image, '@'), *colon = strrchr(image, ':'),
		   *slash = strrchr(image, '/');

	if (at)
		return (size_t)(at - image);
	if (colon && (!slash || colon > slash)) /* else it is the port of a registry */
		return (size_t)(colon - image);
	return strlen(image);
}

const char *
box_tag(const char *image)
{
	const char *tag = image + box_repository(image);

	return *tag ? tag + 1 : "latest";
}

int64_t
box_restarted(const struct box *b)
{
	return b->restarts > b->restarts_then ? b->restarts - b->restarts_then : 0;
}
