//! Pictures that people upload: known by what is in them, never by what a browser says of them.

use domain::brand::{PICTURE_BYTES, PictureKind};
use store::brands::NewPicture;

use crate::{Error, Result};

/// No picture on a page needs more, and a small file can unfold to a huge one.
const WIDEST: u32 = 4096;
/// The name that makes a browser draw the shapes.
const SVG: &str = "http://www.w3.org/2000/svg";

/// The picture in a file.
///
/// # Errors
/// [`Error::Invalid`] at `field`, which says what can be used.
pub(crate) fn read(field: &'static str, content: Vec<u8>) -> Result<NewPicture> {
    let refuse = |message: &str| Err(Error::invalid(field, message));
    if content.is_empty() {
        return refuse("Choose a file first.");
    }
    if content.len() > PICTURE_BYTES {
        let message = format!("This file has {} kB. Use one of at most 200 kB.", content.len() / 1000);
        return refuse(&message);
    }
    let (kind, size) = if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        (PictureKind::Png, png(&content))
    } else if content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP") {
        (PictureKind::Webp, webp(&content))
    } else if let Some(drawing) = svg(&content) {
        if let Some(problem) = drawing.problem {
            return refuse(problem);
        }
        (PictureKind::Svg, drawing.size)
    } else {
        return refuse("This is no PNG, SVG or WebP. Use a file of one of these three.");
    };
    let Some((width, height)) = size.filter(|(width, height)| *width > 0 && *height > 0) else {
        return refuse("The size of this picture cannot be read. Save it once more, or use a PNG.");
    };
    if width > WIDEST || height > WIDEST {
        return refuse("This picture is larger than any page. Use at most 4096 pixels each way.");
    }
    let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
    Ok(NewPicture { kind, width: side(width), height: side(height), content })
}

/// Width and height from the header that every PNG begins with.
fn png(content: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| Some(u32::from_be_bytes(content.get(at..at + 4)?.try_into().ok()?));
    (content.get(12..16)? == b"IHDR").then_some((side(16)?, side(20)?))
}

/// Width and height from the first part of a WebP, of which there are three sorts.
fn webp(content: &[u8]) -> Option<(u32, u32)> {
    let byte = |at: usize| content.get(at).copied().map(u32::from);
    match content.get(12..16)? {
        b"VP8 " => {
            let side = |at: usize| Some((byte(at)? | byte(at + 1)? << 8) & 0x3fff);
            (content.get(23..26)? == [0x9d, 0x01, 0x2a]).then_some((side(26)?, side(28)?))
        }
        b"VP8L" => {
            let bits = byte(21)? | byte(22)? << 8 | byte(23)? << 16 | byte(24)? << 24;
            (byte(20)? == 0x2f).then_some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => {
            let side = |at: usize| Some((byte(at)? | byte(at + 1)? << 8 | byte(at + 2)? << 16) + 1);
            Some((side(24)?, side(27)?))
        }
        _ => None,
    }
}

/// What is known of a drawing.
struct Drawing {
    size: Option<(u32, u32)>,
    problem: Option<&'static str>,
}

/// The drawing, if the text is one. It is served in a way that no script in it can run; what could be one is refused
/// as well, so that it does no harm wherever else somebody opens the file.
fn svg(content: &[u8]) -> Option<Drawing> {
    let text = std::str::from_utf8(content).ok()?.trim_start_matches('\u{feff}');
    let root = root(text)?;
    let name =
        root.trim_start_matches('<').split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()?;
    if name != "svg" {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let active = ["<script", "<foreignobject", "<iframe", "<handler", "javascript:"];
    let problem = if active.iter().any(|part| lower.contains(part)) || has_handler(&lower) {
        Some("This SVG holds a script or a page. Save it as a plain drawing, or use a PNG.")
    } else if lower.contains("<!entity") {
        Some("This SVG defines entities. Save it as a plain drawing, or use a PNG.")
    } else if !root.contains(SVG) {
        Some("This SVG does not say that it is one (xmlns), so no browser shows it. Save it once more.")
    } else {
        None
    };
    Some(Drawing { size: drawn_size(root), problem })
}

/// The first tag, after what may stand before it.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let end = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<!") {
            ">"
        } else {
            break;
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    rest.starts_with('<').then(|| rest.split_once('>').map(|(tag, _)| tag))?
}

/// Whether a tag has something like `onload=`.
fn has_handler(lower: &str) -> bool {
    lower.match_indices("on").any(|(at, _)| {
        let before = lower[..at].chars().next_back();
        let rest = &lower[at..];
        let name = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        before.is_some_and(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '/'))
            && name > 2
            && rest[name..].trim_start().starts_with('=')
    })
}

