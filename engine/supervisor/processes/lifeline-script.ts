/**
 * The shell program of the lifeline. It costs 1 MB where a Node would cost 40, sleeps in `read` until the engine is gone, and
 * uses nothing but the shell, `sleep` and (on macOS) `ps`. Arguments: root pid, record file, seconds to wait for an adopter,
 * seconds between SIGTERM and SIGKILL, engine pid.
 */

/** Sets `started` and `group` of process $1; both are empty when it is gone. Counted from the last ")": see parseStat. */
const IDENTIFY_LINUX = `
identify() {
  started= group= stat=
  { while IFS= read -r line; do stat="$stat $line"; done < "/proc/$1/stat"; } 2>/dev/null || return 0
  set -- \${stat##*) }
  [ $# -ge 20 ] || return 0
  group=$3 started=\${20}
}`;

const IDENTIFY_MACOS = `
identify() {
  started= group=
  set -- $(ps -o pgid=,lstart= -p "$1" 2>/dev/null)
  [ $# -ge 6 ] || return 0
  group=$1
  shift
  started=$*
}`;

/**
 * `left`: is anything there to end? The root itself, or, after it, the group that bears its pid (no new process is given a
 * pid that a group still bears). A pid that belongs to another process now is neither, and ends the watch.
 */
const LEFT = `
left() {
  identify "$root"
  if [ -n "$started" ]; then
    [ "$started" = "$birth" ]
  else
    [ "$root_group" = "$root" ] && kill -s 0 -- "-$root" 2>/dev/null
  fi
}`;

/**
 * `adopted`: does the record name another engine that lives, and the watched process or one of its group? (After a restart of
 * its own ComfyUI may have another pid in the same group.)
 */
const ADOPTED = `
adopted() {
  line=
  { IFS= read -r line < "$record"; } 2>/dev/null
  kept=\${line#*\\"pid\\":}
  kept=\${kept%%[,\\}]*}
  keeper=\${line#*\\"enginePid\\":}
  keeper=\${keeper%%[,\\}]*}
  case $kept in '' | *[!0-9]*) return 1 ;; esac
  case $keeper in '' | *[!0-9]*) return 1 ;; esac
  [ "$keeper" != "$engine" ] && kill -s 0 "$keeper" 2>/dev/null || return 1
  [ "$kept" = "$root" ] && return 0
  identify "$kept"
  [ "$group" = "$root_group" ]
}`;

/** `signal`: to the whole group, but only while it is known to be ComfyUI's and not the engine's own. */
const SIGNAL = `
signal() {
  left || exit 0
  [ "$root_group" = "$engine_group" ] || kill -s "$1" -- "-$root_group" 2>/dev/null
  identify "$root"
  [ "$started" = "$birth" ] && kill -s "$1" "$root" 2>/dev/null
}`;

/** A closing terminal and a Ctrl-C are for the engine; the watch ends when the engine says so or is gone. */
const WATCH = `
set -f
trap '' HUP INT TERM
root=$1 record=$2 wait_seconds=$3 grace_seconds=$4 engine=$5
identify "$engine"
engine_group=$group
identify "$root"
root_group=$group birth=$started
[ -n "$birth" ] || exit 0
while IFS= read -r word; do
  [ "$word" = release ] && exit 0
done
waited=0
while [ "$waited" -lt "$wait_seconds" ]; do
  left || exit 0
  adopted && exit 0
  sleep 1
  waited=$((waited + 1))
done
adopted && exit 0
signal TERM
waited=0
while [ "$waited" -lt "$grace_seconds" ]; do
  left || exit 0
  sleep 1
  waited=$((waited + 1))
done
signal KILL
exit 0`;

export function lifelineScript(platform: NodeJS.Platform): string {
  const identify = platform === 'linux' || platform === 'android' ? IDENTIFY_LINUX : IDENTIFY_MACOS;
  return [identify, LEFT, ADOPTED, SIGNAL, WATCH].join('\n');
}
