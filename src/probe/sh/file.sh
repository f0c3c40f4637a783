# Files by HRP_SUBJECT, a path with * and ?. Of several, age is that of the oldest; newest_age,
# size, mode, owner, sha256, gzip and trailer are of the newest.
p_file() {
#@INCLUDE lib.sh
	p_need stat
	IFS=
	path=$HRP_SUBJECT
	case $path in
	'~/'*) path=$HOME/${path#??} ;;
	/*) ;;
	*) path=./$path ;;
	esac

	# A folder that we may not read hides what is in it: then nothing is known.
	p_open() {
		p_dir=$1
		while [ -n "$p_dir" ] && ! [ -e "$p_dir" ]; do
			case $p_dir in
			*/*) p_dir=${p_dir%/*} ;;
			*) p_dir= ;;
			esac
		done
		[ -n "$p_dir" ] || p_dir=/
		[ -d "$p_dir" ] || return 0
		[ -x "$p_dir" ] && { [ -z "$2" ] || [ -r "$p_dir" ]; }
	}
	p_hidden() {
		p_at=${path%/*} p_last=${path##*/}
		while [ -n "$p_at" ]; do
			case $p_last in
			*[*?[]*) p_list=list ;;
			*) p_list= ;;
			esac
			for p_each in $p_at; do
				p_open "$p_each" "$p_list" || return 0
			done
			p_last=${p_at##*/}
			case $p_at in
			*/*) p_at=${p_at%/*} ;;
			*) p_at= ;;
			esac
		done
		return 1
	}

	count=0 newest='' oldest=''
	for f in $path; do
		if ! [ -e "$f" ]; then
			[ ! -L "$f" ] || p_cannot 'a link leads nowhere'
			continue
		fi
		count=$((count + 1))
		if [ -z "$newest" ] || [ "$f" -nt "$newest" ]; then newest=$f; fi
		if [ -z "$oldest" ] || [ "$f" -ot "$oldest" ]; then oldest=$f; fi
	done
	if p_hidden; then
		p_cannot 'a folder on the way cannot be read'
	fi
	echo "count $count"
	[ "$count" -gt 0 ] || p_none "no file is $HRP_SUBJECT"

	now=$(date +%s)
	# A time that lies ahead is no age: then it is not told, which is never good.
	p_age() {
		p_then=$(stat -L -c %Y -- "$2" 2>/dev/null) || p_cannot 'stat failed'
		[ "$p_then" -gt $((now + 5)) ] || [ -z "$p_then" ] ||
			echo "$1 $((now > p_then ? now - p_then : 0))"
	}
	p_age age "$oldest"
	p_age newest_age "$newest"
	facts=$(stat -L -c '%s,%a,%U' -- "$newest" 2>/dev/null) || p_cannot 'stat failed'
	echo "size ${facts%%,*}"
	facts=${facts#*,}
	mode=${facts%%,*}
	while [ ${#mode} -lt 4 ]; do mode=0$mode; done
	echo "mode $mode"
	echo "owner ${facts#*,}"

	! p_wants sha256 && ! p_wants gzip && ! p_wants trailer && p_end
	[ -f "$newest" ] || p_cannot 'it is no regular file'
	[ -r "$newest" ] || p_cannot 'the newest one cannot be read'
	if p_wants sha256; then
		p_need sha256sum
		sum=$(sha256sum <"$newest")
		echo "sha256 ${sum%%[!0-9a-f]*}"
	fi
	gz=''
	case $newest in
	*.gz) gz=yes ;;
	esac
	if p_wants gzip || { p_wants trailer && [ -n "$gz" ]; }; then
		p_need gzip
		if gzip -t <"$newest" 2>/dev/null; then
			echo 'gzip whole'
		else
			echo 'gzip broken'
			gz=broken
		fi
	fi
	p_last_lines() {
		tail -c 4096 | tr -d '\000-\011\013-\037\177' | awk '
			NF { l[n++ % 5] = substr($0, 1, 200) }
			END { for (i = n > 5 ? n - 5 : 0; i < n; i++) print "trailer " l[i % 5] }'
	}
	if p_wants trailer; then
		case $gz in
		broken) echo 'trailer ' ;;
		yes) gzip -dc <"$newest" | p_last_lines ;;
		*) p_last_lines <"$newest" ;;
		esac
	fi
	p_end
}
p_file
