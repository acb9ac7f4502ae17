//! Colours that stay readable: every shade that the pages use, from the one colour that somebody chose.
//!
//! The hue is kept; how light it is gives way until text in it, and text on it, has the contrast that WCAG 2.2 asks
//! for (4.5 to 1). So any colour can be chosen.

use std::fmt;

/// The least contrast between text and what lies behind it.
pub const READABLE: f64 = 4.5;

/// What an accent lies on in a light room; the same values as in `style/tokens.css`.
const LIGHT: [Rgb; 3] = [Rgb(0xf7, 0xf7, 0xf5), Rgb(0xff, 0xff, 0xff), Rgb(0xf2, 0xf2, 0xef)];
/// The same in a dark one.
const DARK: [Rgb; 4] =
    [Rgb(0x10, 0x12, 0x11), Rgb(0x17, 0x1a, 0x18), Rgb(0x13, 0x16, 0x14), Rgb(0x1d, 0x21, 0x1f)];
const WHITE: Rgb = Rgb(0xff, 0xff, 0xff);
/// How far a shade moves at a time.
const STEP: f64 = 0.004;

/// Red, green and blue, as a screen has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl Rgb {
    /// A colour as it is written: `#0b6b57`, in capitals or not, with the mark or without.
    #[must_use]
    pub fn read(text: &str) -> Option<Rgb> {
        let text = text.trim();
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Rgb(part(0)?, part(2)?, part(4)?))
    }

    /// How much light it gives, from 0 to 1.
    fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// The contrast with another colour: from 1, for the same, to 21, for black and white.
    #[must_use]
    pub fn contrast(self, other: Rgb) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn linear(self) -> [f64; 3] {
        [self.0, self.1, self.2].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }
}

/// A colour in OKLCH: equal steps look equal, and a hue stays the same hue while it gets lighter.
#[derive(Clone, Copy, Debug)]
struct Lch {
    light: f64,
    chroma: f64,
    hue: f64,
}

impl Lch {
    fn of(rgb: Rgb) -> Lch {
        let [r, g, b] = rgb.linear();
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        let light = 0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s;
        let a = 1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s;
        let b = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s;
        Lch { light, chroma: a.hypot(b), hue: b.atan2(a) }
    }

    fn with(self, light: f64, chroma: f64) -> Lch {
        Lch { light: light.clamp(0.0, 1.0), chroma: self.chroma.min(chroma), hue: self.hue }
    }

    /// In linear light; beyond 0 and 1 where a screen cannot show it.
    fn linear(self) -> [f64; 3] {
        let (a, b) = (self.chroma * self.hue.cos(), self.chroma * self.hue.sin());
        let l = (self.light + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let m = (self.light - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let s = (self.light - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
        [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
        ]
    }

    /// What a screen shows of it: as colourful as it can be.
    fn rgb(self) -> Rgb {
        let mut shown = self;
        let fits = |c: Lch| c.linear().iter().all(|part| (-0.0005..=1.0005).contains(part));
        if !fits(shown) {
            let (mut grey, mut full) = (0.0, self.chroma);
            for _ in 0..16 {
                shown.chroma = f64::midpoint(grey, full);
                if fits(shown) { grey = shown.chroma } else { full = shown.chroma }
            }
            shown.chroma = grey;
        }
        let [r, g, b] = shown.linear().map(|part| {
            let part = part.clamp(0.0, 1.0);
            let part = if part <= 0.003_130_8 { part * 12.92 } else { 1.055 * part.powf(1.0 / 2.4) - 0.055 };
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it lies between 0 and 255"
            )]
            let byte = (part * 255.0).round() as u8;
            byte
        });
        Rgb(r, g, b)
    }
}

/// The shades for one sort of room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tones {
    pub accent: Rgb,
    /// Under a pointer.
    pub hover: Rgb,
    /// Text on the accent.
    pub ink: Rgb,
    /// A faint ground on which text in the accent is read.
    pub soft: Rgb,
    pub line: Rgb,
}

/// An accent in a light and in a dark room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    pub light: Tones,
    pub dark: Tones,
}

impl Accent {
    /// From the colour that somebody chose.
    #[must_use]
    pub fn of(chosen: Rgb) -> Accent {
        let base = Lch::of(chosen);
        Accent { light: in_light(base, chosen), dark: in_dark(base, chosen) }
    }

    /// As custom properties for `selector`, in the names of `style/tokens.css`.
    #[must_use]
    pub fn css(&self, selector: &str) -> String {
        let Accent { light: l, dark: d } = self;
        let pairs = [
            ("accent", l.accent, d.accent),
            ("accent-hover", l.hover, d.hover),
            ("accent-ink", l.ink, d.ink),
            ("accent-soft", l.soft, d.soft),
            ("accent-line", l.line, d.line),
        ];
        let said: Vec<String> =
            pairs.iter().map(|(name, light, dark)| format!("--{name}:light-dark({light},{dark})")).collect();
        format!("{selector}{{{}}}\n", said.join(";"))
    }
}

