//! A new plan.

use super::server::CreatePlan;
use crate::{
    frame::{Page, partner_may},
    partner::{parts::trail, paths},
    ui::{Banner, Button, Card, Crumb, Field, LinkButton, Look, Select, TextField, Tone, field_id},
    wire::{Errors, SendForm, Sending},
};
use domain::{
    access::PartnerAction,
    money::Currency,
    partner::{PartnerOption, PlansPage},
    price_plan::{Periodicity, PlanKind},
    product::ProductType,
    seats::ProtectionRule,
};
use leptos::prelude::*;

#[component]
pub fn NewPlanView(page: PlansPage) -> impl IntoView {
    let trail = trail([Crumb::link("Plans", paths::PLANS), Crumb::here("New plan")]);
    let lead =
        || "Its terms stay as they are for everybody who is on it. For other terms, make another plan.";
    if !partner_may(PartnerAction::ManagePlans) {
        return view! {
            <Page title="New plan" lead trail>
                <Banner tone=Tone::Warn title="Your role does not make plans">
                    "Ask an Owner, a Super Admin or somebody of Finance to make one."
                </Banner>
            </Page>
        }
        .into_any();
    }
    view! { <Page title="New plan" lead trail><Card class="narrow"><div class="body"><Form page/></div></Card></Page> }
        .into_any()
}

#[component]
fn Form(page: PlansPage) -> impl IntoView {
    let create = Sending::to::<CreatePlan>();
    let errors = Errors::of(create);
    // Whoever sold in a currency will most likely sell in it again.
    let currency =
        page.plans.first().map_or_else(|| "EUR".to_owned(), |plan| plan.terms.currency.code().to_owned());
    let partners = page.partners;
    let first = partners.first().map(|partner| partner.id.to_string()).unwrap_or_default();
    let chosen = RwSignal::new(first.clone());
    let money = RwSignal::new(currency.clone());
    let currencies = Currency::all()
        .map(|c| {
            let selected = c.code() == currency;
            view! { <option value=c.code() selected=selected>{format!("{} {}", c.code(), c.name())}</option> }
        })
        .collect_view();
    let example = move || match Currency::from_code(&money.get()).map_or(2, Currency::digits) {
        0 => "For one seat and one period, such as 420.",
        3 => "For one seat and one period, such as 4.200.",
        _ => "For one seat and one period, such as 4.20.",
    };
    let own = |options: &[(&str, &str)]| -> Vec<(String, String)> {
        options.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    };
    let periods = own(&Periodicity::ALL.map(|p| (p.slug(), p.label())));
    let kinds = own(&PlanKind::ALL.map(|k| (k.slug(), k.label())));
    let rules = own(&ProtectionRule::ALL.map(|r| (r.slug(), r.label())));
    let only = partners.len() < 2;
    let choices: Vec<_> = partners.iter().map(|p| (p.id.to_string(), p.name.clone())).collect();
    view! {
        <SendForm to=create class="form">
            {errors.general("The plan was not made")}
            <TextField label="Name" name="name" hint="As your customers read it on the bill. It need not be unique." error=errors.at("name") autofocus=true/>
            {if only {
                view! { <input type="hidden" name="partner" value=first/> }.into_any()
            } else {
                let pick = move |event| chosen.set(event_target_value(&event));
                view! {
                    <div on:change=pick>
                        <Select label="Partner" name="partner" options=choices value=first hint="Who sells it." error=errors.at("partner")/>
                    </div>
                }
                .into_any()
            }}
            <Product partners chosen error=errors.at("product")/>
            <div class="halves">
                <Field label="Currency" name="currency" error=errors.at("currency")>
                    <select class="input" id=field_id("currency") name="currency" on:change=move |event| money.set(event_target_value(&event))>
                        {currencies}
                    </select>
                </Field>
                <TextField label="Price" name="price" error=errors.at("price")/>
            </div>
            <p class="hint small muted">{example}</p>
            <div class="halves">
                <Select label="Billed" name="periodicity" options=periods error=errors.at("periodicity")/>
                <Select label="Kind" name="kind" options=kinds error=errors.at("kind")/>
            </div>
            <p class="hint small muted">"Trial and not for resale are free; the price then says what it would cost."</p>
            <Select label="Who takes a seat" name="rule" options=rules hint="Everybody is backed up, whoever is counted." error=errors.at("rule")/>
            <div class="actions">
                <Button look=Look::Primary busy=create.pending()>"Create plan"</Button>
                <LinkButton href=paths::PLANS look=Look::Quiet>"Back to the plans"</LinkButton>
            </div>
        </SendForm>
    }
}

/// The product types. Where the chosen partner may not sell those with Entra, they cannot be chosen, and it says whom
/// to ask.
#[component]
fn Product(
    partners: Vec<PartnerOption>,
    chosen: RwSignal<String>,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let partners = StoredValue::new(partners);
    // None: it may sell them all.
    let barred = Memo::new(move |_| {
        partners.with_value(|partners| {
            let partner = partners.iter().find(|p| !p.entra && chosen.with(|id| *id == p.id.to_string()))?;
            Some(partner.clone())
        })
    });
    let options = ProductType::ALL
        .map(|product| {
            let disabled = move || product.has_entra() && barred.with(Option::is_some);
            view! { <option value=product.slug() disabled=disabled>{product.label()}</option> }
        })
        .collect_view();
    view! {
        <Field label="Product type" name="product" error>
            <select class="input" id=field_id("product") name="product" aria-describedby="product-hint">{options}</select>
            <p class="hint" id="product-hint">
                {move || {
                    match barred.get() {
                        Some(partner) => no_entra(&partner),
                        None => "Those with Entra open the Entra portal to the organization.".into_any(),
                    }
                }}
            </p>
        </Field>
    }
}

/// Why a partner sells nothing with Entra, and the way on: to its page for whoever may enable it, else whom to ask.
pub fn no_entra(partner: &PartnerOption) -> AnyView {
    if partner.is_right_below && partner_may(PartnerAction::EnableEntra) {
        let (said, go) = (
            format!("The Entra products are not enabled for {}. ", partner.name),
            format!("Enable Entra for {}", partner.name),
        );
        let href = paths::partner(partner.id);
        return view! { {said} <a class="link" href=href>{go}</a> }.into_any();
    }
    partner.no_entra().into_any()
}
