/** What may lie in a member's data volume in the place of its own content. */
export const volumeContents = ["empty", "old", "foreign"] as const;
export type VolumeContent = (typeof volumeContents)[number];

/** What lies in a member's data volume and beside it, from outside. */
export interface VolumeLook {
  /** Of the volume as it is. */
  files: number;
  /** What was there before a replacement that nobody has undone: it is kept aside, and how many files it has. */
  aside?: {files: number; same: boolean};
  /** The replacement was done to its end. */
  replaced: boolean;
  /** Which of the contents that are at hand it is, file by file (names, sizes and times). */
  same: VolumeContent[];
}

/** Shell scripts for a helper that has the member's volume as $volume, and one beside it as $kept. Each may be cut
 *  after any line: what lies in `aside` is whole, and is there only between a replacement and its undoing. */

/** Names, sizes and times of every file, as one line. `cp -a` keeps all three. */
const functions = `set -eu
list() { (cd "$1" && find . -type f -printf '%P %s %T@\\n' | sort); }
sum() { list "$1" | cksum | cut -d ' ' -f 1,2 | tr ' ' .; }
clear() { find "$1" -mindepth 1 -delete; }
`;

/** Prints a line for the volume and for each that is kept: its name, how many files, and their sum. */
export const lookScript = `${functions}
one() { [ -d "$2" ] && echo "$1 $(list "$2" | wc -l) $(sum "$2")"; return 0; }
one volume "$volume"
for name in aside old foreign; do one $name "$kept/$name"; done
[ ! -e "$kept/done" ] || echo done`;

/** Copies the volume as it is at one instant. Nothing may be written meanwhile: exit code 5, with what was, where
 *  something is. */
export const copyScript = `${functions}
rm -rf "$kept/old" "$kept/old.part"
list "$volume" >"$kept/list.1"
mkdir "$kept/old.part"
cp -a "$volume/." "$kept/old.part/" || exit 5
list "$volume" >"$kept/list.2"
if ! cmp -s "$kept/list.1" "$kept/list.2"; then
  diff "$kept/list.1" "$kept/list.2" | sed -n 's/^> \\([^ ]*\\).*/\\1/p' | head -n 3
  exit 5
fi
mv "$kept/old.part" "$kept/old"`;

/** Keeps what is there aside, and puts the content in its place. */
export const replaceScript = (content: VolumeContent): string => `${functions}
${content === "empty" ? "" : `[ -d "$kept/${content}" ]`}
rm -rf "$kept/done" "$kept/aside.part" "$kept/aside"
mkdir "$kept/aside.part"
cp -a "$volume/." "$kept/aside.part/"
mv "$kept/aside.part" "$kept/aside"
clear "$volume"
${content === "empty" ? "" : `cp -a "$kept/${content}/." "$volume/"`}
touch "$kept/done"`;

/** Puts back what is aside, always or only where the replacement was cut before its end. What is not put back stays as
 *  `before`. */
export const restoreScript = (always: boolean): string => `${functions}
rm -rf "$kept/aside.part" "$kept/over"
[ -d "$kept/aside" ] || { rm -f "$kept/done"; exit 0; }
${always ? "" : '[ ! -e "$kept/done" ] || { rm -rf "$kept/before"; mv "$kept/aside" "$kept/before"; rm -f "$kept/done"; exit 0; }'}
clear "$volume"
cp -a "$kept/aside/." "$volume/"
mv "$kept/aside" "$kept/over"
rm -rf "$kept/over"
rm -f "$kept/done"`;

/** Reads what {@link lookScript} printed. */
export function readLook(said: string): VolumeLook {
  const lines = said
    .trim()
    .split("\n")
    .map(line => line.split(" "));
  const of = (name: string) => lines.find(([first]) => first === name)?.slice(1) as [string, string] | undefined;
  const [files, sum] = of("volume") ?? ["0", ""];
  const aside = of("aside");
  const same = (["old", "foreign"] as const).filter(name => of(name)?.[1] === sum);
  return {
    files: Number(files),
    ...(aside ? {aside: {files: Number(aside[0]), same: aside[1] === sum}} : {}),
    replaced: lines.some(([first]) => first === "done"),
    same: [...(files === "0" ? (["empty"] as const) : []), ...same],
  };
}
