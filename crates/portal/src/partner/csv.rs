//! Files that a spreadsheet opens: comma-separated, a heading and then a line a row.

use chrono::{DateTime, Utc};

/// A file in the making.
pub(super) struct File(String);

impl File {
    pub(super) fn new(head: &[&str]) -> File {
        let mut file = File(String::new());
        file.line(head);
        file
    }

    pub(super) fn line<T: AsRef<str>>(&mut self, cells: &[T]) {
        let cells: Vec<String> = cells.iter().map(|text| cell(text.as_ref())).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    pub(super) fn text(self) -> String {
        self.0
    }
}

/// A time as a program reads it.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Quoted where it must be, and never taken for a formula. A number below zero stays one.
fn cell(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let armed = !is_number && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if armed { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_text_and_nothing_else() {
        assert_eq!(cell("Contoso"), "Contoso");
        assert_eq!(cell("Contoso, \"the\" Ltd"), "\"Contoso, \"\"the\"\" Ltd\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-1+1"), "'-1+1");
        assert_eq!(cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(cell("-4.20"), "-4.20");
    }
}
