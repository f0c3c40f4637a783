#ifndef MODEL_TINT_H
#define MODEL_TINT_H

/*
 * Arithmetic of colours, for themes and their check: how well a text can be read on its
 * ground, how far apart two colours are for an eye (also one that sees no red, green or
 * blue), and the nearest colour of the 256. A colour is 0xrrggbb. The formulas are public:
 * WCAG 2 contrast, CIELAB of 1976, Machado and others 2009 for the eyes.
 */

enum tint_eye { TINT_NORMAL, TINT_DEUTAN, TINT_PROTAN, TINT_TRITAN, TINT_EYES };

/* 100 times the ratio, 100 (none) to 2100. */
int tint_contrast_pct(int a, int b);
/* Distance in CIELAB, in tenths. */
int tint_distance_tenths(int a, int b, enum tint_eye eye);
/* Nearest of the colours 16 to 255; the first sixteen are what their owner painted them. */
int tint_nearest(int rgb);
/* A colour of the 256: 16 to 255 exactly, 0 to 15 as xterm paints them. */
int tint_rgb_of(int index);

#endif
