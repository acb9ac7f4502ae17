//! One object's differences, part by part, each with its own box.

use super::{Choices, authors::ChangedBy, choices::Share};
use crate::{
    tenant::{paths, words},
    ui::{Avatar, Badge, Callout, CheckBox, DiffRow, DiffTable, Empty, LinkButton, Tone},
};
use domain::{
    Seq,
    change::{AttributeChange, Choice, LinkChange, LinkFate, ObjectRef, Sort},
    view::ObjectChange,
};
use leptos::prelude::*;
use std::sync::Arc;

#[component]
pub fn Detail(tenant: String, change: ObjectChange, from: Seq, to: Seq, choose: bool) -> impl IntoView {
    let object = change.row.object;
    // The earlier state is the one to look at when the object is gone.
    let at = if change.row.sort.is_deletion() { from } else { to };
    let page = paths::object(&tenant, object, Some(at));
    let (tone, said) = words::sort(change.row.sort);
    let name = change.row.name.clone();
    view! {
        <div class="person">
            <Avatar name=name.clone() icon=words::icon(object.kind) round=true large=true/>
            <div class="cut">
                <h2 class="cut">{name}</h2>
                <p class="muted cut">{change.row.detail.clone()}</p>
            </div>
            <div class="end row">
                <Badge tone>{said}</Badge>
                <LinkButton href=page small=true>"Open"</LinkButton>
            </div>
        </div>
        <ChangedBy tenant by=change.by.clone()/>
        {change
            .obstacle
            .map(|why| {
                view! { <div class="body"><Callout tone=Tone::Warn title="It stays as it is">{why.sentence()}</Callout></div> }
            })}
        <Differences change from to choose/>
    }
}

#[component]
fn Differences(change: ObjectChange, from: Seq, to: Seq, choose: bool) -> impl IntoView {
    let object = change.row.object;
    // Parts of something that is gone, or that was not there, cannot go back by themselves.
    let by_part = choose && matches!(change.row.sort, Sort::Updated | Sort::Restored);
    if change.attributes.is_empty() && change.links.is_empty() {
        return view! {
            <Empty
                icon="git-compare"
                title="Nothing to set side by side"
                text="The object as a whole came or went; open it to see what it was."
            />
        }
        .into_any();
    }
    let whole = Choice::Object(object).to_string();
    let restorable: Arc<[String]> = change
        .attributes
        .iter()
        .filter(|a| a.obstacle.is_none())
        .map(|a| Choice::Attribute(object, a.name.clone()).to_string())
        .chain(change.links.iter().filter(|l| l.obstacle.is_none()).map(|l| l.choice.to_string()))
        .collect();
    let any = !restorable.is_empty();
    let parts = Parts { object: whole.clone(), all: restorable };
    let head = by_part.then(|| {
        let parts = parts.clone();
        ViewFnOnce::from(move || view! { <WholeBox parts any/> })
    });
    let attributes = change
        .attributes
        .into_iter()
        .map(|attribute| attribute_row(&parts, object, attribute, by_part))
        .collect_view();
    let links = change.links.into_iter().map(|link| link_row(&parts, link, by_part)).collect_view();
    view! {
        <DiffTable label="Differences" was=words::number(from) now=words::number(to) choose=head>
            {attributes}
            {links}
        </DiffTable>
    }
    .into_any()
}

/// The parts of the open object that can be put back.
#[derive(Clone)]
struct Parts {
    object: String,
    all: Arc<[String]>,
}

#[component]
fn WholeBox(parts: Parts, any: bool) -> impl IntoView {
    let choices = expect_context::<Choices>();
    let key = StoredValue::new(parts.object);
    let share = move || key.with_value(|key| choices.share(key));
    view! {
        <CheckBox
            label="Everything about it"
            checked=Signal::derive(move || share() == Share::All)
            some=Signal::derive(move || share() == Share::Some)
            disabled=!any
            on_change=Callback::new(move |on| key.with_value(|key| choices.0.update(|c| c.set_whole(key, on))))
        />
    }
}

#[component]
fn PartBox(parts: Parts, part: String, label: String, disabled: bool) -> impl IntoView {
    let choices = expect_context::<Choices>();
    let value = part.clone();
    let held = StoredValue::new((parts, part));
    view! {
        <CheckBox
            label
            name="chosen[]".to_owned()
            value
            checked=Signal::derive(move || {
                !disabled && held.with_value(|(parts, part)| choices.0.with(|c| c.has_part(&parts.object, part)))
            })
            disabled
            on_change=Callback::new(move |on| {
                held.with_value(|(parts, part)| choices.0.update(|c| c.set_part(&parts.object, &parts.all, part, on)));
            })
        />
    }
}

fn attribute_row(
    parts: &Parts,
    object: ObjectRef,
    attribute: AttributeChange,
    by_part: bool,
) -> impl IntoView + use<> {
    let part = Choice::Attribute(object, attribute.name).to_string();
    let disabled = attribute.obstacle.is_some();
    let label = format!("Put back {}", attribute.label);
    let choose = by_part.then(|| {
        let parts = parts.clone();
        ViewFnOnce::from(move || view! { <PartBox parts part label disabled/> })
    });
    let why = attribute.obstacle.map(|why| why.sentence().to_owned());
    view! { <DiffRow name=attribute.label was=attribute.old.0 now=attribute.new.0 choose why/> }
}

fn link_row(parts: &Parts, link: LinkChange, by_part: bool) -> impl IntoView + use<> {
    let kind = if link.from_source { link.kind.from_source() } else { link.kind.from_target() };
    let other = match link.detail.is_empty() {
        true => link.other_name.clone(),
        false => format!("{} ({})", link.other_name, link.detail),
    };
    let nothing = if link.fate == LinkFate::Added { "not there" } else { "removed" };
    let (was, now) = match link.fate {
        LinkFate::Removed => (vec![other], vec![]),
        LinkFate::Added => (vec![], vec![other]),
        LinkFate::Altered => (vec![link.other_name.clone()], vec![other]),
    };
    let label = match link.fate {
        LinkFate::Removed => format!("Put back {kind}: {}", link.other_name),
        LinkFate::Added => format!("Remove {kind}: {}", link.other_name),
        LinkFate::Altered => format!("Set back {kind}: {}", link.other_name),
    };
    let disabled = link.obstacle.is_some();
    let part = link.choice.to_string();
    let choose = by_part.then(|| {
        let parts = parts.clone();
        ViewFnOnce::from(move || view! { <PartBox parts part label disabled/> })
    });
    let why = link.obstacle.map(|why| why.sentence().to_owned());
    view! { <DiffRow name=kind was now choose why nothing/> }
}
