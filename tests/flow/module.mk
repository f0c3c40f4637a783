# Flows against real servers: executable scripts that print TAP.
#
#   SCRIPT_TESTS += %D%/local.test
#
# They find $HANDRAIL, $SRCDIR and $BUILDDIR in the environment. A missing server is a SKIP
# with its reason; in CI (the variable CI is set) it is a failure.

SCRIPT_TESTS += %D%/stack.test %D%/stack-docker.test
SCRIPT_TESTS += %D%/hr1.test %D%/follow.test
SCRIPT_TESTS += %D%/walk.test %D%/cli.test %D%/intent.test
SCRIPT_TESTS += %D%/logs.test
SCRIPT_TESTS += %D%/restore-plain.test
EXTRA_DIST += %D%/restore-scene.sh
SCRIPT_TESTS += %D%/verify.test
EXTRA_DIST += tests/data/record/README.md tests/data/record/allowed_signers \
	tests/data/record/heads tests/data/record/journal.jsonl
SCRIPT_TESTS += %D%/schema.test %D%/yaml.test %D%/author.test
EXTRA_DIST += %D%/oddserver.h %D%/worker-hosts.sh %D%/workerkit.h
OTHER_TESTS += %D%/test_worker %D%/test_worker_login
tests_flow_test_worker_LDADD = $(UNIT_REMOTE_LIBS)
tests_flow_test_worker_login_LDADD = $(UNIT_REMOTE_LIBS)
OTHER_TESTS += %D%/test_agree
tests_flow_test_agree_LDADD = $(UNIT_AUDIT_LIBS)
LONG_TESTS += %D%/test_agree
OTHER_TESTS += %D%/test_follow_ssh
tests_flow_test_follow_ssh_LDADD = $(UNIT_REMOTE_LIBS)
