//! A mail as text and as HTML, in a partner's name.

use std::fmt::Write as _;

use domain::brand::PictureKind;
use domain::colour::{Accent, Rgb};
use maud::{DOCTYPE, Markup, html};
use store::mail_servers::Letterhead;

/// The product's own.
const ACCENT: Rgb = Rgb(0x0b, 0x6b, 0x57);
/// A logo in a mail is at most so wide and high.
const LOGO: (u32, u32) = (220, 36);
const INK: &str = "#1a1c1a";
const FAINT: &str = "#5f635e";
const FACE: &str = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/// What a mail says, whatever it looks like.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) lines: Vec<String>,
    /// What it says and where it leads.
    pub(crate) button: Option<(String, String)>,
    /// What stands below in small letters.
    pub(crate) small: Vec<String>,
}

fn support(head: &Letterhead) -> Option<String> {
    head.support_email.as_ref().map(|email| format!("Questions? Write to {email}."))
}

/// Name and logo above the letter. Programs that read mail show neither drawings nor, all of them, WebP.
fn masthead(base: &str, head: &Letterhead) -> Markup {
    let logo = head.brand.logo.filter(|logo| logo.kind == PictureKind::Png);
    let alone = logo.is_some_and(|logo| logo.is_wide());
    html! {
        @if let Some(logo) = logo {
            @let (width, height) = logo.within(LOGO.0, LOGO.1);
            @let alt = if alone { head.partner.as_str() } else { "" };
            img src=(format!("{base}{}", logo.address())) width=(width) height=(height) alt=(alt)
                style=(format!("{FACE};border:0;vertical-align:middle;margin-right:10px;font-size:17px;font-weight:600;color:{INK}"));
        }
        @if !alone {
            span style=(format!("{FACE};font-size:17px;font-weight:600;color:{INK};vertical-align:middle")) { (head.partner) }
        }
    }
}

impl Letter {
    pub(crate) fn text(&self, name: &str, head: &Letterhead) -> String {
        let mut out = format!("Hello {name},\n");
        for line in &self.lines {
            let _ = write!(out, "\n{line}\n");
        }
        if let Some((text, link)) = &self.button {
            let _ = write!(out, "\n{text}:\n{link}\n");
        }
        for line in self.small.iter().cloned().chain(support(head)) {
            let _ = write!(out, "\n{line}\n");
        }
        let _ = write!(out, "\n-- \n{}\n", head.partner);
        out
    }

    /// Tables and styles at each element: programs that read mail know little more. Pictures are fetched from `base`.
    pub(crate) fn html(&self, base: &str, name: &str, head: &Letterhead) -> String {
        // Mail is read on white; the shades for light pages are right there.
        let accent = Accent::of(head.brand.accent.as_deref().and_then(Rgb::read).unwrap_or(ACCENT)).light;
        let paragraph = format!("{FACE};font-size:15px;line-height:1.55;color:{INK};margin:0 0 14px");
        let faint = format!("{FACE};font-size:13px;line-height:1.5;color:{FAINT};margin:0 0 8px");
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width";
                    title { (self.subject) }
                }
                body style="margin:0;padding:0;background:#f7f7f5" {
                    table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f7f7f5" {
                        tr { td align="center" style="padding:32px 16px" {
                            table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px" {
                                tr { td style="padding:0 4px 16px" {
                                    (masthead(base, head))
                                } }
                                tr { td style="padding:28px;background:#ffffff;border:1px solid #e6e5e0;border-radius:10px" {
                                    p style=(paragraph) { "Hello " (name) "," }
                                    @for line in &self.lines { p style=(paragraph) { (line) } }
                                    @if let Some((text, link)) = &self.button {
                                        p style="margin:22px 0" {
                                            a href=(link) style=(format!("{FACE};display:inline-block;padding:10px 18px;border-radius:6px;background:{};color:{};font-size:15px;font-weight:600;text-decoration:none", accent.accent, accent.ink)) { (text) }
                                        }
                                    }
                                    @for line in &self.small { p style=(faint) { (line) } }
                                    @if let Some((_, link)) = &self.button {
                                        p style=(faint) { "Where the button does not work, this address does: " br; span style="word-break:break-all" { (link) } }
                                    }
                                } }
                                tr { td style="padding:16px 4px" {
                                    @if let Some(support) = support(head) { p style=(faint) { (support) } }
                                } }
                            }
                        } }
                    }
                }
            }
        }
        .into_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_name_becomes_markup() {
        let letter = Letter {
            subject: "<b>".to_owned(),
            lines: vec!["Fish & <Chips>".to_owned()],
            button: Some(("Go".to_owned(), "https://x.example/?a=1&b=\"2\"".to_owned())),
            small: vec![],
        };
        let head = Letterhead { partner: "A <i>B</i>".to_owned(), ..Letterhead::default() };
        let html = letter.html("https://x.example", "<script>", &head);
        for bad in ["<script>", "<i>", "<Chips>", "\"2\""] {
            assert!(!html.contains(bad), "{bad}");
        }
        assert!(html.contains("Fish &amp; &lt;Chips&gt;"));
        let text = letter.text("<script>", &head);
        assert!(text.contains("https://x.example/?a=1&b=\"2\"") && text.contains("Fish & <Chips>"), "{text}");
    }
}
