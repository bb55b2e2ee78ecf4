// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfiles have such placeholders.
import {chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../../test/folder.ts";
import {contentHash, copiedNames, type RecipeRoots, recipeOf, services} from "./images.ts";

function project(files: Record<string, string>): RecipeRoots {
  const root = temporaryFolder();
  const all: Record<string, string> = {"package.json": '{"optionalDependencies": {"big": "1.2.3"}}', ...files};
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, name)), {recursive: true});
    writeFileSync(join(root, name), text);
  }
  return {project: root, templates: join(root, "templates"), contexts: join(root, "contexts")};
}

const base = {"templates/base/Dockerfile": "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\n"};
const web = {
  ...base,
  "templates/web/Dockerfile": "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nCOPY start /bin/\n",
  "templates/web/start": "#!/bin/sh\n",
};

test("the same content gives the same tag wherever it is", t => {
  t.is(recipeOf("web", project(web)).tag, recipeOf("web", project(web)).tag);
  t.regex(recipeOf("web", project(web)).tag, /^holdfast\/web:[0-9a-f]{12}$/);
});

for (const [name, files] of [
  ["a copied file", {...web, "templates/web/start": "#!/bin/bash\n"}],
  ["the Dockerfile", {...web, "templates/web/Dockerfile": `${web["templates/web/Dockerfile"]}USER nobody\n`}],
  ["the image it starts from", {...web, "templates/base/Dockerfile": "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nRUN true\n"}],
] as const) {
  test(`another tag when this changed: ${name}`, t =>
    t.not(recipeOf("web", project(files)).tag, recipeOf("web", project(web)).tag));
}

test("the mode of a program counts, a file that is not copied does not", t => {
  const one = project(web);
  chmodSync(join(one.templates, "web", "start"), 0o755);
  const recipe = recipeOf("web", one);
  t.not(recipe.tag, recipeOf("web", project(web)).tag);
  t.is(statSync(join(recipe.context, "start")).mode & 0o777, 0o755);
  const other = project({...web, "templates/web/web.conf.eta": "x"});
  t.is(recipeOf("web", other).tag, recipeOf("web", project(web)).tag);
  t.false(existsSync(join(recipeOf("web", other).context, "web.conf.eta")));
});

test("programs are bundled, files of packages are known by version", t => {
  const roots = project({
    ...base,
    "templates/web/Dockerfile": "FROM x\nCOPY main.mjs big /app/\n",
    "templates/web/recipe.json":
      '{"programs": {"main.mjs": "controllers/web/main.ts"}, "packages": {"big": "big/bin/big"}}',
    "controllers/web/main.ts": 'import {x} from "./other.ts";\nconst y: number = x;\nconsole.log(y);\n',
    "controllers/web/other.ts": "export const x = 41 + 1;\n",
    "node_modules/big/bin/big": "binary",
  });
  const {context} = recipeOf("web", roots);
  t.regex(readFileSync(join(context, "main.mjs"), "utf8"), /41 \+ 1|42/);
  t.is(readFileSync(join(context, "big"), "utf8"), "binary");
});

test("services are folders with a Dockerfile", t =>
  t.deepEqual(services(project({...web, "templates/notes/readme": ""})), ["base", "web"]));

for (const [name, files, message] of [
  ["no such service", base, /has no templates\/web\/Dockerfile.*base/],
  ["a copied file is missing", {...web, "templates/web/Dockerfile": "FROM x\nCOPY nowhere /\n"}, /copies "nowhere"/],
  [
    "a program is missing",
    {...web, "templates/web/recipe.json": '{"programs": {"start": "gone.ts"}}'},
    /names the program "gone.ts"/,
  ],
  ["it starts from itself", {...web, "templates/web/recipe.json": '{"base": "web"}'}, /starts from itself: web -> web/],
] as const) {
  test(`refused: ${name}`, t => t.regex(t.throws(() => recipeOf("web", project(files)))!.message, message));
}

test("names that a Dockerfile copies", t => {
  const dockerfile =
    '# COPY comment /\nCOPY --chmod=755 a ./b/ \\\n  c /to/\nADD https://x/y /z\nCOPY --from=build /q /q\nCOPY ["d e", "/to"]\n';
  t.deepEqual(copiedNames(dockerfile), ["a", "b", "c", "d e"]);
});

test("the order of files does not matter", t => {
  const file = (name: string) => ({name, executable: false, identity: name, content: {bytes: new Uint8Array()}});
  t.is(contentHash([file("a"), file("b")], {}), contentHash([file("b"), file("a")], {}));
});
