//! A mail as text and as HTML, in a partner's name.

use std::fmt::Write as _;

use maud::{DOCTYPE, html};
use store::mail_servers::Letterhead;

const ACCENT: &str = "#0b6b57";
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

    /// Tables and styles at each element: programs that read mail know little more.
    pub(crate) fn html(&self, name: &str, head: &Letterhead) -> String {
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
                                    span style=(format!("{FACE};font-size:17px;font-weight:600;color:{INK}")) { (head.partner) }
                                } }
                                tr { td style="padding:28px;background:#ffffff;border:1px solid #e6e5e0;border-radius:10px" {
                                    p style=(paragraph) { "Hello " (name) "," }
                                    @for line in &self.lines { p style=(paragraph) { (line) } }
                                    @if let Some((text, link)) = &self.button {
                                        p style="margin:22px 0" {
                                            a href=(link) style=(format!("{FACE};display:inline-block;padding:10px 18px;border-radius:6px;background:{ACCENT};color:#ffffff;font-size:15px;font-weight:600;text-decoration:none")) { (text) }
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
        let html = letter.html("<script>", &head);
        for bad in ["<script>", "<i>", "<Chips>", "\"2\""] {
            assert!(!html.contains(bad), "{bad}");
        }
        assert!(html.contains("Fish &amp; &lt;Chips&gt;"));
        let text = letter.text("<script>", &head);
        assert!(text.contains("https://x.example/?a=1&b=\"2\"") && text.contains("Fish & <Chips>"), "{text}");
    }
}
