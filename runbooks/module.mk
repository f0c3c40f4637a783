# Runbooks that ship.
nobase_dist_pkgdata_DATA += %D%/alerts.yaml %D%/restore-postgres.yaml
nobase_dist_pkgdata_DATA += %D%/demo/tour.yaml %D%/demo/service.py
nobase_dist_pkgdata_DATA += %D%/site/handrail.yaml %D%/site/deploy.yaml %D%/site/migration.yaml \
	%D%/site/rolling-update.yaml %D%/site/rollback.yaml %D%/site/backup.yaml \
	%D%/site/restore.yaml %D%/site/renew-certificate.yaml %D%/site/rotate-secrets.yaml %D%/site/scaling.yaml
