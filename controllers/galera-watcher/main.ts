/** Stands beside one Galera member and ends the stall that the death of another one makes. */
import {readSettings} from "./settings.ts";
import {Watcher} from "./watcher.ts";

const {settings, secrets} = readSettings(process.argv[2] ?? "/holdfast");
const watcher = new Watcher(settings, secrets, line =>
  console.log(JSON.stringify({at: new Date().toISOString(), ...line})),
);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => watcher.stop());
try {
  await watcher.start();
} catch (error) {
  console.error(`watcher: ${(error as Error).message}`);
  process.exit(1);
}
