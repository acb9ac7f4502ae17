//! An e-mail that changes once both addresses have agreed.

use domain::account::EmailChangeView;
use store::email_changes::Subject;

use crate::{Portal, Result};

impl Portal {
    pub(super) async fn email_change_view(&self, subject: Subject) -> Result<Option<EmailChangeView>> {
        let waiting = self.store.email_change(subject, self.now()).await?;
        Ok(waiting.map(|change| EmailChangeView {
            old_email: change.old_email,
            new_email: change.new_email,
            old_agreed: change.old_agreed,
            new_agreed: change.new_agreed,
            until: change.expires_at,
        }))
    }
}
