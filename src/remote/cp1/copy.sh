# One act of a copy, on the host that has or gets the file. Parameters: README. Replies:
#   file size= sum= mode=      look: a regular file that can be read
#   data                       read: BLOCK bytes at most follow, from BLOCK * SKIP on
#   nothing                    peek, settle: there is no file of this name
#   there size= sum= mode=     peek, settle: a regular file; sum=unread: it may not be read
#   ready was= wassize=        begin: the file aside is made; was: sum of what stands in place
#   same size= sum= mode=      begin: these bytes are in place already; mode set
#   wrote size=                write: SKIP and what came on standard input are in it
#   placed size= sum= mode=    place: whole, synced and renamed
#   error KIND, then a sentence: missing isdir notfile noread link nodir nowrite nospace
#                              write changed garbled nosum lost mode
# Whatever goes wrong, the file aside is gone then.
cp1_copy() {
#@PARAMS
	c_say() {
		echo "CP1 $* tok=$CP1_TOKEN"
	}

	c_refuse() {
		[ -z "$c_aside" ] || rm -f -- "$c_aside"
		echo "CP1 error $1 tok=$CP1_TOKEN"
		echo "$2"
		exit 0
	}

	c_places() {
		case $CP1_PATH in
		'~/'*) c_file=$HOME/${CP1_PATH#??} ;;
		/*) c_file=$CP1_PATH ;;
		*) c_file=./$CP1_PATH ;;
		esac
		c_dir=${c_file%/*}
		c_dir=${c_dir:-/}
		c_temp=
		[ -z "$CP1_TEMP" ] || c_temp=${c_dir%/}/$CP1_TEMP
	}

	# c_read_sum FILE: sets c_sum; fails where nothing here can tell it.
	c_read_sum() {
		if command -v sha256sum >/dev/null 2>&1; then
			c_sum=$(sha256sum <"$1" 2>/dev/null)
		elif command -v shasum >/dev/null 2>&1; then
			c_sum=$(shasum -a 256 <"$1" 2>/dev/null)
		elif command -v openssl >/dev/null 2>&1; then
			c_sum=$(openssl dgst -sha256 -r <"$1" 2>/dev/null)
		else
			c_refuse nosum 'neither sha256sum nor shasum nor openssl is there'
		fi
		c_sum=${c_sum%% *}
		[ "${#c_sum}" = 64 ]
	}

	c_read_size() {
		set -f
		set -- $(LC_ALL=C ls -lndL -- "$1" 2>/dev/null)
		set +f
		c_mode=$1 c_size=$5
	}

	c_about() {
		c_read_size "$1"
		[ -r "$1" ] && c_read_sum "$1" || c_sum=unread
	}

	# Why a name cannot be a file to read, or one to be replaced.
	c_only_files() {
		if [ -h "$c_file" ] && [ "$1" = place ]; then
			c_refuse link "$CP1_PATH is a symbolic link: name the file it leads to"
		elif [ -d "$c_file" ]; then
			c_refuse isdir "$CP1_PATH is a folder: a copy takes one file"
		elif [ -e "$c_file" ] && [ ! -f "$c_file" ]; then
			c_refuse notfile "$CP1_PATH is no regular file"
		fi
	}

	c_look() {
		c_only_files source
		[ -f "$c_file" ] || c_refuse missing "there is no $CP1_PATH, or its folder may not be entered"
		[ -r "$c_file" ] || c_refuse noread "$(id -un) may not read $CP1_PATH"
		c_read_size "$c_file"
		c_read_sum "$c_file" || c_refuse noread "$CP1_PATH cannot be read"
		c_say file "size=$c_size" "sum=$c_sum" "mode=$c_mode"
	}

	c_read() {
		c_say data
		dd if="$c_file" bs="$CP1_BLOCK" skip="$CP1_SKIP" count=1 2>/dev/null
	}

	c_peek() {
		c_only_files place
		[ -d "$c_dir" ] || c_refuse nodir "there is no folder $c_dir: make it in a step before"
		if [ ! -f "$c_file" ]; then
			c_say nothing
			return
		fi
		c_about "$c_file"
		c_say there "size=$c_size" "sum=$c_sum" "mode=$c_mode"
	}

	c_room() {
		set -f
		set -- $(LC_ALL=C df -Pk -- "$c_dir" 2>/dev/null | tail -n 1)
		set +f
		case ${4-} in
		''|*[!0123456789]*) return ;; # not told: the disk will say
		esac
		[ "${#4}" -gt "${#CP1_KIB}" ] ||
			{ [ "${#4}" -eq "${#CP1_KIB}" ] && ! expr "$4" '<' "$CP1_KIB" >/dev/null; } ||
			c_refuse nospace "it needs $CP1_KIB KiB, and $c_dir has $4 KiB left"
	}

	c_begin() {
		c_only_files place
		[ -d "$c_dir" ] || c_refuse nodir "there is no folder $c_dir: make it in a step before"
		c_was=none
		c_wassize=0
		# First of all, so that whoever cancels while a sum is made has something to remove.
		rm -f -- "$c_temp"
		(umask 077; set -C; : >"$c_temp") 2>/dev/null && c_aside=$c_temp
		if [ -f "$c_file" ]; then
			c_about "$c_file"
			c_was=$c_sum c_wassize=$c_size
		fi
		if [ "$c_was" = "$CP1_SUM" ]; then
			chmod -- "$CP1_MODE" "$c_file" 2>/dev/null ||
				c_refuse mode "it is in place, but $(id -un) may not set its mode to $CP1_MODE"
			c_read_size "$c_file"
			rm -f -- "$c_temp"
			c_say same "size=$c_size" "sum=$c_was" "mode=$c_mode"
			return
		fi
		[ -w "$c_dir" ] || c_refuse nowrite "$(id -un) may not write in $c_dir"
		[ -n "$c_aside" ] || c_refuse nowrite "no file can be made in $c_dir"
		c_room
		[ -f "$c_temp" ] || c_refuse lost "the file aside is gone from $c_dir"
		c_say ready "was=$c_was" "wassize=$c_wassize"
	}

	c_mine() {
		c_aside=$c_temp
		[ -f "$c_temp" ] && [ ! -h "$c_temp" ] ||
			c_refuse lost "the file aside is gone from $c_dir"
	}

	c_write() {
		c_mine
		c_read_size "$c_temp"
		[ "$c_size" = "$CP1_SKIP" ] || c_refuse lost "somebody else has written to the file aside"
		c_text=$(LC_ALL=C cat 2>&1 >>"$c_temp") ||
			c_refuse "$(case $c_text in *space*|*uota*) echo nospace ;; *) echo write ;; esac)" \
				"$c_dir: ${c_text##*: }"
		c_read_size "$c_temp"
		[ "$c_size" = "$CP1_SIZE" ] || c_refuse lost 'not all of it came'
		c_say wrote "size=$c_size"
	}

	c_place() {
		c_mine
		c_read_size "$c_temp"
		[ "$c_size" = "$CP1_SIZE" ] || c_refuse garbled "$c_size bytes came instead of $CP1_SIZE"
		c_read_sum "$c_temp" && [ "$c_sum" = "$CP1_SUM" ] ||
			c_refuse garbled "what came has the sha256 $c_sum"
		chmod -- "$CP1_MODE" "$c_temp" 2>/dev/null || c_refuse mode "its mode cannot be set"
		# Old ones take no names: all of the disk then.
		sync -- "$c_temp" 2>/dev/null || sync
		c_only_files place
		c_sum=none
		[ ! -f "$c_file" ] || c_about "$c_file"
		[ "$c_sum" = "$CP1_WAS" ] ||
			c_refuse changed "somebody else has written $CP1_PATH meanwhile"
		c_text=$(LC_ALL=C mv -f -- "$c_temp" "$c_file" 2>&1) ||
			c_refuse write "${c_text##*: }"
		c_aside=
		sync -- "$c_dir" 2>/dev/null || sync
		c_about "$c_file"
		c_say placed "size=$c_size" "sum=$c_sum" "mode=$c_mode"
	}

	unset IFS
	c_aside=
	c_places
	case $CP1_DO in
	look) c_look ;;
	read) c_read ;;
	peek) c_peek ;;
	begin) c_begin ;;
	write) c_write ;;
	place) c_place ;;
	settle)
		# First of all: what is not aside any more can't come into place later.
		rm -f -- "$c_temp"
		c_peek
		;;
	esac
	exit 0
}
cp1_copy
