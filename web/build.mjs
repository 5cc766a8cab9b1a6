// Builds the browser's files into web/static/dist: one style sheet, one script, the icon sprite,
// three font files and the site icon, each with a hash in its name, and manifest.json.
// Run: npm ci --ignore-scripts && node web/build.mjs   (or: make assets)
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

// Icons in use, by their names in the USWDS sprite. An unknown name stops the build.
// USWDS has no person_add (use group_add) and no business (use store).
const icons = `
  add arrow_back arrow_downward arrow_forward arrow_upward assessment attach_file attach_money
  calendar_today campaign cancel chat check check_circle close content_copy delete directions_bus
  directions_car edit error event expand_less expand_more file_download filter_list flag forum
  group_add groups help history home info insights label language launch lightbulb list
  local_offer location_on lock lock_open login logout mail map menu navigate_before navigate_next
  notifications people person phone print public remove schedule school search security send
  sentiment_neutral sentiment_satisfied_alt settings sort_arrow star store support_agent topic
  translate trending_up undo upload_file verified verified_user visibility visibility_off warning work
`.trim().split(/\s+/);
const fonts = ["PublicSans-Regular", "PublicSans-SemiBold", "PublicSans-Bold"];
const budget = { "app.css": 28 * 1024, "app.js": 20 * 1024, "own.js": 6 * 1024 }; // brotli bytes

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);
const uswds = join(root, "node_modules/@uswds/uswds");
const out = join(web, "static/dist");

const manifest = {};
const report = [];
let failed = false;

/** brotli returns the size of data as the server sends it. */
function brotli(data) {
  return brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

/** weigh adds a line to the size report and fails the build when a budget is exceeded. */
function weigh(name, data) {
  const buf = Buffer.from(data);
  const br = name.endsWith(".woff2") ? buf.length : brotli(buf);
  const max = budget[name];
  if (max && br > max) failed = true;
  report.push(`${name.padEnd(28)} ${String(buf.length).padStart(7)} raw ${String(br).padStart(6)} br${max ? ` of ${max}` : ""}`);
}

const files = new Map();

/** emit notes a file for writing under its hashed name and returns that name. */
function emit(name, data) {
  const hash = createHash("sha256").update(data).digest("hex").slice(0, 12);
  const dot = name.lastIndexOf(".");
  const hashed = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  manifest[name] = hashed;
  files.set(hashed, data);
  weigh(name, data);
  return hashed;
}

/** sprite cuts the USWDS sprite down to the icons in use. */
function sprite() {
  const all = readFileSync(join(uswds, "dist/img/sprite.svg"), "utf8");
  const symbols = icons.map((id) => {
    const found = all.match(new RegExp(`<symbol id="${id}"[\\s\\S]*?</symbol>`));
    if (!found) throw new Error(`icon ${id} is not in the USWDS sprite`);
    return found[0];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/** styles compiles the Sass, points it at the hashed fonts and inlines the few control images. */
async function styles() {
  const { css } = sass.compile(join(web, "css/app.scss"), {
    loadPaths: [join(uswds, "packages")],
    quietDeps: true,
    style: "compressed",
    silenceDeprecations: ["import", "global-builtin", "if-function"].filter((d) => d in sass.deprecations),
  });
  const linked = css.replace(/url\("?(font|uswds):\/?([^")]+)"?\)/g, (_, kind, path) => {
    if (kind === "font") return `url("${manifest[path]}")`;
    const svg = readFileSync(join(uswds, "dist/img", path), "utf8").replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>/g, "").trim();
    return `url("data:image/svg+xml,${encodeURIComponent(svg).replace(/%20/g, " ").replace(/%3D/g, "=").replace(/%3A/g, ":").replace(/%2F/g, "/").replace(/%22/g, "'")}")`;
  });
  const min = await esbuild.transform(linked, { loader: "css", minify: true, target: ["chrome109", "firefox115", "safari16.4"] });
  return min.code;
}

/** script bundles web/js/app.js; with own, without htmx, only to weigh our part. */
async function script(own = false) {
  const res = await esbuild.build({
    entryPoints: [join(web, "js/app.js")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome109", "firefox115", "safari16.4"],
    legalComments: "none",
    external: own ? ["htmx.org/*"] : [],
    logOverride: { "direct-eval": "error" },
  });
  return res.outputFiles[0].text;
}

for (const font of fonts) emit(`${font}.woff2`, readFileSync(join(uswds, `dist/fonts/public-sans/${font}.woff2`)));
emit("sprite.svg", sprite());
emit("favicon.svg", readFileSync(join(web, "img/favicon.svg")));
emit("app.css", await styles());
emit("app.js", await script());
weigh("own.js", await script(true));

const json = JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 2) + "\n";
mkdirSync(out, { recursive: true });
const keep = new Set([".keep", ...files.keys()]);
for (const [name, data] of files) {
  writeFileSync(join(out, `.tmp-${name}`), data);
  renameSync(join(out, `.tmp-${name}`), join(out, name));
}
writeFileSync(join(out, ".tmp-manifest"), json);
renameSync(join(out, ".tmp-manifest"), join(out, "manifest.json"));
for (const old of readdirSync(out)) if (!keep.has(old) && old !== "manifest.json") rmSync(join(out, old), { recursive: true });

console.log(report.join("\n"));
if (failed) {
  console.error("A size budget is exceeded: see the lines above.");
  process.exit(1);
}
