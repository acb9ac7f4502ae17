//! One partner: its name and addresses, whether it sells Entra, its people.

use super::{
    close::Close,
    form::Details,
    server::{EditPartner, OpenEntra, Partner},
};
use crate::{
    frame::{Page, load, partner_may},
    partner::{
        features::FeaturesAt,
        parts::{EntraBadge, none, settle, trail},
        paths,
    },
    people::PeoplePanel,
    ui::{Badge, Button, Card, Crumb, Fact, Facts, Look, Tab, Tabs, Time, Tone, grouped, plural},
    wire::{Errors, SendForm, Sending, answers, ask},
};
use domain::{access::PartnerAction, feature::FeatureLevel, people::PartnerView};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn PartnerPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let tab = Memo::new(move |_| query.with(|query| query.get("tab").unwrap_or_default()));
    let closing = Memo::new(move |_| query.with(|query| query.get("ask").as_deref() == Some("close")));
    let data = answers(move || ask(Partner { id: id.get() }));
    load(data, move |view| {
        let again = Callback::new(move |()| data.refetch());
        view! { <One view tab closing again/> }.into_any()
    })
}

#[component]
fn One(view: PartnerView, tab: Memo<String>, closing: Memo<bool>, again: Callback<()>) -> impl IntoView {
    let row = view.row.clone();
    let (number, entra, ownerless) = (row.number, row.entra, row.is_ownerless);
    let above = view.parent.clone().map(|(_, name)| format!("below {name}"));
    let lead = move || {
        view! {
            <span class="row">
                <span class="num">{number}</span>
                {entra.then(|| view! { <EntraBadge/> })}
                {ownerless.then(|| view! { <Badge tone=Tone::Warn>"No Owner yet"</Badge> })}
                <span class="muted">{above}</span>
            </span>
        }
    };
    let trail = trail([Crumb::link("Partners", paths::PARTNERS), Crumb::here(row.name.clone())]);
    // One's own people and features have pages of their own.
    let has_tabs = !view.is_own;
    let manage = partner_may(PartnerAction::ManageUsers) && partner_may(PartnerAction::ManagePartners);
    let has_users = manage && !view.is_own;
    let view = StoredValue::new(view);
    let (id, base) = (row.id, paths::partner_users(row.id));
    let body = move || match tab.read().as_str() {
        "users" if has_users => view! { <PeoplePanel at=id.to_string() base=base.clone()/> }.into_any(),
        "features" if has_tabs => {
            view! { <FeaturesAt level=FeatureLevel::Partner id=id.to_string()/> }.into_any()
        }
        _ => view! { <General view=view.get_value() closing again/> }.into_any(),
    };
    let tabs = move || {
        // Read here: what a component reads of its own is not followed.
        let tab = tab.get();
        has_tabs.then(|| {
            view! {
                <Tabs label="About this partner">
                    <Tab href=paths::partner(id) here=tab.is_empty()>"General"</Tab>
                    <Tab href=paths::partner_features(id) here=tab == "features">"Features"</Tab>
                    {has_users.then(|| view! { <Tab href=paths::partner_users(id) here=tab == "users">"Users"</Tab> })}
                </Tabs>
            }
        })
    };
    view! { <Page title=row.name lead trail>{tabs}{body}</Page> }
}

#[component]
fn General(view: PartnerView, closing: Memo<bool>, again: Callback<()>) -> impl IntoView {
    let (row, editable) = (view.row.clone(), view.may_edit);
    let edit = editable.then(|| view! { <Edit view=view.clone() again/> });
    let close = view.may_close.then(|| view! { <Close view=view.clone() asked=closing/> });
    let entra = view.may_open_entra.then(|| view! { <Entra view=view.clone() again/> });
    let words = |text: Option<String>| match text {
        Some(text) => view! { {text} }.into_any(),
        None => none(),
    };
    let addresses = (!editable).then(|| {
        view! {
            <Fact name="Support address">{words(view.support_email)}</Fact>
            <Fact name="Email Portal">{words(view.email_portal)}</Fact>
        }
    });
    view! {
        <div class="two">
            <div class="stack">{edit}{close}</div>
            <div class="stack">
                <Card title="At a glance">
                    <Facts>
                        <Fact name="Organizations">{grouped(row.organizations)}</Fact>
                        <Fact name="Seats">{grouped(row.seats)}</Fact>
                        <Fact name="With its branch">
                            {format!(
                                "{}, {}",
                                plural(row.organizations_below, "organization", "organizations"),
                                plural(row.seats_below, "seat", "seats"),
                            )}
                        </Fact>
                        <Fact name="Entra products">{if row.entra { "Enabled" } else { "Not enabled" }}</Fact>
                        {addresses}
                        <Fact name="Created"><Time at=view.created/></Fact>
                    </Facts>
                </Card>
                {entra}
            </div>
        </div>
    }
}

#[component]
fn Edit(view: PartnerView, again: Callback<()>) -> impl IntoView {
    let edit = Sending::to::<EditPartner>();
    settle(edit, again, "Saved");
    let errors = Errors::of(edit);
    view! {
        <Card title="Details">
            <div class="body">
                <SendForm to=edit class="form">
                    {errors.general("Nothing was saved")}
                    <input type="hidden" name="id" value=view.row.id.to_string()/>
                    <Details
                        errors
                        name=view.row.name
                        support_email=view.support_email.unwrap_or_default()
                        email_portal=view.email_portal.unwrap_or_default()
                    />
                    <div class="actions">
                        <Button look=Look::Primary busy=edit.pending()>"Save"</Button>
                    </div>
                </SendForm>
            </div>
        </Card>
    }
}

/// Whether the partner may sell the Entra products; for the Owner of the one above it.
#[component]
fn Entra(view: PartnerView, again: Callback<()>) -> impl IntoView {
    let open = Sending::to::<OpenEntra>();
    settle(open, again, "Saved");
    let is_open = view.row.entra;
    let (text, go, look) = if is_open {
        (
            "It can make plans with Entra. Closed, it and all partners below it can make no new ones; those that exist, and who is on them, stay.",
            "Close Entra products",
            Look::Plain,
        )
    } else {
        (
            "It cannot make plans with Entra. Enabled, Backup Entra and Archiver Entra appear in its plan form.",
            "Enable Entra products",
            Look::Primary,
        )
    };
    view! {
        <Card title="Entra products">
            <div class="body">
                <SendForm to=open class="form">
                    {Errors::of(open).any("Nothing was changed")}
                    <input type="hidden" name="id" value=view.row.id.to_string()/>
                    <input type="hidden" name="open" value=(!is_open).to_string()/>
                    <p>{text}</p>
                    <div class="actions"><Button look busy=open.pending()>{go}</Button></div>
                </SendForm>
            </div>
        </Card>
    }
}
