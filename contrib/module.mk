# Tools that stand beside handrail: dist_pkgdata_SCRIPTS += %D%/verify

dist_pkgdata_SCRIPTS += %D%/verify
