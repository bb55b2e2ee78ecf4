import {existsSync, globSync, readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import test from "ava";
import {projectRoot} from "../lib/paths.ts";

const pages = ["*.md", "{bench,docs,plugins}/*.md", "stacks/*/*.md"]
  .flatMap(pattern => globSync(pattern, {cwd: projectRoot}))
  .sort();

/** A heading as it is linked to: lower case, without punctuation, a hyphen for each space. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const textOf = (page: string) => readFileSync(join(projectRoot, page), "utf8").replaceAll(/```.*?```/gs, "");

const anchorsOf = (page: string) => [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(match => anchorOf(match[1]!));

for (const page of pages)
  test(`every link of ${page} leads somewhere`, t => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(match => match[1]!);
    const dead = links.filter(link => {
      const [path, anchor] = link.split("#") as [string, string?];
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(projectRoot, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    t.deepEqual(dead, []);
  });
