//! Notices: what people want to know of, who chose what, and the mails that tell of it.

mod choices;
mod told;
mod words;

use chrono::{Datelike, Duration, TimeDelta};
use domain::bill::Month;

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
    pub(crate) async fn sweep_notices(&self) -> Result<()> {
        let now = self.now();
        self.store.watch_for_notices(now).await?;
        self.note_bills().await?;
        Ok(self.store.delete_old_notices(now - Duration::days(KEPT_DAYS)).await?)
    }

    /// Notes the bills of the last month, once all of its days are recorded.
    async fn note_bills(&self) -> Result<()> {
        let now = self.now();
        let month = Month::of(now.date_naive()).before();
        let recorded = self.store.recorded_until().await?;
        if recorded.is_none_or(|day| day.num_days_from_ce() < month.end().num_days_from_ce()) {
            return Ok(());
        }
        for scope in self.store.bills_to_note(&month.slug()).await? {
            let books = self.books(scope, None, month, month).await?;
            let totals = books.totals(month.first(), month.end())?;
            let totals: Vec<String> = totals.iter().map(ToString::to_string).collect();
            let note = match totals.is_empty() {
                true => String::new(),
                false => format!("{}: {}", month.label(), totals.join(", ")),
            };
            self.store.note_bill(scope, &month.slug(), &note, now).await?;
        }
        Ok(())
    }
}