fn is_read_on(colour: Rgb, grounds: &[Rgb], soft: Rgb) -> bool {
    grounds.iter().chain([&soft]).all(|ground| colour.contrast(*ground) >= READABLE)
}

fn in_light(base: Lch, chosen: Rgb) -> Tones {
    let soft = base.with(0.95, 0.025).rgb();
    let mut shade = Lch { light: base.light, ..base };
    let mut accent = chosen;
    while !is_read_on(accent, &LIGHT, soft) && shade.light > 0.0 {
        shade.light -= STEP;
        accent = shade.rgb();
    }
    // Darker still, and lighter only where it is nearly black already; white is read on it all the same.
    let darker = if shade.light > 0.22 { shade.light - 0.06 } else { shade.light + 0.1 };
    Tones {
        accent,
        hover: Lch { light: darker, ..shade }.rgb(),
        ink: WHITE,
        soft,
        line: base.with(0.85, 0.055).rgb(),
    }
}

fn in_dark(base: Lch, chosen: Rgb) -> Tones {
    let soft = base.with(0.285, 0.04).rgb();
    let mut shade = Lch { light: base.light, ..base };
    let mut accent = chosen;
    while !is_read_on(accent, &DARK, soft) && shade.light < 1.0 {
        shade.light += STEP;
        accent = shade.rgb();
    }
    let lighter = if shade.light < 0.94 { shade.light + 0.05 } else { shade.light - 0.07 };
    Tones {
        accent,
        hover: Lch { light: lighter, ..shade }.rgb(),
        // Where text in the colour is read on a dark page, nearly black text is read on the colour.
        ink: base.with(0.17, 0.035).rgb(),
        soft,
        line: base.with(0.42, 0.06).rgb(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(css: &str, name: &str) -> (Rgb, Rgb) {
        let (_, rest) = css.split_once(&format!("--{name}: light-dark(")).unwrap();
        let (pair, _) = rest.split_once(')').unwrap();
        let (light, dark) = pair.split_once(',').unwrap();
        (Rgb::read(light).unwrap(), Rgb::read(dark).unwrap())
    }

    #[test]
    fn colours_are_read_and_written() {
        assert_eq!(Rgb::read(" #0B6b57 "), Some(Rgb(11, 107, 87)));
        assert_eq!(Rgb::read("0b6b57").unwrap().to_string(), "#0b6b57");
        for bad in ["", "#", "teal", "#12345", "#1234567", "#12345g", "#ääa", "rgb(0,0,0)"] {
            assert_eq!(Rgb::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_guideline() {
        let black = Rgb(0, 0, 0);
        assert!((WHITE.contrast(black) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
        // The example that everybody quotes: the lightest grey that may stand on white.
        assert!((WHITE.contrast(Rgb(0x76, 0x76, 0x76)) - 4.54).abs() < 0.005);
        assert!((WHITE.contrast(Rgb(0xff, 0, 0)) - 4.0).abs() < 0.005);
    }

    #[test]
    fn a_colour_survives_the_way_there_and_back() {
        for colour in [Rgb(0, 0, 0), WHITE, Rgb(11, 107, 87), Rgb(255, 0, 0), Rgb(0, 0, 255), Rgb(1, 2, 3)] {
            assert_eq!(Lch::of(colour).rgb(), colour);
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_pages() {
        let css = include_str!("../../../style/tokens.css");
        for (name, light, dark) in [("bg", 0, 0), ("surface", 1, 1), ("sunken", 2, 2), ("raised", 1, 3)] {
            assert_eq!(token(css, name), (LIGHT[light], DARK[dark]), "{name}");
        }
        // And every property that is derived is one that the pages have.
        for name in ["accent", "accent-hover", "accent-ink", "accent-soft", "accent-line"] {
            token(css, name);
        }
    }

    /// A grid over every colour there is.
    #[test]
    fn whatever_is_chosen_is_read() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let chosen = Rgb(r, g, b);
                    let Accent { light, dark } = Accent::of(chosen);
                    for (tones, grounds) in [(light, &LIGHT[..]), (dark, &DARK[..])] {
                        assert!(is_read_on(tones.accent, grounds, tones.soft), "{chosen}: {tones:?}");
                        for under in [tones.accent, tones.hover] {
                            assert!(under.contrast(tones.ink) >= READABLE, "{chosen}: {tones:?}");
                        }
                        assert_ne!(tones.accent, tones.hover, "{chosen}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_readable_stays_as_it_is() {
        let teal = Rgb(0x0b, 0x6b, 0x57);
        assert_eq!(Accent::of(teal).light.accent, teal);
        let mint = Rgb(0x4c, 0xc2, 0xa5);
        assert_eq!(Accent::of(mint).dark.accent, mint);
        assert_ne!(Accent::of(mint).light.accent, mint);
    }

    #[test]
    fn the_shades_are_custom_properties() {
        let css = Accent::of(Rgb(0x0b, 0x6b, 0x57)).css(":root");
        assert!(css.starts_with(":root{--accent:light-dark(#0b6b57,#"), "{css}");
        assert_eq!(css.matches("light-dark(").count(), 5);
        assert!(css.ends_with(")}\n"));
    }
}
