#!/bin/sh
# install.sh - install Parley for this user, or take it away again.
#
# Usage: install.sh [OPTIONS] [ARCHIVE]
#
# ARCHIVE is a parley-*.tar.gz of a release. Without one: what this script lies in, if that is an unpacked archive, else the one
# archive that lies beside this script. Everything is verified against the SHA256SUMS beside it before anything is changed.
#
#   --prefix DIR   where to: DIR/lib/parley, with links in DIR/bin and DIR/share; default ~/.local
#   --dry-run      say what would be done, and do nothing
#   --uninstall    take away what an install put there, what 'parley setup' put into the clients' configuration, and the cache
#   --purge        with --uninstall: also the store (PARLEY_HOME, default ~/.parley) with all messages
#   --as-root      run as root all the same
#   --help         this text
#
# An install over an older one keeps the older files, for sessions that run, until --uninstall. Nothing is fetched.
#
# Exit: 0 done; 1 not, and nothing was changed; 2 usage.
#
# Written for POSIX sh, and for the tools of Linux and macOS alike.

set -u
LC_ALL=C
export LC_ALL
umask 022

say() {
    printf '%s\n' "$*"
}

fail() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
}

wrong() {
    printf 'install.sh: %s; see install.sh --help\n' "$*" >&2
    exit 2
}

# run COMMAND...: does it, or says what it would be.
run() {
    if [ -n "$dry" ]; then
        say "would run: $*"
    else
        "$@"
    fi
}

prefix=
dry=
uninstall=
purge=
as_root=
archive=
while [ $# -gt 0 ]; do
    case $1 in
        --prefix)
            [ $# -ge 2 ] || wrong '--prefix takes a directory'
            prefix=$2
            shift
            ;;
        --prefix=*) prefix=${1#--prefix=} ;;
        --dry-run) dry=yes ;;
        --uninstall) uninstall=yes ;;
        --purge) purge=yes ;;
        --as-root) as_root=yes ;;
        -h | --help)
            usage
            exit 0
            ;;
        -*) wrong "unknown option '$1'" ;;
        *)
            [ -z "$archive" ] || wrong "one archive at a time, not also '$1'"
            archive=$1
            ;;
    esac
    shift
done
[ -z "$purge" ] || [ -n "$uninstall" ] || wrong '--purge goes with --uninstall'
[ -z "$uninstall" ] || [ -z "$archive" ] || wrong '--uninstall takes no archive'
[ "$(id -u)" -ne 0 ] || [ -n "$as_root" ] || fail 'this is root: Parley belongs to a user; give --as-root if it is root who is to have it'
if [ -z "$prefix" ]; then
    case ${HOME:-} in
        /?*) prefix=$HOME/.local ;;
        *) fail 'HOME names no directory; say where to with --prefix' ;;
    esac
fi
case $prefix in
    /?*) ;;
    *) wrong "--prefix takes an absolute path, not '$prefix'" ;;
esac
case $prefix in
    *'
'*) wrong '--prefix takes a path of one line' ;;
esac
while [ "${prefix%/}" != "$prefix" ]; do prefix=${prefix%/}; done
[ -n "$prefix" ] || wrong "--prefix takes a directory, not '/'"

home=$prefix/lib/parley
# What an install made: a line each of "directory PATH" and "version NAME".
list=$prefix/lib/parley-installed.txt
page=$prefix/share/man/man1/parley.1
completion=$prefix/share/bash-completion/completions/parley

# is_ours LINK TARGET: it is the link that an install makes.
is_ours() {
    [ -L "$1" ] && [ "$(readlink "$1")" = "$2" ]
}

# each_link COMMAND: calls it for every link with the link and its target.
each_link() {
    "$1" "$prefix/bin/parley" "$home/bin/parley"
    "$1" "$page" "$home/share/man/man1/parley.1"
    "$1" "$completion" "$home/share/bash-completion/completions/parley"
}

# ---- taking away --------------------------------------------------------------------------------------------------

take_link() { # link target
    if is_ours "$1" "$2"; then
        run rm -f "$1"
    fi
}

# Directories of ours that have nothing else in them by now, the inner ones first.
take_directories() { # list
    sed -n 's/^directory //p' "$1" | sort -r | while IFS= read -r directory; do
        if [ -n "$dry" ]; then
            say "would run: rmdir $directory (if it is empty)"
        else
            rmdir "$directory" 2>/dev/null || :
        fi
    done
}

