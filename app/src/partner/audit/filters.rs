//! Which entries to show; the address says it.

use crate::{
    address::with_query,
    partner::{paths, words},
    ui::{Button, Chip, Chips, FilterSelect},
    wire::GetForm,
};
use domain::partner::PartnerOption;
use leptos::prelude::*;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub partner: String,
    pub event: String,
    pub actor: String,
    pub object: String,
    pub organization: String,
    pub from: String,
    pub to: String,
    pub before: Option<i64>,
}

impl Filter {
    /// Whether it leaves anything out.
    pub fn narrows(&self) -> bool {
        [&self.event, &self.actor, &self.object, &self.organization, &self.from, &self.to]
            .iter()
            .any(|part| !part.is_empty())
    }

    /// The address of the log filtered like that.
    pub fn href(&self) -> String {
        self.address(paths::AUDIT, self.before)
    }

    /// The address of the same entries as a file.
    pub fn csv(&self) -> String {
        self.address(paths::AUDIT_CSV, None)
    }

    fn address(&self, page: &str, before: Option<i64>) -> String {
        let before = before.map(|before| before.to_string()).unwrap_or_default();
        let query = [
            ("partner", self.partner.as_str()),
            ("event", &self.event),
            ("actor", &self.actor),
            ("object", &self.object),
            ("organization", &self.organization),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &before),
        ];
        with_query(page, &query)
    }

    /// The same from the newest on, with a part changed.
    pub fn with(&self, change: impl FnOnce(&mut Filter)) -> Filter {
        let mut other = Filter { before: None, ..self.clone() };
        change(&mut other);
        other
    }
}

#[component]
pub fn Filters(filter: Filter, partners: Vec<PartnerOption>) -> impl IntoView {
    let several = partners.len() > 1;
    let partners =
        partners.into_iter().map(|partner| (partner.id.to_string(), partner.name)).collect::<Vec<_>>();
    // What is chosen in a row stands as a chip that takes it off; the fields are for what one types.
    let chip = |name: &'static str, value: &str, without: Filter| {
        (!value.is_empty()).then(|| {
            let text = format!("{name}: {value}");
            view! { <Chip href=without.href() on=true removable=true>{text}</Chip> }
        })
    };
    let object = chip("Object", &filter.object, filter.with(|f| f.object.clear()));
    let organization = chip("Organization", &filter.organization, filter.with(|f| f.organization.clear()));
    let chips = (object.is_some() || organization.is_some())
        .then(|| view! { <Chips label="Narrowed to">{object}{organization}</Chips> });
    let kept = [("object", filter.object.clone()), ("organization", filter.organization.clone())]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let event = if filter.event.is_empty() { String::new() } else { words::event(&filter.event) };
    view! {
        <GetForm class="filters" search="Audit log" action=paths::AUDIT>
            {kept}
            {several
                .then(|| {
                    view! { <FilterSelect label="Partner" name="partner" any="This partner" options=partners value=filter.partner/> }
                })}
            <span class="find">
                <input name="event" value=event.clone() prop:value=event placeholder="Event, such as Plan changed" aria-label="Event"/>
            </span>
            <span class="find">
                <input name="actor" value=filter.actor.clone() prop:value=filter.actor placeholder="Who: the whole e-mail" aria-label="Who"/>
            </span>
            <label class="day"><span>"From"</span><input type="date" name="from" value=filter.from.clone() prop:value=filter.from/></label>
            <label class="day"><span>"to"</span><input type="date" name="to" value=filter.to.clone() prop:value=filter.to/></label>
            <Button>"Show"</Button>
        </GetForm>
        {chips}
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;

    #[test]
    fn the_address_keeps_the_filters_and_forgets_the_page() {
        let filter = Filter { actor: "a@b".into(), before: Some(7), ..Filter::default() };
        assert_eq!(
            filter.with(|f| f.event = "sign-in".into()).href(),
            "/partner/audit?event=sign-in&actor=a%40b"
        );
        assert_eq!(filter.href(), "/partner/audit?actor=a%40b&before=7");
        assert_eq!(filter.csv(), "/partner/audit.csv?actor=a%40b");
    }
}
