import {findChromium} from "../report/browser.ts";
import {aptInstall} from "./apt.ts";
import {which} from "./shell.ts";
import type {Status, Step} from "./step.ts";

/** A browser, which the tests look at the pages of reports with. Nothing else needs it, so `holdfast test` alone gets
 *  it. */
export const chromiumStep: Step = {
  id: "chromium",
  title: "Chromium",
  after: [],
  fix: "sudo apt-get install chromium",
  async check(): Promise<Status> {
    const program = findChromium();
    if (program) return {state: "ok", version: "any", from: program};
    if (process.getuid?.() === 0 && which("apt-get")) return {state: "will be made", why: "from Debian's packages"};
    // A user cannot install it: the tests of the pages are left out, and say so.
    return {state: "ok", version: "none", from: "the tests of the pages are left out"};
  },
  async make(say) {
    say("installing chromium from Debian's packages");
    await aptInstall(["chromium", "fonts-dejavu-core"], "apt-chromium", 900_000);
  },
};
