//! Moments. The server writes them in UTC, since it cannot know where the reader is; an effect then writes them in
//! the reader's own time. What is relative ("2 min ago") is the same everywhere, so it is right from the start.

use chrono::{DateTime, Utc};
use leptos::{leptos_dom::helpers::set_interval_with_handle, prelude::*};
use std::time::Duration;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeStyle {
    /// `24 Nov 2026, 15:45`; today's without the date.
    #[default]
    Moment,
    /// `2 min ago`, `in 13 min`.
    Relative,
}

/// A moment as words, with the exact one on hover.
#[component]
pub fn Time(#[prop(into)] at: DateTime<Utc>, #[prop(optional)] style: TimeStyle) -> impl IntoView {
    let ago = move || relative(-seconds_since(at));
    // The text of the server, until the browser knows better.
    let text = RwSignal::new(if style == TimeStyle::Relative { ago() } else { clock::utc(at) });
    let title = RwSignal::new(clock::utc(at));
    let tick = use_context::<Tick>();
    Effect::new(move || {
        if let Some(Tick(tick)) = tick {
            tick.track();
        }
        title.set(clock::full(at));
        text.set(if style == TimeStyle::Relative { ago() } else { clock::short(at) });
    });
    view! { <time datetime=clock::iso(at) title=title>{text}</time> }
}

/// A moment as plain text, for where no element can stand: an option of a list.
pub fn moment(at: DateTime<Utc>) -> RwSignal<String> {
    let text = RwSignal::new(clock::utc(at));
    Effect::new(move || text.set(clock::short(at)));
    text
}

#[derive(Clone, Copy)]
struct Tick(RwSignal<u32>);

/// Keeps relative times true, with one clock for all of them. Called once, by the app.
pub fn tick_for_times() {
    let tick = RwSignal::new(0);
    provide_context(Tick(tick));
    Effect::new(move || {
        let beat = move || tick.update(|n| *n = n.wrapping_add(1));
        if let Ok(handle) = set_interval_with_handle(beat, Duration::from_secs(20)) {
            on_cleanup(move || handle.clear());
        }
    });
}

/// How long ago it was.
pub fn seconds_since(at: DateTime<Utc>) -> i64 {
    clock::seconds_since(at)
}

/// Seconds from now, as a person would say it.
pub fn relative(seconds: i64) -> String {
    let (amount, unit) = match seconds.abs() {
        0..=9 => return "just now".to_owned(),
        s @ 10..=59 => (s, "s"),
        s @ 60..=3_599 => (s / 60, "min"),
        s @ 3_600..=86_399 => (s / 3_600, "h"),
        s => (s / 86_400, if s < 2 * 86_400 { "day" } else { "days" }),
    };
    if seconds < 0 { format!("{amount} {unit} ago") } else { format!("in {amount} {unit}") }
}

/// The server's clock: it knows UTC only.
#[cfg(not(target_arch = "wasm32"))]
mod clock {
    use chrono::{DateTime, SecondsFormat, Utc};

    pub fn seconds_since(at: DateTime<Utc>) -> i64 {
        (Utc::now() - at).num_seconds()
    }

    pub fn iso(at: DateTime<Utc>) -> String {
        at.to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    pub fn utc(at: DateTime<Utc>) -> String {
        at.format("%-d %b %Y, %H:%M UTC").to_string()
    }

    pub use {utc as full, utc as short};
}

/// The reader's own clock, by the browser's calendar: chrono's would weigh more than a page.
#[cfg(target_arch = "wasm32")]
mod clock {
    use chrono::{DateTime, Utc};
    use js_sys::Date;

    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    fn date(at: DateTime<Utc>) -> Date {
        Date::new(&(at.timestamp_millis() as f64).into())
    }

    fn day(d: &Date) -> (u32, u32, u32) {
        (d.get_full_year(), d.get_month(), d.get_date())
    }

    fn month(number: u32) -> &'static str {
        MONTHS.get(number as usize).copied().unwrap_or_default()
    }

    pub fn seconds_since(at: DateTime<Utc>) -> i64 {
        (Date::now() as i64 - at.timestamp_millis()) / 1000
    }

    pub fn iso(at: DateTime<Utc>) -> String {
        String::from(date(at).to_iso_string())
    }

    pub fn utc(at: DateTime<Utc>) -> String {
        let d = date(at);
        format!(
            "{} {} {}, {:02}:{:02} UTC",
            d.get_utc_date(),
            month(d.get_utc_month()),
            d.get_utc_full_year(),
            d.get_utc_hours(),
            d.get_utc_minutes()
        )
    }

    pub fn short(at: DateTime<Utc>) -> String {
        let (d, today) = (date(at), Date::new_0());
        let yesterday = Date::new(&(Date::now() - 86_400_000.0).into());
        let clock = format!("{:02}:{:02}", d.get_hours(), d.get_minutes());
        match day(&d) {
            x if x == day(&today) => format!("Today {clock}"),
            x if x == day(&yesterday) => format!("Yesterday {clock}"),
            (year, at, date) if year == today.get_full_year() => format!("{date} {}, {clock}", month(at)),
            (year, at, date) => format!("{date} {} {year}, {clock}", month(at)),
        }
    }

    pub fn full(at: DateTime<Utc>) -> String {
        let d = date(at);
        // Minutes west of Greenwich.
        let west = d.get_timezone_offset() as i64;
        let sign = if west > 0 { '−' } else { '+' };
        let (year, at, date) = day(&d);
        format!(
            "{date} {} {year}, {:02}:{:02}:{:02} (UTC{sign}{}:{:02})",
            month(at),
            d.get_hours(),
            d.get_minutes(),
            d.get_seconds(),
            west.abs() / 60,
            west.abs() % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn distances_in_time_read_well() {
        for (seconds, text) in [
            (0, "just now"),
            (-45, "45 s ago"),
            (-120, "2 min ago"),
            (780, "in 13 min"),
            (-7_200, "2 h ago"),
            (-86_400, "1 day ago"),
            (3 * 86_400, "in 3 days"),
        ] {
            assert_eq!(relative(seconds), text);
        }
    }
}
