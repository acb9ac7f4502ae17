//! Between which points, and which of the differences.

use super::{Asked, list::address};
use crate::{
    tenant::{browse::PointPicker, overview::server::CompareLive, words},
    ui::{Button, Chip, Chips, Icon, Size, grouped},
    wire::{GetForm, SendForm, Sending},
};
use domain::{
    change::Sort,
    view::{ComparePage as Changes, KindTally, SnapshotRow},
};
use leptos::prelude::*;

/// From which point to which.
#[component]
pub fn Points(
    tenant: String,
    points: Vec<SnapshotRow>,
    from: i64,
    #[prop(optional_no_strip)] to: Option<i64>,
) -> impl IntoView {
    let read = Sending::to::<CompareLive>();
    let action = format!("/t/{tenant}/compare");
    view! {
        <div class="card points">
            <GetForm action class="pair">
                <PointPicker name="from" label="From" points=points.clone() chosen=Some(from)/>
                <Icon name="arrow-right"/>
                <PointPicker name="to" label="To" points chosen=to live=true live_chosen=to.is_none()/>
                <span class="scriptless"><Button>"Compare"</Button></span>
            </GetForm>
            <SendForm to=read>
                <input type="hidden" name="tenant" value=tenant/>
                <input type="hidden" name="from" value=from.to_string()/>
                <Button icon="radio" busy=read.pending()>"Read again"</Button>
            </SendForm>
        </div>
    }
}

/// What to show of it: chips are links, so the address says what one sees.
#[component]
pub fn Filters(tenant: String, page: Changes, asked: Asked) -> impl IntoView {
    let (from, to) = (page.from.seq, page.to.seq);
    let href = |change: &dyn Fn(&mut Asked)| {
        let mut other = Asked { after: None, ..asked.clone() };
        change(&mut other);
        address(&tenant, from, to, &other).href(None)
    };
    let kinds = page
        .tallies
        .iter()
        .copied()
        .filter(|tally| tally.total() > 0)
        .map(|tally| {
            let slug = tally.kind.slug();
            let on = asked.kind == slug;
            let href = href(&|other| other.kind = if on { String::new() } else { slug.to_owned() });
            view! { <Chip href on count=tally.total() removable=on>{tally.kind.plural()}</Chip> }
        })
        .collect_view();
    let sorts = Sort::ALL
        .into_iter()
        .filter_map(|sort| {
            let count: i64 = page.tallies.iter().map(|tally| of_sort(tally, sort)).sum();
            let on = asked.sort == sort.slug();
            if count == 0 && !on {
                return None;
            }
            let href = href(&|other| other.sort = if on { String::new() } else { sort.slug().to_owned() });
            let said = words::sort(sort).1;
            Some(view! { <Chip href on count removable=on><span class="capital">{said}</span></Chip> })
        })
        .collect_view();
    let shown = grouped(page.shown);
    let total: i64 = page.tallies.iter().map(KindTally::total).sum();
    view! {
        <div class="filters">
            <Chips label="Filters">{kinds}<span class="bar-between"></span>{sorts}</Chips>
            <GetForm action=format!("/t/{tenant}/compare") class="end row">
                <input type="hidden" name="from" value=from.to_string()/>
                <input type="hidden" name="to" value=to.to_string()/>
                <input type="hidden" name="kind" value=asked.kind.clone()/>
                <input type="hidden" name="sort" value=asked.sort.clone()/>
                <span class="find">
                    <Icon name="search" size=Size::Small/>
                    <input type="search" name="q" value=asked.words.clone() placeholder="Filter by name" aria-label="Filter by name"/>
                </span>
            </GetForm>
            <span class="muted nowrap">"Showing " <b class="num">{shown}</b> " of " <span class="num">{grouped(total)}</span></span>
        </div>
    }
}

fn of_sort(tally: &KindTally, sort: Sort) -> i64 {
    match sort {
        Sort::Created => tally.created,
        Sort::Updated => tally.updated,
        Sort::Deleted => tally.deleted,
        Sort::PermanentlyDeleted => tally.permanently_deleted,
        Sort::Restored => tally.restored,
    }
}
