/**
 * Where a new ComfyUI waits until its lifeline exists. An engine that is killed between the spawn and the lifeline would
 * leave a ComfyUI that nobody ends; so the process is a shell first, which becomes ComfyUI (same pid, group, start time)
 * on our word, and ends when our end of the pipe on descriptor 3 does. POSIX alone.
 */

/** What the shell calls itself in front of its errors. */
export const GATE_NAME = 'stoker-gate';

/** Arguments behind it: GATE_NAME, the command, its arguments. */
export const GATE = 'IFS= read -r word <&3; [ "$word" = go ] || exit 125; exec 3<&-; exec "$@"';