if [ -n "$uninstall" ]; then
    [ -f "$list" ] || fail "nothing was installed below $prefix: there is no $list"
    store=${PARLEY_HOME:-${HOME:-}/.parley}
    case $store in
        [~]/*) store=${HOME:-}/${store#??} ;;
    esac
    # The clients call what is taken away.
    if [ -n "$dry" ]; then
        say "would run: $home/bin/parley setup --undo"
    elif [ -x "$home/bin/parley" ]; then
        "$home/bin/parley" setup --undo </dev/null ||
            fail "the clients' configuration still names Parley: nothing was taken away; see above, and 'parley doctor'"
    fi
    each_link take_link
    if [ -L "$home" ]; then
        run rm -f "$home"
    fi
    sed -n 's/^version //p' "$list" | while IFS= read -r version; do
        case $version in
            parley-*/* | *..*) ;;
            parley-?*) run rm -rf "$prefix/lib/$version" ;;
        esac
    done
    if [ -n "$purge" ] && [ -f "$store/format" ]; then
        run rm -rf "$store"
    fi
    cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}
    if [ -d "$cache/parley" ]; then
        run rm -rf "$cache/parley"
        [ -n "$dry" ] || rmdir "$cache" 2>/dev/null || :
    fi
    if [ -n "$dry" ]; then
        take_directories "$list"
        say "would run: rm -f $list"
        say 'nothing was changed (--dry-run)'
        exit 0
    fi
    directories=$(cat "$list")
    rm -f "$list"
    printf '%s\n' "$directories" | {
        kept=$(mktemp "${TMPDIR:-/tmp}/parley-uninstall.XXXXXX") || exit 1
        cat >"$kept"
        take_directories "$kept"
        rm -f "$kept"
    }
    say "Parley is no longer below $prefix"
    if [ -z "$purge" ] && [ -d "$store" ]; then
        say "The messages are still in $store: remove it by hand, or give --purge the next time."
    fi
    exit 0
fi

# ---- installing ---------------------------------------------------------------------------------------------------

if command -v sha256sum >/dev/null 2>&1; then
    sum() { sha256sum "$1"; }
elif command -v shasum >/dev/null 2>&1; then
    sum() { shasum -a 256 "$1"; }
else
    fail 'there is neither sha256sum nor shasum to verify the release with'
fi

# verify SUMS NAME: the file NAME beside the list SUMS is what that says.
verify() {
    want=
    while read -r digest name; do
        [ "${name#\*}" != "$2" ] || want=$digest
    done <"$1"
    [ -n "$want" ] || fail "$1 does not name $2: take both from the same release"
    have=$(sum "${1%/*}/$2") || fail "cannot read ${1%/*}/$2"
    [ "${have%% *}" = "$want" ] || fail "${1%/*}/$2 is damaged or not the one that was released: its SHA-256 is ${have%% *}, not $want"
}

case $0 in
    */*) here=$(cd "${0%/*}" && pwd -P) ;;
    *) here=$(pwd -P) ;;
esac
unpacked=
if [ -z "$archive" ] && [ -x "$here/bin/parley" ]; then
    unpacked=$here
elif [ -z "$archive" ]; then
    for candidate in "$here"/parley-*.tar.gz; do
        [ -f "$candidate" ] || continue
        [ -z "$archive" ] || fail "several archives lie in $here: name one"
        archive=$candidate
    done
    [ -n "$archive" ] || fail "there is no parley-*.tar.gz in $here: name one"
fi

if [ -n "$unpacked" ]; then
    sums=$unpacked/SHA256SUMS
    [ -f "$sums" ] || fail "there is no $sums: this is no unpacked release"
    # shellcheck disable=SC2094 # it is read twice
    while read -r digest name; do
        verify "$sums" "${name#\*}"
    done <"$sums"
    version=${unpacked##*/}
else
    [ -f "$archive" ] || fail "there is no $archive"
    case $archive in
        /*) ;;
        *) archive=./$archive ;;
    esac
    sums=${archive%/*}/SHA256SUMS
    [ -f "$sums" ] || fail "there is no $sums to verify $archive with: take it from the same release"
    verify "$sums" "${archive##*/}"
    version=${archive##*/}
    version=${version%.tar.gz}
fi
case $version in
    parley-[A-Za-z0-9]*) ;;
    *) version=parley-$(sed -n 's/.*"version": *"\([A-Za-z0-9.-]*\)".*/\1/p' "${unpacked:-.}/.claude-plugin/plugin.json" 2>/dev/null) ;;
