//! The partner's first page: what a role may not see is left out of it.

use chrono::{Days, NaiveTime};
use domain::access::PartnerAction;
use domain::bill::{BillingNow, Dashboard, HealthNow, LateRow, Share, TrendDay};
use domain::partner::{CredentialStatus, Health, OrganizationFilter};
use store::organizations::Organization;
use store::scope::PartnerActor;

use super::require;
use crate::{Error, Portal, Result};

/// How far trends look back.
const TREND_DAYS: u64 = 30;
/// Late customers that are named; the list has all of them.
const NAMED: u64 = 6;

impl Portal {
    /// Figures of the actor's branch, as they are now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dashboard(&self, actor: &PartnerActor) -> Result<Dashboard> {
        require(actor, PartnerAction::SeeOrganizations)?;
        let (scope, now) = (actor.scope(), self.now());
        let today = now.date_naive();
        let from = today.checked_sub_days(Days::new(TREND_DAYS)).unwrap_or(today);
        let since = from.and_time(NaiveTime::MIN).and_utc();
        let figures = async {
            Ok::<_, Error>(tokio::try_join!(
                self.store.count_organizations(scope),
                self.store.seats_of_branch(scope),
                self.store.people_of_branch(scope, since),
                self.store.days_of_branch(scope, from, today),
                self.store.came_and_went(scope, since),
            )?)
        };
        let billing = async {
            match actor.may(PartnerAction::SeeMoney) {
                true => self.billing_now(actor).await.map(Some),
                false => Ok(None),
            }
        };
        let health = async {
            match actor.may(PartnerAction::SeeHealth) {
                true => self.health_now(actor).await.map(Some),
                false => Ok(None),
            }
        };
        let (figures, billing, health) = tokio::try_join!(figures, billing, health)?;
        let (counts, seats, (partner_accounts, customer_accounts), trend, (created, erased)) = figures;
        Ok(Dashboard {
            at: now,
            organizations: counts
                .into_iter()
                .map(|(state, count)| share(state.slug(), state.label(), count))
                .collect(),
            created,
            erased,
            since: from,
            partner_accounts,
            customer_accounts,
            seats: seats.bought,
            protected: seats.protected,
            short: seats.short,
            trend: trend
                .into_iter()
                .map(|d| TrendDay {
                    day: d.day,
                    organizations: d.organizations,
                    seats: d.seats,
                    protected: d.protected,
                })
                .collect(),
            billing,
            health,
        })
    }

    async fn billing_now(&self, actor: &PartnerActor) -> Result<BillingNow> {
        let (month, until) = self.asked(None);
        let before = month.before();
        let books = self.books(actor.scope(), None, before, month).await?;
        Ok(BillingNow {
            month,
            so_far: books.totals(month.first(), until)?,
            expected: books.totals(month.first(), month.end())?,
            before: books.totals(before.first(), before.end())?,
        })
    }

    async fn health_now(&self, actor: &PartnerActor) -> Result<HealthNow> {
        let (scope, now) = (actor.scope(), self.now());
        let mut shares = Vec::new();
        for health in Health::ALL.into_iter().filter(|health| *health != Health::Stopped) {
            let count = self.store.count_health(scope, health, now).await?;
            shares.push(share(health.slug(), health.label(), count));
        }
        let mut credentials = Vec::new();
        for status in CredentialStatus::ALL {
            let count = self.store.count_credentials(scope, status, now).await?;
            credentials.push(share(status.slug(), status.label(), count));
        }
        let filter = OrganizationFilter { health: Some(Health::Late), ..OrganizationFilter::default() };
        let late = self.store.organizations(scope, &filter, None, NAMED, now).await?;
        let mut tenants = self.store.health_of(late.iter().map(Organization::scope)).await?;
        let late = late
            .into_iter()
            .map(|org| {
                let tenants = tenants.remove(&org.id).unwrap_or_default();
                LateRow {
                    last_backup: tenants.iter().filter_map(|t| t.last_backup).max(),
                    failed: tenants.iter().any(|t| t.failed),
                    id: org.id,
                    name: org.name,
                    number: org.number,
                }
            })
            .collect();
        Ok(HealthNow { shares, credentials, late })
    }
}

fn share(slug: &str, label: &str, count: i64) -> Share {
    Share { slug: slug.to_owned(), label: label.to_owned(), count }
}
