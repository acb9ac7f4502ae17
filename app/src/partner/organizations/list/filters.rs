//! Which of them to show; the address says it.

use crate::{
    address::with_query,
    frame::partner_may,
    partner::paths,
    ui::{Button, FilterSelect, Icon, Size},
    wire::GetForm,
};
use domain::{
    access::PartnerAction,
    partner::{CredentialStatus, Health, OrganizationsPage},
    subscription::State,
};
use leptos::prelude::*;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: String,
    pub words: String,
    pub plan: String,
    pub partner: String,
    pub credential: String,
    pub health: String,
    pub after: Option<String>,
}

impl Filter {
    pub fn state(&self) -> State {
        State::from_slug(&self.state).unwrap_or(State::Active)
    }

    /// Whether it leaves anything out, beside what is in another state.
    pub fn narrows(&self) -> bool {
        [&self.words, &self.plan, &self.partner, &self.credential, &self.health]
            .iter()
            .any(|part| !part.is_empty())
    }

    /// The address of the list in this state, with the same filters.
    pub fn href(&self, state: State, after: Option<&str>) -> String {
        let state = if state == State::Active { "" } else { state.slug() };
        self.address(paths::ORGANIZATIONS, state, after)
    }

    /// The address of the same list as a file.
    pub fn csv(&self) -> String {
        self.address(paths::CSV, self.state().slug(), None)
    }

    fn address(&self, page: &str, state: &str, after: Option<&str>) -> String {
        let query = [
            ("state", state),
            ("words", &self.words),
            ("plan", &self.plan),
            ("partner", &self.partner),
            ("credential", &self.credential),
            ("health", &self.health),
            ("after", after.unwrap_or_default()),
        ];
        with_query(page, &query)
    }
}

#[component]
pub fn Filters(filter: Filter, page: OrganizationsPage) -> impl IntoView {
    let plans = page.plans.into_iter().map(|(id, name)| (id.to_string(), name)).collect::<Vec<_>>();
    let partners =
        page.partners.into_iter().map(|partner| (partner.id.to_string(), partner.name)).collect::<Vec<_>>();
    let pairs = |of: &[(&str, &str)]| -> Vec<(String, String)> {
        of.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    };
    let credentials = pairs(&CredentialStatus::ALL.map(|c| (c.slug(), c.label())));
    let healths = pairs(&Health::ALL.map(|h| (h.slug(), h.label())));
    let (several, see_health) = (partners.len() > 1, partner_may(PartnerAction::SeeHealth));
    view! {
        <GetForm class="filters" search="Organizations" action=paths::ORGANIZATIONS>
            {(!filter.state.is_empty()).then(|| view! { <input type="hidden" name="state" value=filter.state/> })}
            <span class="find">
                <Icon name="search" size=Size::Small/>
                <input
                    type="search"
                    name="words"
                    value=filter.words.clone()
                    prop:value=filter.words
                    placeholder="Name, number or e-mail"
                    aria-label="Search by name, number or e-mail"
                />
            </span>
            <FilterSelect label="Plan" name="plan" any="Any plan" options=plans value=filter.plan/>
            {several
                .then(|| {
                    view! { <FilterSelect label="Partner" name="partner" any="Any partner" options=partners value=filter.partner/> }
                })}
            {see_health
                .then(|| {
                    view! {
                        <FilterSelect label="Credential" name="credential" any="Any credential" options=credentials value=filter.credential/>
                        <FilterSelect label="Health" name="health" any="Any health" options=healths value=filter.health/>
                    }
                })}
            <Button>"Show"</Button>
        </GetForm>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_keeps_the_filters_and_forgets_the_page() {
        let filter = Filter { words: "con toso".into(), after: Some("x".into()), ..Filter::default() };
        assert_eq!(filter.href(State::Active, None), "/partner/organizations?words=con%20toso");
        assert_eq!(
            filter.href(State::Deleted, Some("y")),
            "/partner/organizations?state=deleted&words=con%20toso&after=y"
        );
        assert_eq!(filter.csv(), "/partner/organizations.csv?state=active&words=con%20toso");
    }
}
