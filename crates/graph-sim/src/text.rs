//! Writing JSON text and dates by hand: pages are copied together, not built as trees.

/// Appends `s` as a JSON string, quotes included.
pub(crate) fn push_str(out: &mut Vec<u8>, s: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let bytes = s.as_bytes();
    let mut start = 0;
    for (i, &b) in bytes.iter().enumerate() {
        let escape: &[u8] = match b {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..=0x1f => {
                out.extend_from_slice(&bytes[start..i]);
                out.extend_from_slice(b"\\u00");
                out.push(HEX[(b >> 4) as usize]);
                out.push(HEX[(b & 15) as usize]);
                start = i + 1;
                continue;
            }
            _ => continue,
        };
        out.extend_from_slice(&bytes[start..i]);
        out.extend_from_slice(escape);
        start = i + 1;
    }
    out.extend_from_slice(&bytes[start..]);
    out.push(b'"');
}

/// The JSON text of a string.
pub(crate) fn quoted(s: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len() + 2);
    push_str(&mut out, s);
    out
}

/// Calendar date of a count of days since 1970-01-01 (proleptic Gregorian).
fn civil(days: i64) -> (i64, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
    let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let m = i64::from(month);
    let doy = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// `2026-01-31T08:15:00Z` for seconds since 1970.
pub(crate) fn iso(secs: i64) -> String {
    let (y, m, d) = civil(secs.div_euclid(86_400));
    let s = secs.rem_euclid(86_400);
    format!("{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}Z", s / 3600, s / 60 % 60, s % 60)
}

/// Appends the date quoted, without going through a formatter: seeding writes millions of these.
pub(crate) fn push_iso(out: &mut Vec<u8>, secs: i64) {
    fn two(out: &mut Vec<u8>, n: u32, after: u8) {
        out.extend_from_slice(&[b'0' + (n / 10 % 10) as u8, b'0' + (n % 10) as u8, after]);
    }
    let (y, m, d) = civil(secs.div_euclid(86_400));
    let s = secs.rem_euclid(86_400) as u32;
    out.push(b'"');
    let y = y as u32;
    out.extend_from_slice(&[b'0' + (y / 1000 % 10) as u8, b'0' + (y / 100 % 10) as u8]);
    two(out, y % 100, b'-');
    two(out, m, b'-');
    two(out, d, b'T');
    two(out, s / 3600, b':');
    two(out, s / 60 % 60, b':');
    two(out, s % 60, b'Z');
    out.push(b'"');
}

/// Reads `YYYY-MM-DD[Thh:mm[:ss[.fff]](Z|±hh:mm)]`.
pub(crate) fn parse_iso(text: &str) -> Option<i64> {
    let num = |r: std::ops::Range<usize>| text.get(r)?.parse::<u32>().ok();
    let at = |i: usize| text.as_bytes().get(i).copied();
    let (year, month, day) = (i64::from(num(0..4)?), num(5..7)?, num(8..10)?);
    if at(4) != Some(b'-') || at(7) != Some(b'-') || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let mut secs = days_from_civil(year, month, day) * 86_400;
    if text.len() == 10 {
        return Some(secs);
    }
    let (hour, minute) = (num(11..13)?, num(14..16)?);
    if !matches!(at(10), Some(b'T' | b't')) || hour > 23 || minute > 59 {
        return None;
    }
    secs += i64::from(hour) * 3600 + i64::from(minute) * 60;
    let mut i = 16;
    if at(i) == Some(b':') {
        secs += i64::from(num(17..19)?);
        i = 19;
        if at(i) == Some(b'.') {
            i += 1;
            while at(i).is_some_and(|b| b.is_ascii_digit()) {
                i += 1;
            }
        }
    }
    match at(i) {
        Some(b'Z' | b'z') if text.len() == i + 1 => Some(secs),
        Some(sign @ (b'+' | b'-')) => {
            let off = i64::from(num(i + 1..i + 3)?) * 3600 + i64::from(num(i + 4..i + 6)?) * 60;
            Some(if sign == b'+' { secs - off } else { secs + off })
        }
        _ => None,
    }
}

/// `Sat, 31 Jan 2026 08:15:00 GMT`, the form of HTTP headers.
pub(crate) fn http_date(secs: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let days = secs.div_euclid(86_400);
    let (y, m, d) = civil(days);
    let s = secs.rem_euclid(86_400);
    format!(
        "{}, {d:02} {} {y:04} {:02}:{:02}:{:02} GMT",
        DAYS[days.rem_euclid(7) as usize],
        MONTHS[m as usize - 1],
        s / 3600,
        s / 60 % 60,
        s % 60
    )
}

/// Percent-decodes one path segment or query value; `+` is a space only in queries.
pub(crate) fn percent_decode(s: &str, plus: bool) -> String {
    let bytes = s.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |k: usize| bytes.get(i + k).and_then(|b| (*b as char).to_digit(16));
        match bytes[i] {
            b'%' => match (hex(1), hex(2)) {
                (Some(a), Some(b)) => {
                    out.push((a * 16 + b) as u8);
                    i += 3;
                    continue;
                }
                _ => out.push(b'%'),
            },
            b'+' if plus => out.push(b' '),
            b => out.push(b),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_both_ways() {
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        for secs in [0, 951_782_400, 1_767_225_599, 1_798_761_600, 4_102_444_799] {
            assert_eq!(parse_iso(&iso(secs)), Some(secs));
            let mut out = Vec::new();
            push_iso(&mut out, secs);
            assert_eq!(out, format!("\"{}\"", iso(secs)).into_bytes());
        }
        assert_eq!(parse_iso("2026-01-01T02:00:00.1234567+02:00"), parse_iso("2026-01-01"));
        assert_eq!(parse_iso("2026-13-01"), None);
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn strings_are_json() {
        let s = "Zoë \"q\" \\ \u{1} 美咲\n";
        assert_eq!(serde_json::from_slice::<String>(&quoted(s)).ok().as_deref(), Some(s));
    }
}
