//! The changed objects, kind by kind. Arrows or j and k move, space chooses, enter opens.

use super::{Address, Choices, authors::brief, choices::Share};
use crate::{
    tenant::{parts::ObjectWho, words},
    ui::{Badge, CheckBox, Tone, grouped, plural},
};
use domain::{
    Kind,
    author::Authors,
    change::{Choice, ObjectRef, Sort},
    view::{ChangeRow, KindTally},
};
use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;

#[component]
pub fn ChangeList(
    rows: Vec<ChangeRow>,
    tallies: Vec<KindTally>,
    /// Who changed them.
    authors: Authors,
    /// The page's address for an object.
    href: impl Fn(ObjectRef) -> String + Clone + Send + 'static,
    opened: Signal<Option<ObjectRef>>,
    /// Whether this person may restore at all.
    choose: bool,
) -> impl IntoView {
    let first = rows.first().map(|row| row.object);
    let mut kind: Option<Kind> = None;
    let items = rows
        .into_iter()
        .map(|row| {
            let head = (kind.replace(row.object.kind) != Some(row.object.kind)).then(|| {
                let of = row.object.kind;
                let total = tallies.iter().find(|t| t.kind == of).map_or(0, KindTally::total);
                view! {
                    <li class="of">
                        <span>{of.plural()}</span>
                        <span class="num">{grouped(total)}</span>
                    </li>
                }
            });
            let here = row.object;
            let open = Signal::derive(move || opened.get().or(first) == Some(here));
            let by = brief(authors.of(here));
            view! { {head} <Row href=href(here) row by open choose/> }
        })
        .collect_view();
    view! { <ul class="objects" aria-label="Changed objects" on:keydown=walk>{items}</ul> }
}

#[component]
fn Row(
    row: ChangeRow,
    href: String,
    /// Who changed it, where the log says.
    by: Option<String>,
    open: Signal<bool>,
    choose: bool,
) -> impl IntoView {
    let choices = expect_context::<Choices>();
    let key = StoredValue::new(Choice::Object(row.object).to_string());
    let created = row.sort == Sort::Created;
    let (tone, said) = badge(&row);
    let label = match created {
        true => format!("{}: created since, it stays", row.name),
        false => format!("Put back everything about {}", row.name),
    };
    let on_change = Callback::new(move |on| key.with_value(|key| choices.0.update(|c| c.set_whole(key, on))));
    view! {
        <li class="obj" aria-current=move || open.get().then_some("true")>
            {choose
                .then(|| {
                    view! {
                        <CheckBox
                            label
                            name="chosen[]".to_owned()
                            value=key.get_value()
                            checked=Signal::derive(move || !created && key.with_value(|k| choices.share(k)) == Share::All)
                            some=Signal::derive(move || !created && key.with_value(|k| choices.share(k)) == Share::Some)
                            disabled=created
                            on_change
                        />
                    }
                })}
            <a href=href attr:data-noscroll="">
                <ObjectWho kind=row.object.kind name=row.name detail=row.detail/>
                <span class="made">
                    <Badge tone>{said}</Badge>
                    {by.map(|by| view! { <small class="muted cut">{by}</small> })}
                </span>
            </a>
        </li>
    }
}

/// What a row says about itself in a word or two.
fn badge(row: &ChangeRow) -> (Tone, String) {
    let links = match row.object.kind {
        Kind::Group | Kind::AdministrativeUnit => ("member", "members"),
        Kind::Role => ("assignment", "assignments"),
        _ => ("link", "links"),
    };
    match (row.sort, row.attributes, row.links_added, row.links_removed) {
        (Sort::Updated, 0, 0, removed) if removed > 0 => {
            (Tone::Bad, format!("−{}", plural(removed, links.0, links.1)))
        }
        (Sort::Updated, 0, added, 0) if added > 0 => {
            (Tone::Good, format!("+{}", plural(added, links.0, links.1)))
        }
        (Sort::Updated, attributes, added, removed) => {
            (Tone::Plain, plural(attributes + added + removed, "change", "changes"))
        }
        (sort, ..) => {
            let (tone, said) = words::sort(sort);
            (tone, said.to_owned())
        }
    }
}

/// Keys for those who do this often.
fn walk(event: KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" | "j" => 1,
        "ArrowUp" | "k" => -1,
        " " => 0,
        _ => return,
    };
    let row = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|target| target.closest(".obj").ok().flatten());
    let Some(mut row) = row else { return };
    if step == 0 {
        // On the link; the box itself already answers to space.
        let on_link = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()).is_none();
        if let (true, Ok(Some(input))) = (on_link, row.query_selector("input")) {
            event.prevent_default();
            input.unchecked_into::<web_sys::HtmlElement>().click();
        }
        return;
    }
    event.prevent_default();
    loop {
        let next = if step > 0 { row.next_element_sibling() } else { row.previous_element_sibling() };
        let Some(next) = next else { return };
        row = next;
        if let Ok(Some(link)) = row.query_selector("a") {
            let _ = link.unchecked_into::<web_sys::HtmlElement>().focus();
            return;
        }
    }
}

/// The form's address, so that a filter can be built from it.
pub fn address<'a>(tenant: &'a str, from: i64, to: i64, asked: &'a super::Asked) -> Address<'a> {
    Address { tenant, from, to, asked }
}