/// From what the drawing shows, or from the size that it asks for.
fn drawn_size(root: &str) -> Option<(u32, u32)> {
    let from_box = || {
        let shown = attribute(root, "viewBox")?;
        let numbers: Vec<f64> = shown
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|part| !part.is_empty())
            .map_while(|part| part.parse().ok())
            .collect();
        match numbers.as_slice() {
            [_, _, width, height] => ratio(*width, *height),
            _ => None,
        }
    };
    let number = |name| attribute(root, name)?.trim().trim_end_matches("px").parse::<f64>().ok();
    from_box().or_else(|| ratio(number("width")?, number("height")?))
}

/// The shape of a drawing, whose own units mean nothing on a page.
fn ratio(width: f64, height: f64) -> Option<(u32, u32)> {
    const LONG: f64 = 1000.0;
    if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
        return None;
    }
    let scale = LONG / width.max(height);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 1000")]
    let side = |side: f64| (side * scale).round().max(1.0) as u32;
    Some((side(width), side(height)))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.match_indices(name).find_map(|(at, _)| {
        let before = tag[..at].chars().next_back()?;
        let rest = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        before.is_whitespace().then(|| rest[1..].split(quote).next())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort(content: &[u8]) -> Option<(PictureKind, u16, u16)> {
        read("logo", content.to_vec()).ok().map(|p| (p.kind, p.width, p.height))
    }

    fn refusal(content: &[u8]) -> String {
        read("logo", content.to_vec()).unwrap_err().to_string()
    }

    fn of_png(width: u32, height: u32) -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend(width.to_be_bytes());
        png.extend(height.to_be_bytes());
        png
    }

    #[test]
    fn a_picture_is_known_by_its_content() {
        assert_eq!(sort(&of_png(320, 80)), Some((PictureKind::Png, 320, 80)));
        let lossy = b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\x01\0\x9d\x01\x2a\x40\x01\xf0\x00";
        assert_eq!(sort(lossy), Some((PictureKind::Webp, 320, 240)));
        let lossless = b"RIFF\x24\0\0\0WEBPVP8L\x18\0\0\0\x2f\x3f\xc1\x3b\x00";
        assert_eq!(sort(lossless), Some((PictureKind::Webp, 320, 240)));
        let extended = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\x3f\x01\0\xef\0\0";
        assert_eq!(sort(extended), Some((PictureKind::Webp, 320, 240)));
        for (text, size) in [
            (r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"/>"#, (1000, 250)),
            (
                "\u{feff}<?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE svg>\n<svg width='20px' height='20' xmlns='http://www.w3.org/2000/svg'></svg>",
                (1000, 1000),
            ),
        ] {
            assert_eq!(sort(text.as_bytes()), Some((PictureKind::Svg, size.0, size.1)), "{text}");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused_with_words() {
        for (content, word) in [
            (&b""[..], "Choose a file"),
            (b"GIF89a", "PNG, SVG or WebP"),
            (b"<html><svg xmlns='http://www.w3.org/2000/svg'/></html>", "PNG, SVG or WebP"),
            (b"\x89PNG\r\n\x1a\n", "size"),
            (b"RIFF\x24\0\0\0WEBPVP9 ", "size"),
            (b"<svg viewBox='0 0 1 1'/>", "xmlns"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "size"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 9'/>", "size"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 NaN inf'/>", "size"),
        ] {
            assert!(
                refusal(content).contains(word),
                "{}: {}",
                String::from_utf8_lossy(content),
                refusal(content)
            );
        }
        assert!(refusal(&of_png(5000, 80)).contains("4096"));
        let mut large = of_png(10, 10);
        large.resize(PICTURE_BYTES + 1, 0);
        assert!(refusal(&large).contains("200 kB"));
        large.pop();
        assert!(sort(&large).is_some());
    }

    #[test]
    fn a_drawing_that_could_do_something_is_refused() {
        for inside in [
            "<script>alert(1)</script>",
            "<SCRIPT href='x'/>",
            "<g onclick='x()'/>",
            "<g\nonload = \"x()\"/>",
            "<rect x='1'onmouseover='x()'/>",
            "<a href='JavaScript:x()'/>",
            "<foreignObject><p/></foreignObject>",
        ] {
            let text = format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{inside}</svg>");
            assert!(refusal(text.as_bytes()).contains("script"), "{text}");
        }
        let bomb =
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>";
        assert!(read("logo", bomb.into()).is_err());
        let words =
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><text>one = on top</text></svg>";
        assert!(sort(words.as_bytes()).is_some());
    }
}
