// Lays out the component gallery: one page, the styles, fonts and icons, and the WASM. Called by xtask:
//   node gallery.mjs <gallery.html> <style> <public> <pack> <out> <name>
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleCss } from "./css.mjs";

const [html, style, pub, pack, out, name] = process.argv.slice(2);
rmSync(out, { recursive: true, force: true });
cpSync(pub, out, { recursive: true });
cpSync(pack, join(out, "pkg"), { recursive: true });
mkdirSync(join(out, "style"), { recursive: true });
writeFileSync(join(out, "style/main.css"), bundleCss(style, false));

const start = `<script type="module">
      import init from "/pkg/${name}.js";
      init({ module_or_path: "/pkg/${name}.wasm" });
    </script>`;
const page = readFileSync(html, "utf8")
  .split("\n")
  .filter((line) => !line.includes("data-trunk"))
  .join("\n")
  .replace("</head>", `  ${start}\n  </head>`);
writeFileSync(join(out, "index.html"), page);
