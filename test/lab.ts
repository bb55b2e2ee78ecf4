import {spawn} from "node:child_process";
import {join} from "node:path";
import Docker from "dockerode";
import {labels} from "../lib/names.ts";
import {projectRoot} from "../lib/paths.ts";
import {overlap, parseSubnet, showSubnet} from "../lib/subnets.ts";

export const docker = new Docker();

/** What a command said, and how it ended. */
export interface Said {
  code: number;
  out: string;
  err: string;
}

/** A lab of the tests' own, beside any lab of the user's: named after this process, on a subnet that no network of the
 *  engine has. */
export class TestLab {
  readonly name: string;
  readonly subnet: string;
  /** `lab:t1234`, as commands take it. */
  readonly reference: string;

  private constructor(subnet: string, letter: string) {
    this.name = `${letter}${process.pid}`;
    this.reference = `lab:${this.name}`;
    this.subnet = subnet;
  }

  static async make(letter = "t"): Promise<TestLab> {
    const taken = (await docker.listNetworks())
      .flatMap(network => network.IPAM?.Config ?? [])
      .flatMap(config => parseSubnet(config.Subnet) ?? []);
    const base = parseSubnet("198.19.0.0/16")!;
    // Tests that start at the same time begin their search at different places.
    for (let i = 0; i < 64; i++) {
      const subnet = {base: base.base + ((process.pid + i) % 64) * 1024, bits: 22};
      if (!taken.some(other => overlap(subnet, other))) return new TestLab(showSubnet(subnet), letter);
    }
    throw new Error("no free /22 in 198.19.0.0/16: remove docker networks that are not needed any more");
  }

  /** The label value that everything of this lab carries. */
  get label(): string {
    return `lab/${this.name}`;
  }

  container(member: string): Docker.Container {
    return docker.getContainer(`${this.name}-${member}`);
  }

  containers(all = true): Promise<Docker.ContainerInfo[]> {
    return docker.listContainers({all, filters: {label: [`${labels.stack}=${this.label}`]}});
  }
}

/** Runs the CLI as a user would. `limitMs` ends it with SIGKILL; `onStart` is told its process; `env` is beside the
 *  test's own. */
export function holdfast(
  args: string[],
  {limitMs = 600_000, onStart = (_: number) => {}, env = {}} = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, "cli", "main.ts"), ...args], {
      cwd: projectRoot,
      env: {...process.env, ...env},
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limitMs,
      killSignal: "SIGKILL",
    });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    if (child.pid) onStart(child.pid);
    child.once("error", reject);
    child.once("close", code => resolve({code: code ?? 137, out, err}));
  });
}
