#include "model/tint.h"

#include <limits.h>
#include <math.h>

struct light {
	double part[3]; /* linear red, green and blue */
};
struct lab {
	double l, a, b;
};

static struct light
light_of(int rgb)
{
	struct light out;

	for (int i = 0; i < 3; i++) {
		double c = (rgb >> (16 - 8 * i) & 0xff) / 255.0;

		out.part[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
	}
	return out;
}

static double
luminance(int rgb)
{
	struct light c = light_of(rgb);

	return 0.2126 * c.part[0] + 0.7152 * c.part[1] + 0.0722 * c.part[2];
}

int
tint_contrast_pct(int a, int b)
{
	double x = luminance(a), y = luminance(b);

	return (int)lround(100 * (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05));
}

/* Full strength. */
static const double eyes[TINT_EYES][3][3] = {
	[TINT_NORMAL] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	[TINT_DEUTAN] = {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413},
		{-0.011820, 0.042940, 0.968881}},
	[TINT_PROTAN] = {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216},
		{-0.003882, -0.048116, 1.051998}},
	[TINT_TRITAN] = {{1.255528, -0.076749, -0.178779},
		{-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
};

static double
curve(double t)
{
	return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

static struct lab
lab_of(int rgb, enum tint_eye eye)
{
	/* to X, Y and Z over those of daylight */
	static const double xyz[3][3] = {{0.4124564, 0.3575761, 0.1804375},
		{0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}};
	static const double white[3] = {0.95047, 1, 1.08883};
	struct light c = light_of(rgb), seen;
	double f[3];

	for (int i = 0; i < 3; i++) {
		double v = 0;

		for (int k = 0; k < 3; k++)
			v += eyes[eye][i][k] * c.part[k];
		seen.part[i] = fmin(1, fmax(0, v));
	}
	for (int i = 0; i < 3; i++) {
		double v = 0;

		for (int k = 0; k < 3; k++)
			v += xyz[i][k] * seen.part[k];
		f[i] = curve(v / white[i]);
	}
	return (struct lab){116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

int
tint_distance_tenths(int a, int b, enum tint_eye eye)
{
	struct lab x = lab_of(a, eye), y = lab_of(b, eye);
	double l = x.l - y.l, i = x.a - y.a, k = x.b - y.b;

	return (int)lround(10 * sqrt(l * l + i * i + k * k));
}

int
tint_rgb_of(int index)
{
	static const int first[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee,
		0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
		0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
	static const int levels[6] = {0, 95, 135, 175, 215, 255};
	int k = index - 16;

	if (index < 16)
		return first[index & 15];
	if (index < 232)
		return levels[k / 36] << 16 | levels[k / 6 % 6] << 8 | levels[k % 6];
	return (8 + 10 * (index - 232)) * 0x010101;
}

int
tint_nearest(int rgb)
{
	int best = 16, distance = INT_MAX;

	for (int i = 16; i < 256; i++) {
		int d = tint_distance_tenths(rgb, tint_rgb_of(i), TINT_NORMAL);

		if (d < distance) {
			distance = d;
			best = i;
		}
	}
	return best;
}
