//! Notices: what people want to know of, who chose what, and the mails that tell of it.

mod choices;
mod told;
mod words;

use chrono::{Datelike, Duration, TimeDelta};
use domain::bill::Month;
use store::scope::PartnerScope;

use crate::sweep::Troubles;
use crate::{Portal, Result};

/// What is told at once waits so long for what happens beside it.
pub(crate) const GATHER: TimeDelta = TimeDelta::minutes(2);
/// Notices are kept so long, in days.
const KEPT_DAYS: i64 = 90;

impl Portal {
    /// The same, with another time for which notices gather before the first mail.
    #[must_use]
    pub fn gathering(mut self, gather: TimeDelta) -> Portal {
        self.gather = gather;
        self
    }

    /// Notes what time has brought, and forgets what is old.
    pub(crate) async fn sweep_notices(&self, troubles: &mut Troubles) {
        let now = self.now();
        troubles.note("looking for what to tell", self.store.watch_for_notices(now).await);
        let bills = self.bills_to_note().await;
        for (scope, month) in troubles.note("noting bills", bills).unwrap_or_default() {
            let what = format!("noting the bill of {}", scope.partner());
            troubles.note(&what, self.note_bill(scope, month).await);
        }
        let old = now - Duration::days(KEPT_DAYS);
        troubles.note("forgetting old notices", self.store.delete_old_notices(old).await);
    }

    /// Whose bill of the last month is to be noted, once all of its days are recorded.
    async fn bills_to_note(&self) -> Result<Vec<(PartnerScope, Month)>> {
        let month = Month::of(self.now().date_naive()).before();
        let recorded = self.store.recorded_until().await?;
        if recorded.is_none_or(|day| day.num_days_from_ce() < month.end().num_days_from_ce()) {
            return Ok(Vec::new());
        }
        let scopes = self.store.bills_to_note(&month.slug()).await?;
        Ok(scopes.into_iter().map(|scope| (scope, month)).collect())
    }

    async fn note_bill(&self, scope: PartnerScope, month: Month) -> Result<()> {
        let books = self.books(scope, None, month, month).await?;
        let totals = books.totals(month.first(), month.end())?;
        let totals: Vec<String> = totals.iter().map(ToString::to_string).collect();
        let note = match totals.is_empty() {
            true => String::new(),
            false => format!("{}: {}", month.label(), totals.join(", ")),
        };
        Ok(self.store.note_bill(scope, &month.slug(), &note, self.now()).await?)
    }
}
