//! The partner that sells, and the plan that is sold. With a script, only the chosen partner's plans can be chosen;
//! without one, all are there under their partners' names, and the server checks.

use crate::{
    partner::{parts::terms_line, plans::no_entra},
    ui::{Field, Select, field_id},
    wire::Errors,
};
use domain::partner::{OrganizationOptions, PlanCell};
use leptos::{html, prelude::*};
use uuid::Uuid;
use wasm_bindgen::JsCast;

#[component]
pub fn PartnerAndPlan(options: OrganizationOptions, errors: Errors) -> impl IntoView {
    let OrganizationOptions { partners, plans, .. } = options;
    let only = if partners.len() == 1 { partners.first().map(|p| p.id.to_string()) } else { None };
    // Empty: not chosen yet, or no script to tell.
    let chosen = RwSignal::new(only.clone().unwrap_or_default());
    let select = NodeRef::<html::Select>::new();
    // Where a script runs, plans wait for a partner; the browser may have kept the one that was chosen before.
    let (runs, of_partner) = (RwSignal::new(false), field_id("partner"));
    Effect::new(move || {
        let kept = document().get_element_by_id(&of_partner);
        if let Some(kept) = kept.and_then(|e| e.dyn_into::<web_sys::HtmlSelectElement>().ok()) {
            chosen.set(kept.value());
        }
        runs.set(true);
    });
    let (grouped, several) = (partners.clone(), only.is_none());
    let groups = grouped
        .iter()
        .map(|partner| {
            let own = plans.iter().filter(|(of, _)| *of == partner.id).map(|(_, plan)| plan.clone());
            let options = own
                .map(|plan| view! { <option value=plan.id.to_string()>{line(&plan)}</option> })
                .collect_view();
            if !several {
                return options.into_any();
            }
            let away = closed(chosen, runs, partner.id);
            view! { <optgroup label=partner.name.clone() disabled=away hidden=away>{options}</optgroup> }
                .into_any()
        })
        .collect_view();
    // Whose products are wanting is of interest once one of them sells.
    let hints = partners
        .iter()
        .filter(|partner| !partner.entra)
        .map(|partner| {
            let id = partner.id;
            let away = move || chosen.with(|chosen| chosen.parse::<Uuid>() != Ok(id));
            view! { <span class="block" hidden=away>{no_entra(partner)}</span> }
        })
        .collect_view();
    let pick = move |event| {
        chosen.set(event_target_value(&event));
        // A plan of another partner cannot stay chosen.
        if let Some(select) = select.get_untracked() {
            select.set_value("");
        }
    };
    let partner = match only {
        Some(id) => view! { <input type="hidden" name="partner" value=id/> }.into_any(),
        None => {
            let first = [(String::new(), "Choose a partner".to_owned())];
            let choices: Vec<_> = first
                .into_iter()
                .chain(partners.iter().map(|p| (p.id.to_string(), p.name.clone())))
                .collect();
            view! {
                <div on:change=pick>
                    <Select label="Partner" name="partner" options=choices hint="Who sells to them; it decides which plans there are." error=errors.at("partner")/>
                </div>
            }
            .into_any()
        }
    };
    let first = move || match chosen.with(String::is_empty) {
        true => "Choose a partner first",
        false => "Choose a plan",
    };
    view! {
        {partner}
        <Field label="Plan" name="plan" error=errors.at("plan")>
            <select class="input" id=field_id("plan") name="plan" required node_ref=select aria-describedby="plan-hint">
                <option value="">{first}</option>
                {groups}
            </select>
            <p class="hint" id="plan-hint">{hints}</p>
        </Field>
    }
}

fn line(plan: &PlanCell) -> String {
    format!("{}: {}", plan.name, terms_line(&plan.terms))
}

/// Whether a partner's plans cannot be chosen now: another one sells, or, where a script can tell, none does yet.
fn closed(
    chosen: RwSignal<String>,
    runs: RwSignal<bool>,
    id: Uuid,
) -> impl Fn() -> bool + Copy + Send + 'static {
    move || chosen.with(|of| if of.is_empty() { runs.get() } else { of.parse::<Uuid>() != Ok(id) })
}
