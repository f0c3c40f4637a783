#ifndef MODEL_VERBTABLE_H
#define MODEL_VERBTABLE_H

/*
 * Commands known by name, subcommands and options. Alternatives are separated by |. A row
 * holds where the name, the subcommands in order, one of `flag` (NULL: none asked for)
 * and none of `unless` are there. `docker compose` and `docker-compose` are "compose".
 */

#include "model/dangerlist.h"

struct verb {
	enum danger_id id;
	const char *name, *sub, *subsub, *flag, *unless;
};

#define CONTAINER "docker|podman"

static const struct verb verb_rows[] = {
	/* destroys */
	{DANGER_VOLUMES, "compose", "down", NULL, "-v|--volumes", NULL},
	{DANGER_VOLUMES, CONTAINER, "volume", "rm|remove|prune", NULL, NULL},
	{DANGER_VOLUMES, CONTAINER, "system", "prune", "--volumes", NULL},
	{DANGER_PRUNE, CONTAINER, "system|image|container|builder|network", "prune", NULL,
		"--volumes"},
	{DANGER_TREE, "rm", NULL, NULL, "-r|-R|--recursive", NULL},
	{DANGER_TREE, "find", NULL, NULL, "-delete", NULL},
	{DANGER_TREE, "userdel|deluser", NULL, NULL, "-r|--remove|--remove-home", NULL},
	{DANGER_DISK,
		"wipefs|shred|blkdiscard|sgdisk|parted|fdisk|lvremove|vgremove|pvremove",
		NULL, NULL, NULL, "-l|--list|--no-act"},
	{DANGER_DISK, "zfs|zpool", "destroy", NULL, NULL, NULL},
	{DANGER_DISK, "cryptsetup", "luksFormat|erase", NULL, NULL, NULL},
	{DANGER_DATA, "dropdb", NULL, NULL, NULL, NULL},
	{DANGER_OBJECTS, "dropuser", NULL, NULL, NULL, NULL},
	{DANGER_DATA, "mongorestore", NULL, NULL, "--drop", NULL},
	{DANGER_DATA, "pg_restore", NULL, NULL, "-c|--clean", NULL},
	{DANGER_DATA, "mysqladmin", "drop", NULL, NULL, NULL},
	{DANGER_CACHE, "redis-cli", "flushall|flushdb|FLUSHALL|FLUSHDB|FlushAll|FlushDB",
		NULL, NULL, NULL},
	{DANGER_CLUSTER, "kubectl", "delete|drain", NULL, NULL, "--dry-run"},
	{DANGER_CLUSTER, "helm", "uninstall|delete", NULL, NULL, "--dry-run"},
	{DANGER_CLUSTER, "terraform|tofu", "destroy", NULL, NULL, NULL},
	{DANGER_HISTORY, "git", "push", NULL,
		"-f|--force|--force-with-lease|--mirror|-d|--delete", NULL},
	{DANGER_HISTORY, "git", "reset", NULL, "--hard", NULL},
	{DANGER_HISTORY, "git", "clean", NULL, "-f|--force", "-n|--dry-run"},
	{DANGER_MIRROR, "rsync", NULL, NULL,
		"--delete|--del|--delete-after|--delete-before|--delete-during|--delete-delay|"
		"--delete-excluded",
		"-n|--dry-run"},
	{DANGER_MIRROR, "rclone", "sync|purge|delete|bisync", NULL, NULL, "-n|--dry-run"},
	{DANGER_MIRROR, "aws", "s3", "rm", "--recursive", "--dryrun"},
	{DANGER_MIRROR, "aws", "s3", "sync", "--delete", "--dryrun"},
	{DANGER_MIRROR, "aws", "s3", "rb", NULL, NULL},
	{DANGER_MIRROR, "gsutil", "rsync", NULL, "-d", "-n"},
	{DANGER_MIRROR, "gsutil", "rm", NULL, "-r|-R", NULL},
	{DANGER_MACHINE, "reboot|shutdown|halt|poweroff", NULL, NULL, NULL, NULL},
	{DANGER_MACHINE, "systemctl", "reboot|poweroff|halt|kexec", NULL, NULL, NULL},
	{DANGER_MACHINE, "init|telinit", "0|6", NULL, NULL, NULL},
	{DANGER_MACHINE, "iptables|ip6tables", NULL, NULL, "-F|--flush", NULL},
	{DANGER_MACHINE, "nft", "flush", NULL, NULL, NULL},
	{DANGER_MACHINE, "crontab", NULL, NULL, "-r", NULL},
	{DANGER_DATA, "rails|rake", "db:drop|db:reset|db:drop:all|db:purge", NULL, NULL,
		NULL},
	{DANGER_DATA, "manage.py|django-admin", "flush|reset_db|sqlflush", NULL, NULL,
		NULL},
	{DANGER_DATA, "python|python3", "manage.py|./manage.py", "flush|reset_db", NULL,
		NULL},
	{DANGER_DATA, "artisan", "migrate:fresh|migrate:reset|migrate:refresh|db:wipe",
		NULL, NULL, "--pretend"},
	{DANGER_DATA, "php", "artisan|./artisan",
		"migrate:fresh|migrate:reset|migrate:refresh|db:wipe", NULL, "--pretend"},
	{DANGER_DATA, "prisma", "migrate", "reset", NULL, NULL},
	{DANGER_DATA, "flyway", "clean", NULL, NULL, NULL},
	{DANGER_DATA, "kafka-topics|kafka-topics.sh", NULL, NULL, "--delete", NULL},
	{DANGER_DATA, "aws", "rds", "delete-db-instance|delete-db-cluster", NULL, NULL},
	{DANGER_CACHE, "etcdctl", "del", NULL, "--prefix|--from-key", NULL},
	{DANGER_CLUSTER, "terraform|tofu", "state", "rm", NULL, "-dry-run"},
	{DANGER_CLUSTER, "aws", "ec2", "terminate-instances", NULL, "--dry-run"},
	{DANGER_MACHINE, "chmod", "000|0000|0", NULL, NULL, NULL},

	/* the usual names of what throws away */
	{DANGER_TREE, "make|gmake|rake|just",
		"clean|distclean|realclean|mostlyclean|maintainer-clean|mrproper|clobber|"
		"cleanall|clean-all|purge|nuke|wipe|destroy",
		NULL, NULL, "-n|--dry-run|--just-print"},
	{DANGER_DATA, "make|gmake|rake|just",
		"db:drop|db:reset|db-drop|db-reset|dropdb|resetdb|drop-db|reset-db", NULL,
		NULL, "-n|--dry-run|--just-print"},

	/* never ends */
	{DANGER_FOREGROUND, "compose", "up", NULL, NULL,
		"-d|--detach|--abort-on-container-exit|--exit-code-from|--no-start|--wait"},
	{DANGER_ENDLESS, "compose", "logs", NULL, "-f|--follow", NULL},
	{DANGER_ENDLESS, "compose", "events|attach", NULL, NULL, NULL},
	{DANGER_ENDLESS, CONTAINER, "logs", NULL, "-f|--follow", NULL},
	{DANGER_ENDLESS, CONTAINER, "events", NULL, NULL, "--until"},
	{DANGER_ENDLESS, CONTAINER, "attach", NULL, NULL, NULL},
	{DANGER_ENDLESS, CONTAINER, "stats", NULL, NULL, "--no-stream"},
	{DANGER_ENDLESS, "kubectl", "logs", NULL, "-f|--follow", NULL},
	{DANGER_ENDLESS, "kubectl", "get", NULL, "-w|--watch", NULL},
	{DANGER_ENDLESS, "kubectl", "port-forward|proxy", NULL, NULL, NULL},
	{DANGER_ENDLESS, "tail", NULL, NULL, "-f|-F|--follow", "--pid"},
	{DANGER_ENDLESS, "journalctl", NULL, NULL, "-f|--follow", NULL},
	{DANGER_ENDLESS, "dmesg", NULL, NULL, "-w|--follow", NULL},
	{DANGER_ENDLESS, "watch|yes", NULL, NULL, NULL, NULL},
	{DANGER_ENDLESS, "ping|ping6", NULL, NULL, NULL, "-c|-w"},
	{DANGER_ENDLESS, "tcpdump", NULL, NULL, NULL, "-c"},
	{DANGER_ENDLESS, "sleep", "infinity|inf", NULL, NULL, NULL},
	{DANGER_ENDLESS, "top", NULL, NULL, "-b", "-n"},
	{DANGER_ENDLESS, "redis-cli", "monitor|MONITOR|subscribe|SUBSCRIBE", NULL, NULL,
		NULL},

	/* needs a person */
	{DANGER_SCREEN, "top", NULL, NULL, NULL, "-b"},
	{DANGER_SCREEN,
		"htop|btop|less|more|vi|vim|nvim|nano|emacs|tmux|screen|vipw|visudo",
		NULL, NULL, NULL, "-d"},
	{DANGER_SCREEN, "crontab", NULL, NULL, "-e", NULL},
	{DANGER_SCREEN, "passwd", NULL, NULL, NULL, "-S|-l|-u|-d|-e"},
	{DANGER_COMPOSE_TTY, "compose", "exec|run", NULL, NULL,
		"-T|--no-TTY|--no-tty|-d|--detach"},

	/* hides its failure */
	{DANGER_CURL, "curl", NULL, NULL, NULL,
		"-f|--fail|--fail-with-body|-w|--write-out|-V|--version"},
	{DANGER_SUDO, "su", NULL, NULL, NULL, NULL},
	{DANGER_WITHDRAWN, "docker", "scan", NULL, NULL, NULL},

	/* changes something; only where no row above has said worse */
	{DANGER_CHANGES, "rm|mv|rmdir|truncate|chmod|chown|kill|pkill|killall", NULL,
		NULL, NULL, "-l|-0"},
	{DANGER_CHANGES, "compose",
		"down|stop|start|restart|rm|kill|pull|build|up|pause|unpause", NULL, NULL,
		NULL},
	{DANGER_CHANGES, CONTAINER,
		"stop|start|restart|rm|rmi|kill|pull|pause|unpause|rename", NULL, NULL,
		NULL},
	{DANGER_CHANGES, "systemctl",
		"start|stop|restart|reload|enable|disable|mask|unmask", NULL, NULL, NULL},
	{DANGER_CHANGES, "kubectl", "apply|create|patch|scale|set|edit|cordon|uncordon",
		NULL, NULL, "--dry-run"},
	{DANGER_CHANGES, "kubectl", "rollout", "restart|undo|pause|resume", NULL, NULL},
	{DANGER_CHANGES, "helm", "install|upgrade|rollback", NULL, NULL, "--dry-run"},
	{DANGER_CHANGES, "terraform|tofu", "apply", NULL, NULL, NULL},
	{DANGER_CHANGES, "git", "push|pull|checkout|switch|merge|commit", NULL, NULL,
		"-n|--dry-run"},
	{DANGER_CHANGES, "apt|apt-get|dnf|yum|apk",
		"install|upgrade|dist-upgrade|full-upgrade|remove|purge|autoremove|add|del",
		NULL, NULL, "-s|--simulate|--dry-run"},
	{DANGER_CHANGES, "alembic", "upgrade|downgrade|stamp", NULL, NULL, "--sql"},
	{DANGER_CHANGES, "useradd|usermod|userdel|groupadd|adduser|deluser", NULL, NULL,
		NULL, NULL},
	{DANGER_CHANGES, "mvn|mvnw|gradle|gradlew|ninja|cargo|bazel", "clean", NULL, NULL,
		"-n|--dry-run"},
	{DANGER_CHANGES, "createdb|createuser|pg_restore|mongorestore", NULL, NULL, NULL,
		"-l|--list|--dryRun"},
};

#endif
