# Flows against real servers: executable scripts that print TAP.
#
#   SCRIPT_TESTS += %D%/local.test
#
# They find $HANDRAIL, $SRCDIR and $BUILDDIR in the environment. A missing server is a SKIP
# with its reason; in CI (the variable CI is set) it is a failure.

SCRIPT_TESTS += %D%/quickstart.test %D%/tutorial.test
SCRIPT_TESTS += %D%/stack.test %D%/stack-docker.test
SCRIPT_TESTS += %D%/ticket.test
SCRIPT_TESTS += %D%/doctor.test %D%/hr1.test
LONG_TESTS += %D%/hr1.test
SCRIPT_TESTS += %D%/attach.test
SCRIPT_TESTS += %D%/export.test %D%/diff.test %D%/runs.test %D%/prune.test
SCRIPT_TESTS += %D%/lease.test %D%/elsewhere.test
LONG_TESTS += %D%/lease.test
SCRIPT_TESTS += %D%/export.test
SCRIPT_TESTS += %D%/rolling.test
SCRIPT_TESTS += %D%/down.test
SCRIPT_TESTS += %D%/fence.test
SCRIPT_TESTS += %D%/lineinput.test
SCRIPT_TESTS += %D%/rollback.test
SCRIPT_TESTS += %D%/walk.test %D%/cli.test %D%/intent.test
SCRIPT_TESTS += %D%/practice.test %D%/learn.test %D%/site-practice.test %D%/testing.test
SCRIPT_TESTS += %D%/dryrun.test
SCRIPT_TESTS += %D%/due.test %D%/guard.test %D%/notify.test %D%/canary.test %D%/terminal.test
SCRIPT_TESTS += %D%/states.test
SCRIPT_TESTS += %D%/states.test
SCRIPT_TESTS += %D%/due.test
SCRIPT_TESTS += %D%/soak.test
SCRIPT_TESTS += %D%/sql.test
SCRIPT_TESTS += %D%/anchor.test
SCRIPT_TESTS += %D%/bidden.test
SCRIPT_TESTS += %D%/store.test %D%/store-faults.test
LONG_TESTS += %D%/store-faults.test
EXTRA_DIST += %D%/store-scene.sh %D%/lease-scene.sh %D%/elsewhere-scene.sh
SCRIPT_TESTS += %D%/http.test
SCRIPT_TESTS += %D%/copy.test %D%/watch.test
SCRIPT_TESTS += %D%/states.test %D%/status.test
SCRIPT_TESTS += %D%/states.test %D%/restart.test
SCRIPT_TESTS += %D%/states.test %D%/status.test %D%/restart.test
SCRIPT_TESTS += %D%/look.test
SCRIPT_TESTS += %D%/two.test
SCRIPT_TESTS += %D%/sign.test
SCRIPT_TESTS += %D%/follow.test
SCRIPT_TESTS += %D%/logs.test
SCRIPT_TESTS += %D%/logs-real.test
SCRIPT_TESTS += %D%/logs-flood.test
LONG_TESTS += %D%/logs-flood.test
SCRIPT_TESTS += %D%/restore-plain.test
EXTRA_DIST += %D%/restore-scene.sh
SCRIPT_TESTS += %D%/verify.test
EXTRA_DIST += tests/data/record/README.md tests/data/record/allowed_signers \
	tests/data/record/heads tests/data/record/journal.jsonl
SCRIPT_TESTS += %D%/schema.test %D%/yaml.test %D%/author.test
SCRIPT_TESTS += %D%/import.test
EXTRA_DIST += %D%/import-check.py tests/data/import/nasty.md tests/data/import/hidden.md \
	tests/seeds/S0.md tests/seeds/S1.md tests/seeds/S2.md tests/seeds/S3.md tests/seeds/S4.md
EXTRA_DIST += %D%/crowdkit.h %D%/oddserver.h %D%/second-hosts.sh %D%/transport-hosts.sh %D%/worker-hosts.sh %D%/workerkit.h
OTHER_TESTS += %D%/test_worker %D%/test_worker_login %D%/test_transports
tests_flow_test_worker_LDADD = $(UNIT_REMOTE_LIBS)
tests_flow_test_worker_login_LDADD = $(UNIT_REMOTE_LIBS)
tests_flow_test_transports_LDADD = $(UNIT_REMOTE_LIBS)
OTHER_TESTS += %D%/test_second
tests_flow_test_second_LDADD = $(UNIT_REMOTE_LIBS)
OTHER_TESTS += %D%/test_agree
tests_flow_test_agree_LDADD = $(UNIT_AUDIT_LIBS)
LONG_TESTS += %D%/test_agree
TEST_HELPERS += %D%/boxtell
tests_flow_boxtell_LDADD = $(APP_LIBS)
SCRIPT_TESTS += %D%/boxes.test
SCRIPT_TESTS += %D%/boxes-odd.test
TEST_HELPERS += %D%/probetell
tests_flow_probetell_LDADD = $(APP_LIBS)
EXTRA_DIST += %D%/probekit.sh %D%/probes.matrix
SCRIPT_TESTS += %D%/probe-box.test %D%/probe-host.test %D%/probe-net.test
OTHER_TESTS += %D%/test_follow_ssh
tests_flow_test_follow_ssh_LDADD = $(UNIT_REMOTE_LIBS)
LONG_TESTS += %D%/site-release.test %D%/site-faults.test %D%/site-data.test %D%/site-scaling.test %D%/site-rolling.test %D%/site-secrets.test
EXTRA_DIST += %D%/site-release.test %D%/site-faults.test %D%/site-data.test %D%/site-scaling.test %D%/site-rolling.test %D%/site-secrets.test
LONG_TESTS += %D%/site-predeploy.test %D%/site-books.test %D%/site-shelf.test %D%/site-lists.test
EXTRA_DIST += %D%/site-lists.test
EXTRA_DIST += %D%/site-predeploy.test %D%/site-books.test %D%/site-shelf.test %D%/books.test %D%/books-scene.sh %D%/books.faults
SCRIPT_TESTS += %D%/authority.test %D%/keys.test %D%/changed.test
EXTRA_DIST += %D%/site-scene.sh
# The Debian package is built, judged, installed and purged.
LONG_TESTS += %D%/debian.test
EXTRA_DIST += %D%/debian.test
