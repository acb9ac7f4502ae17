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
pub fn Time(#[prop(into)] at: Signal<DateTime<Utc>>, #[prop(optional)] style: TimeStyle) -> impl IntoView {
    // The text of the server, until the browser knows better.
    let text = RwSignal::new(match style {
        TimeStyle::Relative => relative((at.get_untracked() - now()).num_seconds()),
        TimeStyle::Moment => in_utc(at.get_untracked()),
    });
    let title = RwSignal::new(in_utc(at.get_untracked()));
    let tick = use_context::<Tick>();
    Effect::new(move || {
        if let Some(Tick(tick)) = tick {
            tick.track();
        }
        let at = at.get();
        title.set(local::full(at));
        text.set(match style {
            TimeStyle::Relative => relative((at - now()).num_seconds()),
            TimeStyle::Moment => local::short(at),
        });
    });
    view! {
        <time datetime=move || at.get().to_rfc3339_opts(chrono::SecondsFormat::Secs, true) title=title>
            {text}
        </time>
    }
}

/// A moment as plain text, for where no element can stand: an option of a list.
pub fn moment(at: DateTime<Utc>) -> RwSignal<String> {
    let text = RwSignal::new(in_utc(at));
    Effect::new(move || text.set(local::short(at)));
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

fn in_utc(at: DateTime<Utc>) -> String {
    at.format("%-d %b %Y, %H:%M UTC").to_string()
}

#[cfg(not(target_arch = "wasm32"))]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(target_arch = "wasm32")]
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

/// How long ago it was.
pub fn seconds_since(at: DateTime<Utc>) -> i64 {
    (now() - at).num_seconds()
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

/// The reader's own clock.
#[cfg(target_arch = "wasm32")]
mod local {
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

    pub fn short(at: DateTime<Utc>) -> String {
        let (d, today) = (date(at), Date::new_0());
        let yesterday = Date::new(&(Date::now() - 86_400_000.0).into());
        let clock = format!("{:02}:{:02}", d.get_hours(), d.get_minutes());
        let month = MONTHS[d.get_month() as usize % 12];
        match day(&d) {
            x if x == day(&today) => format!("Today {clock}"),
            x if x == day(&yesterday) => format!("Yesterday {clock}"),
            (year, _, date) if year == today.get_full_year() => format!("{date} {month}, {clock}"),
            (year, _, date) => format!("{date} {month} {year}, {clock}"),
        }
    }

    pub fn full(at: DateTime<Utc>) -> String {
        let d = date(at);
        // Minutes west of Greenwich.
        let west = d.get_timezone_offset() as i64;
        let sign = if west > 0 { '−' } else { '+' };
        let (year, month, date) = day(&d);
        format!(
            "{date} {} {year}, {:02}:{:02}:{:02} (UTC{sign}{}:{:02})",
            MONTHS[month as usize % 12],
            d.get_hours(),
            d.get_minutes(),
            d.get_seconds(),
            west.abs() / 60,
            west.abs() % 60
        )
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod local {
    pub(super) use super::{in_utc as short, in_utc as full};
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
