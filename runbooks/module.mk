# Runbooks that ship.
nobase_dist_pkgdata_DATA += %D%/restore-postgres.yaml
