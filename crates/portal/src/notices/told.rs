//! Telling people.

use std::collections::HashMap;

use domain::access::PartnerAction;
use domain::notice::{Choices, Pace, Topic, What};
use domain::subscription::GRACE_DAYS;
use store::notices::{Bundle, Notice, OrgReader, Reader};
use store::outbox::Mail;
use store::scope::{PartnerActor, Sender};
use uuid::Uuid;

use super::words::{Said, words};
use crate::mail::Message;
use crate::{Portal, Result};

const PARTNER_CHOOSES: &str =
    "How soon you are told of what, you choose under Notifications in the Partner Portal.";
const ORGANIZATION_CHOOSES: &str = "What is told by mail, your organization chooses under Notifications.";

/// Where a mail leads: what the button says, and the path.
pub(super) struct Lead {
    pub(super) button: String,
    path: String,
}

impl Portal {
    /// Decides who is told of what was noted since, and makes the mails that are due; answers with how many those were.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub async fn tell_news(&self) -> Result<usize> {
        while self.store.spread_notices(self.now(), self.gather).await? > 0 {}
        let mut told = 0;
        loop {
            let bundles = self.store.bundles_due(self.now()).await?;
            if bundles.is_empty() {
                return Ok(told);
            }
            for bundle in bundles {
                told += usize::from(self.tell(&bundle).await?);
            }
        }
    }

    /// Whether a mail was made.
    async fn tell(&self, bundle: &Bundle) -> Result<bool> {
        let notices = self.store.notices_of(bundle).await?;
        let ids: Vec<Uuid> = notices.iter().map(|notice| notice.id).collect();
        let mail = match self.store.notice_reader(bundle.account, bundle.place).await? {
            Some(Reader::Partner(actor)) => self.for_partner(&actor, bundle.pace, notices).await?,
            Some(Reader::Organization(reader)) => {
                self.for_organization(&reader, bundle.pace, notices).await?
            }
            // The role is gone, and with it the right to know.
            None => None,
        };
        let is_mail = mail.is_some();
        Ok(self.store.tell(bundle, &ids, mail, self.now()).await? && is_mail)
    }

    async fn for_partner(&self, actor: &PartnerActor, pace: Pace, all: Vec<Notice>) -> Result<Option<Mail>> {
        let choices = self.store.notice_choices(actor).await?;
        let said = self.readable(actor, &choices, all).await?;
        if said.is_empty() {
            return Ok(None);
        }
        let (lead, words) = (lead(&said), words(pace, &said, PARTNER_CHOOSES));
        let message = Message::Notice {
            subject: &words.subject,
            lines: &words.lines,
            button: &lead.button,
            link: &lead.path,
        };
        self.mail(Sender::Partner(actor.scope()), &actor.name, &actor.email, &message, None).await
    }

    async fn for_organization(
        &self,
        reader: &OrgReader,
        pace: Pace,
        all: Vec<Notice>,
    ) -> Result<Option<Mail>> {
        let off = self.store.notices_off(reader.scope).await?;
        let said: Vec<Said> = all
            .into_iter()
            .filter(|notice| notice.what.org_topic().is_some_and(|topic| !off.contains(&topic)))
            .map(|notice| Said { notice, about: Some(reader.organization.clone()), in_detail: false })
            .collect();
        if said.is_empty() {
            return Ok(None);
        }
        let visits = said.iter().all(|said| said.notice.what == What::VisitBegan);
        let (button, link) =
            if visits { ("Look at the visits", "/visits") } else { ("Open your portal", "/") };
        let words = words(pace, &said, ORGANIZATION_CHOOSES);
        let message = Message::Notice { subject: &words.subject, lines: &words.lines, button, link };
        self.mail(Sender::Organization(reader.scope), &reader.name, &reader.email, &message, None).await
    }

    /// Those of the notices that the person may see now and still wants to know of, with the names that it takes.
    pub(super) async fn readable(
        &self,
        actor: &PartnerActor,
        choices: &Choices,
        all: Vec<Notice>,
    ) -> Result<Vec<Said>> {
        let wanted = |what: What| {
            what.topic().is_some_and(|topic| {
                actor.may(topic.needs()) && choices.pace(actor.role, topic) != Pace::Never
            })
        };
        let mut ids: Vec<Uuid> = all.iter().filter_map(|notice| notice.organization).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut names: HashMap<Uuid, String> = HashMap::new();
        for ids in ids.chunks(500) {
            let of_branch = self.store.organizations_of(actor.scope(), ids).await?;
            names.extend(of_branch.into_iter().map(|org| (org.id, org.name)));
        }
        let branch: HashMap<Uuid, String> = self
            .store
            .branch(actor.scope())
            .await?
            .into_iter()
            .map(|partner| (partner.id, partner.name))
            .collect();
        let in_detail = actor.may(PartnerAction::SeeMoney);
        let said = all.into_iter().filter(|notice| wanted(notice.what)).filter_map(|notice| {
            let about = match (notice.organization, notice.what) {
                // Whose it is now is not for the one who gave it away.
                (Some(id), _) => Some(names.get(&id)?.clone()),
                (None, _) if notice.partner == actor.scope().partner() => None,
                (None, _) => Some(branch.get(&notice.partner)?.clone()),
            };
            Some(Said { notice, about, in_detail })
        });
        Ok(said.collect())
    }
}

/// Where somebody at a partner looks further.
pub(super) fn lead(said: &[Said]) -> Lead {
    let mut organizations = said.iter().map(|said| said.notice.organization);
    let first = organizations.next().flatten();
    match first {
        Some(id) if organizations.all(|other| other == Some(id)) => {
            let name = said.first().and_then(|said| said.about.as_deref()).unwrap_or_default();
            Lead { button: format!("Look at {name}"), path: format!("/partner/organizations/{id}") }
        }
        _ if said.iter().all(|said| said.notice.what.topic() == Some(Topic::Bills)) => {
            Lead { button: "To the bills".to_owned(), path: "/partner/bills".to_owned() }
        }
        _ => Lead { button: "To the overview".to_owned(), path: "/partner".to_owned() },
    }
}

const _: () = assert!(GRACE_DAYS == 30, "the mail about a deletion names the days");
