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

#[component]
pub fn PartnerAndPlan(options: OrganizationOptions, errors: Errors) -> impl IntoView {
    let OrganizationOptions { partners, plans, .. } = options;
    let only = if partners.len() == 1 { partners.first().map(|p| p.id.to_string()) } else { None };
    // Empty: not chosen yet, or no script to tell.
    let chosen = RwSignal::new(only.clone().unwrap_or_default());
    let select = NodeRef::<html::Select>::new();
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
            let away = other_than(chosen, partner.id);
            view! { <optgroup label=partner.name.clone() disabled=away hidden=away>{options}</optgroup> }
                .into_any()
        })
        .collect_view();
    let hints = partners
        .iter()
        .filter(|partner| !partner.entra)
        .map(|partner| {
            let away = other_than(chosen, partner.id);
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
    view! {
        {partner}
        <Field label="Plan" name="plan" error=errors.at("plan")>
            <select class="input" id=field_id("plan") name="plan" required node_ref=select aria-describedby="plan-hint">
                <option value="">"Choose a plan"</option>
                {groups}
            </select>
            <p class="hint" id="plan-hint">{hints}</p>
        </Field>
    }
}

fn line(plan: &PlanCell) -> String {
    format!("{}: {}", plan.name, terms_line(&plan.terms))
}

/// Whether another partner is chosen than this one.
fn other_than(chosen: RwSignal<String>, id: Uuid) -> impl Fn() -> bool + Copy + Send + 'static {
    move || chosen.with(|chosen| !chosen.is_empty() && chosen.parse::<Uuid>() != Ok(id))
}
