//! Which plans to show; the address says it.

use crate::{
    address::with_query,
    partner::paths,
    ui::{Button, FilterSelect},
    wire::GetForm,
};
use domain::{
    partner::{PlanRow, PlansPage},
    product::ProductType,
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanFilter {
    pub archived: bool,
    pub product: String,
    pub currency: String,
    pub partner: String,
}

impl PlanFilter {
    /// Whether it leaves anything out, beside what is on the other tab.
    pub fn narrows(&self) -> bool {
        [&self.product, &self.currency, &self.partner].iter().any(|part| !part.is_empty())
    }

    /// Whether the plan is among those asked for, on sale or not.
    pub fn takes(&self, plan: &PlanRow) -> bool {
        let is = |asked: &str, has: &str| asked.is_empty() || asked == has;
        is(&self.product, plan.terms.product.slug())
            && is(&self.currency, plan.terms.currency.code())
            && is(&self.partner, &plan.partner_id.to_string())
    }

    /// The address of the list on one of its tabs, with the same filters.
    pub fn href(&self, archived: bool) -> String {
        with_query(
            paths::PLANS,
            &[
                ("archived", if archived { "1" } else { "" }),
                ("product", &self.product),
                ("currency", &self.currency),
                ("partner", &self.partner),
            ],
        )
    }
}

#[component]
pub fn Filters(filter: PlanFilter, page: PlansPage) -> impl IntoView {
    let products = ProductType::ALL.map(|p| (p.slug().to_owned(), p.label().to_owned())).to_vec();
    let codes: BTreeSet<_> = page.plans.iter().map(|plan| plan.terms.currency.code()).collect();
    let currencies: Vec<_> = codes.into_iter().map(|code| (code.to_owned(), code.to_owned())).collect();
    let partners: Vec<_> = page.partners.into_iter().map(|p| (p.id.to_string(), p.name)).collect();
    let (several, mixed) = (partners.len() > 1, currencies.len() > 1 || !filter.currency.is_empty());
    view! {
        <GetForm class="filters" search="Plans" action=paths::PLANS>
            {filter.archived.then(|| view! { <input type="hidden" name="archived" value="1"/> })}
            <FilterSelect label="Product type" name="product" any="Any product type" options=products value=filter.product/>
            {mixed
                .then(|| {
                    view! { <FilterSelect label="Currency" name="currency" any="Any currency" options=currencies value=filter.currency/> }
                })}
            {several
                .then(|| {
                    view! { <FilterSelect label="Partner" name="partner" any="Any partner" options=partners value=filter.partner/> }
                })}
            <Button>"Show"</Button>
        </GetForm>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_the_filters_on_either_tab() {
        let filter = PlanFilter { product: "backup".into(), currency: "EUR".into(), ..PlanFilter::default() };
        assert_eq!(filter.href(false), "/partner/plans?product=backup&currency=EUR");
        assert_eq!(filter.href(true), "/partner/plans?archived=1&product=backup&currency=EUR");
        assert!(filter.narrows() && !PlanFilter { archived: true, ..PlanFilter::default() }.narrows());
    }
}
