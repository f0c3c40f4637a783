#include "stagehome.h"

const struct home_runbook stagehome_runbooks[4] = {
	{"data", "Back up the database", "runbooks/data/backup.yaml", 5, RISK_NONE, "OK",
		{1763560900000}, "cron", NULL},
	{"data", "Restore the ni_site database", "runbooks/restore-postgres.yaml", 8,
		RISK_SEVERE, "FAIL", {1763600300000}, "anna", NULL},
	{"incident", "Backend not responding", "runbooks/incident/backend.yaml", 8,
		RISK_MODERATE, "never", {0}, NULL, NULL},
	{"incident", "broken", "runbooks/incident/broken.yaml", -1, RISK_NONE, "never",
		{0}, NULL, "runbooks/incident/broken.yaml:7:3: unknown key \"stepps\""},
};
const struct home_run stagehome_runs[2] = {
	{"01JCX0000000000000000007KQ2", "Restore the ni_site database", "load", "RUN",
		"anna", {1763599000000}, NULL, false, false},
	{"01JCX0000000000000000007KP9", "Backend not responding", "restart", "RUN", "lea",
		{1763590000000}, NULL, true, false},
};

const struct home_run stagehome_colleagues[4] = {
	{"01JCX0000000000000000007KQ2", "Restore the ni_site database", "load", "RUN",
		"anna@example.com", {1763599000000}, NULL, false, true, NULL, NULL},
	{"01JCX0000000000000000007KP9", "Backend not responding", "3.2", "WAIT",
		"lea@example.com", {1763590000000}, NULL, true, false,
		"sign-off: Technical lead", NULL},
	{"01JCX0000000000000000007KP1", "Deploy web + api (compose)", "2.1", "HELD",
		"marek@example.com", {1763600800000}, NULL, true, false,
		"on hold: waiting for the vendor", "marek"},
	{"01JCX0000000000000000007KN4", "(its console does not say)", NULL, "?", NULL,
		{0}, NULL, true, false, NULL, "uid1004"},
};

static const struct due_row dues[] = {
	{"7KQ2.14", "Watch the error rate for an hour", NULL, "production", NULL, NULL,
		{1763590000000}, true, true, true},
	{"7KP9.31", "Review the logs", NULL, "production", "SRE", "1w", {1763599000000},
		false, false, false},
	{NULL, "Backend not responding", NULL, NULL, NULL, NULL, {1763600000000}, false,
		false, false},
	{"7KQ2.15", "Ask the users how it is", NULL, "test", NULL, NULL, {1764200000000},
		false, false, true},
};

struct due_scene
stagehome_due(void)
{
	return (struct due_scene){.rows = dues,
		.len = sizeof dues / sizeof *dues,
		.watched = "not watched: see handrail tick --install-help"};
}
