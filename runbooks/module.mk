# Runbooks that ship.
nobase_dist_pkgdata_DATA += %D%/alerts.yaml %D%/restore-postgres.yaml
nobase_dist_pkgdata_DATA += %D%/demo/tour.yaml %D%/demo/scenarios/tour.yaml %D%/demo/tests/tour.yaml
nobase_dist_pkgdata_DATA += %D%/site/handrail.yaml %D%/site/deploy.yaml %D%/site/migration.yaml \
	%D%/site/rolling-update.yaml %D%/site/rollback.yaml %D%/site/backup.yaml \
	%D%/site/restore.yaml %D%/site/renew-certificate.yaml %D%/site/rotate-secrets.yaml %D%/site/scaling.yaml
nobase_dist_pkgdata_DATA += %D%/site/predeploy-s1.yaml %D%/site/predeploy-s3.yaml %D%/site/smoke.yaml \
	%D%/site/hardening.yaml %D%/site/settings.yaml %D%/site/review.yaml %D%/site/first-week.yaml \
	%D%/site/weekly.yaml %D%/site/monthly.yaml %D%/site/quarterly.yaml %D%/site/quick-start.yaml \
	%D%/site/dr-drill.yaml %D%/site/restore-mongodb.yaml %D%/site/retention.yaml
nobase_dist_pkgdata_DATA += %D%/site/incident-service-down.yaml %D%/site/incident-error-rate.yaml \
	%D%/site/incident-response-time.yaml %D%/site/incident-database.yaml \
	%D%/site/incident-resources.yaml %D%/site/incident-rate-limit.yaml

# What they are practised in, and what proves that each can be solved.
nobase_dist_pkgdata_DATA += %D%/site/scenarios/incident-service-down.yaml \
	%D%/site/scenarios/incident-error-rate.yaml %D%/site/scenarios/incident-response-time.yaml \
	%D%/site/scenarios/incident-database.yaml %D%/site/scenarios/incident-resources.yaml \
	%D%/site/scenarios/incident-rate-limit.yaml %D%/site/scenarios/restore.yaml \
	%D%/site/scenarios/dr-drill.yaml
nobase_dist_pkgdata_DATA += %D%/site/tests/incident-service-down.yaml \
	%D%/site/tests/incident-error-rate.yaml %D%/site/tests/incident-response-time.yaml \
	%D%/site/tests/incident-database.yaml %D%/site/tests/incident-resources.yaml \
	%D%/site/tests/incident-rate-limit.yaml %D%/site/tests/restore.yaml \
	%D%/site/tests/dr-drill.yaml
