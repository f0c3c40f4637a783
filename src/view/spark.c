#include "view/spark.h"

enum { LEVELS = 8 };

static const char *
bar(double part, bool ascii)
{
	static const char *const bars[LEVELS][2] = {{"▁", "_"}, {"▂", "."}, {"▃", ":"},
		{"▄", "-"}, {"▅", "="}, {"▆", "+"}, {"▇", "*"}, {"█", "#"}};
	int level;

	if (!(part > 0))
		part = 0;
	level = part >= 1 ? LEVELS - 1 : (int)(part * LEVELS);
	return bars[level][ascii];
}

void
spark_text(const struct spark *at, size_t len, const struct spark_scale *scale,
	struct str *out)
{
	size_t cells = scale->cells > 0 ? (size_t)scale->cells : 0, i;

	for (i = len; i < cells; i++)
		str_addc(out, ' ');
	for (i = len > cells ? len - cells : 0; i < len; i++) {
		if (at[i].kind == SPARK_SILENT)
			str_adds(out, scale->ascii ? "x" : "×");
		else if (at[i].kind == SPARK_PAUSED)
			str_addc(out, ' ');
		else
			str_adds(out,
				bar(scale->full > 0 ? at[i].number / scale->full : 0,
					scale->ascii));
	}
}
