// Lays out the site: bundles the styles, gives files names that change with their content, and writes .br and .gz
// beside them for release. Called by xtask:
//   node assets.mjs <style> <public> <pack> <site> <hash.txt> <name> <pkg-dir> <debug|release>
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { bundleCss } from "./css.mjs";

const [style, pub, pack, site, hashFile, name, pkgDir, profile] = process.argv.slice(2);
const release = profile === "release";

const tmp = `${site}.new`;
rmSync(tmp, { recursive: true, force: true });
cpSync(pub, tmp, { recursive: true });
const pkg = join(tmp, pkgDir);
mkdirSync(pkg, { recursive: true });

// Leptos reads these lines at run time, and asks for <name>.<hash>.<ext>.
const hashes = [];
const hashOf = (...contents) => {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return hash.digest("base64url");
};

const css = bundleCss(style, release);
const cssHash = hashOf(css).slice(0, 16);
writeFileSync(join(pkg, `${name}.${cssHash}.css`), css);
hashes.push(`css: ${cssHash}`);

// Scripts and WASM name each other, some inside the WASM, so they share one hash. It is as long as the place that is
// kept for it there.
const PLACE = "______________________";
const parts = readdirSync(pack).filter((entry) => /\.(js|wasm|json)$/.test(entry)).sort();
const packHash = hashOf(...parts.map((part) => readFileSync(join(pack, part)))).slice(0, PLACE.length);
const stem = (part) => part.slice(0, -extname(part).length);
const names = new Map(parts.map((part) => [part, part.includes(PLACE) ? part.replace(PLACE, packHash) : `${stem(part)}.${packHash}${extname(part)}`]));
for (const part of parts) {
  // One byte is one character here, so that a WASM goes through it unharmed.
  let content = readFileSync(join(pack, part), "latin1").replaceAll(PLACE, packHash);
  if (extname(part) === ".js") {
    for (const [old, now] of names) content = content.replaceAll(`"./${old}"`, `"./${now}"`);
  }
  if (extname(part) === ".json") {
    const stems = new Map([...names].map(([old, now]) => [stem(old), stem(now)]));
    const needs = JSON.parse(content);
    content = JSON.stringify(Object.fromEntries(Object.entries(needs).map(([page, files]) => [page, files.map((file) => stems.get(file))])));
  }
  writeFileSync(join(pkg, names.get(part)), content, "latin1");
}
for (const kind of ["js", "wasm", "manifest", "split"]) hashes.push(`${kind}: ${packHash}`);
if (readdirSync(pack).includes("snippets")) cpSync(join(pack, "snippets"), join(pkg, "snippets"), { recursive: true });

const SQUEEZE = new Set([".js", ".wasm", ".css", ".svg", ".txt", ".json", ".ico", ".webmanifest"]);
const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const squeeze = async (dir) => {
  await Promise.all(readdirSync(dir, { withFileTypes: true }).map(async (entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return squeeze(path);
    if (!SQUEEZE.has(extname(entry.name))) return;
    const raw = readFileSync(path);
    const [br, gz] = await Promise.all([
      brotli(raw, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 22,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }),
      gzip(raw, { level: 9 }),
    ]);
    // A file that does not shrink is served as it is.
    if (br.length < raw.length) writeFileSync(`${path}.br`, br);
    if (gz.length < raw.length) writeFileSync(`${path}.gz`, gz);
  }));
};
if (release) await squeeze(tmp);

rmSync(site, { recursive: true, force: true });
renameSync(tmp, site);
writeFileSync(hashFile, `${hashes.join("\n")}\n`);

for (const file of readdirSync(join(site, pkgDir)).sort()) {
  const size = statSync(join(site, pkgDir, file)).size;
  if (release && !file.endsWith(".gz")) console.log(`   ${(size / 1000).toFixed(1).padStart(8)} kB  ${file}`);
}
