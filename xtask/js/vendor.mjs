// Refreshes what public/ borrows from others: two fonts and a sprite of icons, each with its licence.
// Run by hand (`node xtask/js/vendor.mjs`) after adding a name to ICONS or raising a version; the result is
// committed, so that a build needs none of these packages.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const INTER = "5.3.0";
const MONO = "5.3.0";
const LUCIDE = "1.62.0";

const ICONS = `
activity arrow-down arrow-left arrow-right arrow-up ban bell boxes building-2 calendar check chevron-down
chevron-left chevron-right chevrons-up-down circle-alert circle-check circle-dashed circle-help circle-x clock
columns-2 copy credit-card database download ellipsis external-link eye file-text git-compare history house info
key-round layers link list-filter loader-circle lock log-out mail menu minus monitor moon network pause pencil play
plug plus radio refresh-cw rotate-ccw scroll-text search server settings shield shield-check sliders-horizontal sun
tag timer trash-2 triangle-alert undo-2 unlink user user-check users users-round x
`.trim().split(/\s+/);

const root = new URL("../../", import.meta.url).pathname;
const pub = join(root, "public");
const tmp = mkdtempSync(join(tmpdir(), "vendor-"));
try {
  execFileSync("npm", ["install", "--prefix", tmp, "--no-save", "--no-audit", "--no-fund",
    `@fontsource-variable/inter@${INTER}`, `@fontsource-variable/jetbrains-mono@${MONO}`,
    `lucide-static@${LUCIDE}`], { stdio: "inherit" });
  const mods = join(tmp, "node_modules");

  mkdirSync(join(pub, "fonts"), { recursive: true });
  const fonts = [["inter", INTER], ["jetbrains-mono", MONO]];
  for (const [name, version] of fonts) {
    const from = join(mods, "@fontsource-variable", name);
    for (const subset of ["latin", "latin-ext"]) {
      // The version is in the name, because browsers keep fonts for a year.
      copyFileSync(join(from, "files", `${name}-${subset}-wght-normal.woff2`),
        join(pub, "fonts", `${name}-${subset}-${version}.woff2`));
    }
    copyFileSync(join(from, "LICENSE"), join(pub, "fonts", `${name}-OFL.txt`));
  }

  const symbols = ICONS.map((name) => {
    const svg = readFileSync(join(mods, "lucide-static", "icons", `${name}.svg`), "utf8");
    const body = svg.replace(/<!--.*?-->/gs, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>[\s\S]*$/, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>")}</symbol>`;
  });
  writeFileSync(join(pub, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Lucide ${LUCIDE}, ISC licence: icons-LICENSE.txt -->\n${symbols.join("\n")}\n</svg>\n`);
  copyFileSync(join(mods, "lucide-static", "LICENSE"), join(pub, "icons-LICENSE.txt"));
} finally {
  rmSync(tmp, { recursive: true, force: true });
}
