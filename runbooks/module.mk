# Runbooks that ship.
nobase_dist_pkgdata_DATA += %D%/alerts.yaml %D%/restore-postgres.yaml
nobase_dist_pkgdata_DATA += %D%/demo/tour.yaml %D%/demo/service.py
