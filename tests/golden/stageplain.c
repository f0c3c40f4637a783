#include "stageplain.h"

#include "model/diag.h"
#include "view/view_commands.h"
#include "view/view_help.h"
#include "view/view_home.h"
#include "view/view_problems.h"

static struct scene
scene(const char *place)
{
	return (struct scene){.now = {.mono = {500000}, .wall = {1763600900000}},
		.badge = "PROD",
		.prod = true,
		.project = "ni_site",
		.place = place,
		.who = "anna@example.com",
		.journal = "journal #12 synced"};
}

void
stageplain_welcome(struct frame *f)
{
	static const char *const looked[] = {"./runbooks (no such folder)",
		"~/.local/share/handrail/runbooks (no such folder)"};
	struct scene sc = scene("Home");
	struct home_state st = {0};
	struct home_scene h = {.looked = looked, .looked_len = 2};

	sc.badge = NULL;
	sc.project = sc.who = sc.journal = NULL;
	view_home_draw(&sc, &h, &st, f);
	view_home_release(&st);
}

void
stageplain_problems(struct frame *f)
{
	struct scene sc = scene("Problems");
	struct scroll st = {.id = 0};
	struct diags d = {0};

	diag_add(&d, DIAG_ERROR, "E-KEY-001", (struct spot){"runbooks/broken.yaml", 7, 3},
		NULL, "write steps", "unknown key \"stepps\"");
	diag_add(&d, DIAG_WARNING, "W-SH-003",
		(struct spot){"runbooks/broken.yaml", 12, 10},
		"the exit status of all but the last part is lost",
		"set -o pipefail, or write to a file first",
		"a pipeline hides its failures");
	view_problems_draw(&sc, &d, &st, f);
	scroll_release(&st);
	diags_release(&d);
}

void
stageplain_help(struct frame *f)
{
	struct scene sc = scene("Run > help");
	struct keymap_can can = {0};
	struct help_state h;

	keymap_deny(&can, ACTION_RUN_SIGN, "no sign-off waits now");
	view_help_open(&h, ON_RUN);
	view_help_draw(&sc, &h, &can, f);
	view_help_release(&h);
}

static void
draw_commands_for(struct frame *f, const char *typed)
{
	struct scene sc = scene("Run 7KR4 > Restore the ni_site database");
	struct keymap_can can = {0};
	struct commands_state st;

	keymap_deny(&can, ACTION_RUN_SIGN, "no sign-off waits now");
	keymap_deny(&can, ACTION_RUN_BACK, "nothing has run yet that could be led back");
	view_commands_open(&st, ON_RUN);
	field_type(&st.search, typed);
	view_commands_draw(&sc, &st, &can, f);
	view_commands_release(&st);
}

void
stageplain_commands(struct frame *f)
{
	draw_commands_for(f, "step");
}

void
stageplain_commands_back(struct frame *f)
{
	draw_commands_for(f, "way back");
}

void
stageplain_too_small(struct frame *f)
{
	struct scene sc = scene("Home");

	sc.running = "3.3 on web1 is still running 0:42";
	scene_too_small(&sc, f);
}
