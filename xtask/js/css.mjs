// Bundles the styles: follows @import, lowers what older browsers lack, and minifies for release.
import { bundle } from "lightningcss";

/** The oldest browsers that know light-dark() and nesting; what is newer than them is lowered where it can be. */
const v = (major, minor = 0) => (major << 16) | (minor << 8);
const targets = { chrome: v(123), edge: v(123), firefox: v(121), safari: v(17, 5), ios_saf: v(17, 5) };

export function bundleCss(file, minify) {
  const { code, warnings } = bundle({ filename: file, minify, targets });
  for (const w of warnings) {
    // A rule that a parser stumbles over is a rule that does nothing: better to stop here than to wonder later.
    throw new Error(`${w.loc.filename}:${w.loc.line}: ${w.message}`);
  }
  return code;
}
