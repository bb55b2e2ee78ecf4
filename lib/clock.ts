/** Where a member whose clock can be set reads how far off it is: `+0`, `-7200`, in seconds. */
export const clockFolder = "/run/holdfast-clock";
export const clockFile = `${clockFolder}/offset`;

/** What its programs are started with. The library is read anew each second, which costs a small fraction of what
 *  reading it at every question does; the monotonic clock, which timeouts count by, stays the machine's. */
export const clockSettings: Readonly<Record<string, string>> = {
  LD_PRELOAD: "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
  FAKETIME_TIMESTAMP_FILE: clockFile,
  FAKETIME_CACHE_DURATION: "1",
  FAKETIME_DONT_FAKE_MONOTONIC: "1",
  DONT_FAKE_MONOTONIC: "1",
};
