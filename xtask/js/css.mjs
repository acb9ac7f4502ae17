// Bundles the styles: follows @import, lowers what older browsers lack, and minifies for release.
import { bundle } from "lightningcss";

/** Browsers of two years ago; nesting and light-dark() are lowered for them where it can be done. */
const v = (major, minor = 0) => (major << 16) | (minor << 8);
const targets = { chrome: v(120), edge: v(120), firefox: v(121), safari: v(17, 2), ios_saf: v(17, 2) };

export function bundleCss(file, minify) {
  const { code, warnings } = bundle({ filename: file, minify, targets });
  for (const w of warnings) {
    // A rule that a parser stumbles over is a rule that does nothing: better to stop here than to wonder later.
    throw new Error(`${w.loc.filename}:${w.loc.line}: ${w.message}`);
  }
  return code;
}
