//! Pieces that several pages of the Partner Portal share.

use super::words;
use crate::{
    frame::partner_may,
    ui::{Avatar, Badge, Crumb, Meter, Toasts, Tone, grouped},
    wire::Sending,
};
use domain::{
    access::PartnerAction,
    partner::{CredentialStatus, OrganizationRow, PlanCell},
    price_plan::PlanTerms,
};
use leptos::prelude::*;

/// Where one is, below the partner.
pub fn trail(crumbs: impl IntoIterator<Item = Crumb>) -> Vec<Crumb> {
    let partner = crate::frame::partner_session().map_or_else(|| "Partner".to_owned(), |s| s.partner);
    let top = Crumb::link(partner, super::paths::HOME);
    std::iter::once(top).chain(crumbs).collect()
}

/// The mark of what opens the Entra portal.
#[component]
pub fn EntraBadge() -> impl IntoView {
    view! { <Badge tone=Tone::Accent>"Entra"</Badge> }
}

/// An organization beside its letters, with its number below.
#[component]
pub fn OrganizationWho(row: OrganizationRow, #[prop(optional)] with_partner: bool) -> impl IntoView {
    let entra = row.plan.as_ref().is_some_and(|plan| plan.terms.product.has_entra());
    let below = if with_partner { format!("{} · {}", row.number, row.partner) } else { row.number };
    let whole = row.name.clone();
    view! {
        <span class="who">
            <Avatar name=row.name.clone()/>
            <span>
                <span class="named"><b title=whole>{row.name}</b>{entra.then(|| view! { <EntraBadge/> })}</span>
                <small class="num">{below}</small>
            </span>
        </span>
    }
}

/// What a plan costs, for those who may see it; for others, what it sells.
pub fn terms_line(terms: &PlanTerms) -> String {
    if partner_may(PartnerAction::SeeMoney) { terms.summary() } else { terms.product.label().to_owned() }
}

/// A plan by name, with its price below.
#[component]
pub fn PlanWords(plan: PlanCell) -> impl IntoView {
    let line = terms_line(&plan.terms);
    view! { {plan.name} <small class="faint num block">{line}</small> }
}

/// Seats used of those bought; amber when few are left.
#[component]
pub fn Seats(used: i64, of: i64) -> impl IntoView {
    view! {
        <span class="seats">
            <span class="num small">
                {grouped(used)} <span class="faint">{format!(" of {}", grouped(of))}</span>
            </span>
            <Meter label="Seats used" used of high_from=970/>
        </span>
    }
}

#[component]
pub fn CredentialBadge(status: CredentialStatus) -> impl IntoView {
    view! { <Badge tone=words::credential(status)>{status.label()}</Badge> }
}

/// Where there is nothing to say.
pub fn none() -> AnyView {
    view! { <span class="faint" aria-hidden="true">"–"</span><span class="aloud">"none"</span> }.into_any()
}

/// Says that it was done and reads the page again.
pub fn settle(action: Sending, again: Callback<()>, said: &'static str) {
    let toasts = use_context::<Toasts>();
    Effect::new(move || {
        if action.done() {
            if let Some(toasts) = toasts {
                toasts.say(Tone::Good, said, "");
            }
            again.run(());
        }
    });
}