esac
[ "$version" != parley- ] || fail 'cannot tell the version: name the archive, or its directory, as it was released'
say "verified: $version"

show_link() { # link target
    say "  $1"
}

refuse_foreign() { # link target
    if [ -e "$1" ] || [ -L "$1" ]; then
        is_ours "$1" "$2" || fail "$1 is there and not of an install: move it away, or install elsewhere with --prefix"
    fi
}
each_link refuse_foreign
if [ -e "$home" ] && [ ! -L "$home" ]; then
    fail "$home is there and not of an install: move it away, or install elsewhere with --prefix"
fi
if [ -e "$prefix/lib/$version" ] && ! grep -qx "version $version" "$list" 2>/dev/null; then
    fail "$prefix/lib/$version is there and not of an install: move it away, or install elsewhere with --prefix"
fi

if [ -n "$dry" ]; then
    say "would put $version into $prefix/lib/$version"
    say "would link $home to it, and to that:"
    each_link show_link
    say 'nothing was changed (--dry-run)'
    exit 0
fi

# What has been done is undone if this ends before its end.
made=
fresh=
done=
give_up() {
    [ -n "$done" ] || {
        [ -z "$fresh" ] || rm -rf "$fresh"
        printf '%s' "$made" | sort -r | while IFS= read -r directory; do
            rmdir "$directory" 2>/dev/null || :
        done
    }
}
trap give_up EXIT
trap 'exit 1' HUP INT TERM

# Makes a directory and notes each one that was not there.
make() {
    if [ ! -d "$1" ]; then
        make "${1%/*}"
        mkdir "$1" || fail "cannot make $1"
        made="$made$1
"
    fi
}

make "$prefix/lib"
make "$prefix/bin"
make "${page%/*}"
make "${completion%/*}"
fresh=$(mktemp -d "$prefix/lib/.parley.XXXXXX") || fail "cannot write to $prefix/lib"
chmod 755 "$fresh"
if [ -n "$unpacked" ]; then
    (cd "$unpacked" && tar -cf - .) | (cd "$fresh" && tar -xf -) || fail "cannot copy $unpacked to $fresh"
else
    mkdir "$fresh/unpacked"
    gzip -dc "$archive" | (cd "$fresh/unpacked" && tar -xf -) || fail "cannot unpack $archive"
    for top in "$fresh"/unpacked/*; do
        [ -x "$top/bin/parley" ] || fail "$archive holds no Parley"
        mv "$top" "$fresh/parley"
    done
    rmdir "$fresh/unpacked" || fail "$archive holds more than one directory"
    top=$fresh
    fresh=$fresh.new
    if ! mv "$top/parley" "$fresh" || ! rmdir "$top"; then
        fail "cannot move $top"
    fi
fi
# It has to start here before anything points to it.
started=$("$fresh/bin/parley" --version 2>&1 </dev/null) || fail "Parley does not start here: $started"

# What stood in its place is of the same version, and of an install.
rm -rf "${prefix:?}/lib/$version"
mv "$fresh" "$prefix/lib/$version" || fail "cannot move $fresh to $prefix/lib/$version"
fresh=$prefix/lib/$version
rm -f "$home"
ln -s "$version" "$home" || fail "cannot link $home"
link() { # link target
    rm -f "$1"
    ln -s "$2" "$1" || fail "cannot link $1"
}
each_link link
{
    if [ -f "$list" ]; then
        grep -vx "version $version" "$list"
    fi
    printf '%s' "$made" | sed 's/^/directory /'
    say "version $version"
} >"$list.new" || fail "cannot write $list.new"
mv -f "$list.new" "$list" || fail "cannot write $list"
done=yes

say "installed: $started" | sed -n 1p
say "  $prefix/bin/parley"
case :${PATH:-}: in
    *":$prefix/bin:"*) ;;
    *) say "$prefix/bin is not on your PATH: add it, or call $prefix/bin/parley" ;;
esac
say "Next: parley setup --dry-run, then parley setup. To take it all away: install.sh --uninstall, which is also in $home"
