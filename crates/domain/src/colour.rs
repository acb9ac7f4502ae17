//! Colours, and whether what is written in them can be read.

use serde::{Deserialize, Serialize};

/// A colour of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rgb(pub u8, pub u8, pub u8);

const WHITE: Rgb = Rgb(255, 255, 255);
/// What is written on a bright accent.
const BLACK: Rgb = Rgb(16, 18, 17);

/// The least contrast at which text of any size can be read (WCAG 2, level AA).
pub const READABLE: f64 = 4.5;

impl Rgb {
    /// Of six hexadecimal digits, with or without `#`.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Rgb> {
        let text = text.strip_prefix('#').unwrap_or(text);
        if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let part = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
        Some(Rgb(part(0)?, part(2)?, part(4)?))
    }

    /// Six hexadecimal digits.
    #[must_use]
    pub fn hex(self) -> String {
        format!("{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// How bright it looks, from 0 to 1.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let part = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(self.0) + 0.7152 * part(self.1) + 0.0722 * part(self.2)
    }

    /// From 1 (the same) to 21 (black and white).
    #[must_use]
    pub fn contrast(self, other: Rgb) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The colour with so much of another in it, from 0 to 1.
    #[must_use]
    pub fn mixed(self, other: Rgb, share: f64) -> Rgb {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
        let part = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Rgb(part(self.0, other.0), part(self.1, other.1), part(self.2, other.2))
    }

    /// Whether white can be read better on it than black.
    #[must_use]
    pub fn wants_white(self) -> bool {
        self.contrast(WHITE) >= self.contrast(BLACK)
    }

    /// What is written on it.
    #[must_use]
    pub fn ink(self) -> Rgb {
        if self.wants_white() { WHITE } else { BLACK }
    }
}

/// A room that pages are looked at in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    Light,
    Dark,
}

impl Room {
    /// The surfaces that an accent is written on, as the style sheets have them.
    const fn surfaces(self) -> [Rgb; 3] {
        match self {
            Room::Light => [WHITE, Rgb(0xf7, 0xf7, 0xf5), Rgb(0xf2, 0xf2, 0xef)],
            Room::Dark => [Rgb(0x17, 0x1a, 0x18), Rgb(0x1d, 0x21, 0x1f), Rgb(0x13, 0x16, 0x14)],
        }
    }

    /// Where colours lead that can be read better here.
    const fn away(self) -> Rgb {
        match self {
            Room::Light => Rgb(0, 0, 0),
            Room::Dark => WHITE,
        }
    }
}

/// The shades that pages use of an accent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shades {
    pub accent: Rgb,
    pub hover: Rgb,
    pub ink: Rgb,
    pub soft: Rgb,
    pub line: Rgb,
}

/// The shades of an accent in a room.
#[must_use]
pub fn shades(accent: Rgb, room: Room) -> Shades {
    let surface = room.surfaces()[0];
    Shades {
        accent,
        hover: accent.mixed(room.away(), 0.14),
        ink: accent.ink(),
        soft: accent.mixed(surface, 0.88),
        line: accent.mixed(surface, 0.68),
    }
}

/// The least contrast that text in an accent, or on it, has in a room.
#[must_use]
pub fn least_contrast(accent: Rgb, room: Room) -> f64 {
    let shades = shades(accent, room);
    let on = room.surfaces().into_iter().chain([shades.soft]).map(|surface| accent.contrast(surface));
    on.chain([shades.ink.contrast(accent), shades.ink.contrast(shades.hover)]).fold(f64::MAX, f64::min)
}

/// The nearest colour that can be read in a room: the same one, or one darker or brighter.
#[must_use]
pub fn readable(accent: Rgb, room: Room) -> Rgb {
    (0..=50)
        .map(|step| accent.mixed(room.away(), f64::from(step) / 50.0))
        .find(|colour| least_contrast(*colour, room) >= READABLE)
        .unwrap_or(room.away())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_as_the_standard_says() {
        assert!((WHITE.contrast(Rgb(0, 0, 0)) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(Rgb(0x76, 0x76, 0x76)) - 4.54).abs() < 0.01);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn hexadecimal_goes_there_and_back() {
        assert_eq!(Rgb::from_hex("#0b6b57"), Some(Rgb(0x0b, 0x6b, 0x57)));
        assert_eq!(Rgb(0x0b, 0x6b, 0x57).hex(), "0b6b57");
        for bad in ["", "#12", "12345g", "#1234567", "ä12345"] {
            assert_eq!(Rgb::from_hex(bad), None, "{bad}");
        }
    }

    #[test]
    fn whatever_colour_is_wished_for_one_near_it_can_be_read() {
        for room in [Room::Light, Room::Dark] {
            for (r, g, b) in
                [(0, 0, 0), (255, 255, 255), (255, 204, 0), (200, 16, 46), (0, 84, 166), (128, 128, 128)]
            {
                let near = readable(Rgb(r, g, b), room);
                assert!(
                    least_contrast(near, room) >= READABLE,
                    "{room:?} {} {}",
                    near.hex(),
                    least_contrast(near, room)
                );
            }
        }
        // The product's own need no mending.
        assert_eq!(readable(Rgb(0x0b, 0x6b, 0x57), Room::Light), Rgb(0x0b, 0x6b, 0x57));
        assert!(least_contrast(Rgb(255, 204, 0), Room::Light) < READABLE);
    }
}
