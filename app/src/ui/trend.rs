//! A small chart of how something went: lines over days, drawn where the page is made. Its words say the same.

use leptos::prelude::*;

const WIDTH: i64 = 1000;
const HEIGHT: i64 = 120;

/// One line of a chart.
#[derive(Clone, Debug)]
pub struct Line {
    /// The colour's class: `c1`, `c2`, `c3`.
    pub class: &'static str,
    pub values: Vec<i64>,
}

#[component]
pub fn Trend(
    /// What a screen reader says: what is drawn, from where to where.
    #[prop(into)]
    label: String,
    lines: Vec<Line>,
    /// What the right edge of the scale says, from the top: the most, and nothing.
    #[prop(into)]
    most: String,
    /// The first and the last day.
    #[prop(into)]
    from: String,
    #[prop(into)] to: String,
) -> impl IntoView {
    let top = lines.iter().flat_map(|line| &line.values).copied().max().unwrap_or(0).max(1);
    let drawn = lines
        .into_iter()
        .map(|line| {
            let points = points(&line.values, top);
            view! { <polyline class=line.class points=points></polyline> }
        })
        .collect_view();
    view! {
        <div class="trend">
            <svg viewBox="0 0 1000 120" preserveAspectRatio="none" role="img" aria-label=label>{drawn}</svg>
            <span class="scale num" aria-hidden="true"><i>{most}</i><i>"0"</i></span>
            <span class="ends num" aria-hidden="true"><i>{from}</i><i>{to}</i></span>
        </div>
    }
    .into_any()
}

/// `x,y` of each value, from the left edge to the right one. One value alone is a level line.
fn points(values: &[i64], top: i64) -> String {
    let y = |value: i64| HEIGHT - 2 - value.clamp(0, top) * (HEIGHT - 4) / top.max(1);
    match values {
        [] => String::new(),
        [only] => format!("0,{0} {WIDTH},{0}", y(*only)),
        many => {
            let last = many.len() as i64 - 1;
            let at = |(n, value): (usize, &i64)| format!("{},{}", n as i64 * WIDTH / last, y(*value));
            many.iter().enumerate().map(at).collect::<Vec<_>>().join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn a_line_goes_from_edge_to_edge() {
        assert_eq!(points(&[0, 5, 10], 10), "0,118 500,60 1000,2");
        assert_eq!(points(&[10], 10), "0,2 1000,2");
        assert_eq!(points(&[], 1), "");
    }
}
