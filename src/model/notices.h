#ifndef MODEL_NOTICES_H
#define MODEL_NOTICES_H

/* What of a run is told to those who do not watch it: kind, its word in handrail.yaml. */
#define NOTICES(X) \
	X(START, "start") \
	X(NEEDS, "needs") \
	X(FAILED, "failed") \
	X(SIGNED, "signed") \
	X(CLOSED, "closed") \
	X(TELL, "notify") /* the text of a notify step: always told */

enum notice_kind {
#define X(id, word) NOTICE_##id,
	NOTICES(X)
#undef X
		NOTICE_COUNT
};
enum { NOTICE_ALL = (1 << NOTICE_COUNT) - 1 };

#endif
