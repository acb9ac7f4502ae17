//! What people chose to be told of.

use chrono::Duration;
use domain::access::{Action, PartnerAction};
use domain::audit::Detail;
use domain::notice::{Choices, NoticePreview, NoticesPage, OrgNoticesPage, OrgTopic, Pace, Topic, What};
use store::audit::Entry;
use store::notices::Notice;
use store::scope::{Actor, PartnerActor, Sender};

use super::told::lead;
use super::words::words;
use crate::partner::{entry, require};
use crate::{Error, Event, Portal, Result};

/// The preview tells of so many days, and of no more than so many notices.
const PREVIEW_DAYS: i64 = 7;
const PREVIEW: u64 = 200;
const PREVIEW_LINES: usize = 12;

impl Portal {
    /// What the person chose, and how a digest would read now.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn notices_page(&self, actor: &PartnerActor) -> Result<NoticesPage> {
        oneself(actor)?;
        let mut choices = self.store.notice_choices(actor).await?;
        let lately = self.now() - Duration::days(PREVIEW_DAYS);
        let all = self.store.notices_since(actor.scope(), lately, PREVIEW).await?;
        let own = actor.scope().partner();
        let others = |notice: &Notice| {
            let by = notice.entry.as_ref().map(|entry| entry.actor.split(' ').next().unwrap_or_default());
            by != Some(actor.email.as_str()) || notice.what == What::SignInClosed
        };
        let mine = |notice: &Notice| others(notice) && (choices.below || notice.partner == own);
        let all = all.into_iter().filter(mine).collect();
        let said = self.readable(actor, &choices, all).await?;
        let preview = (!said.is_empty()).then(|| {
            let lead = lead(&said);
            let mut words = words(Pace::Daily, &said, "");
            words.lines.pop();
            if words.lines.len() > PREVIEW_LINES {
                words.lines.truncate(PREVIEW_LINES);
                words.lines.push("…".to_owned());
            }
            NoticePreview { subject: words.subject, lines: words.lines, button: lead.button }
        });
        choices.paces.retain(|(topic, _)| actor.may(topic.needs()));
        Ok(NoticesPage {
            email: actor.email.clone(),
            sends: self.sends_mail(Sender::Partner(actor.scope())).await?,
            choices,
            has_branch: self.store.branch(actor.scope()).await?.len() > 1,
            preview,
        })
    }

    /// Keeps what the person chose; topics that are not named, and those that the role may not see, stay as they were.
    ///
    /// # Errors
    /// [`Error::Invalid`] at a topic with a pace that there is not; [`Error::Forbidden`].
    pub async fn set_notices(
        &self,
        actor: &PartnerActor,
        chosen: &[(Topic, Option<String>)],
        below: bool,
    ) -> Result<()> {
        oneself(actor)?;
        let mut choices = self.store.notice_choices(actor).await?;
        let before = choices.clone();
        choices.below = below;
        for (topic, typed) in chosen {
            let Some(typed) = typed.as_ref().filter(|_| actor.may(topic.needs())) else { continue };
            let pace = Pace::from_slug(typed)
                .ok_or_else(|| Error::invalid(topic.slug(), "Choose how soon you want to be told."))?;
            choices.paces.retain(|(t, _)| t != topic);
            choices.paces.push((*topic, pace));
        }
        choices.paces.sort_by_key(|(topic, _)| *topic);
        let detail = told(actor, &before, &choices).line();
        let object = actor.account.to_string();
        let entry = entry(actor, Event::NotificationsChanged, &object, &detail);
        Ok(self.store.set_notice_choices(actor, &choices, &entry, self.now()).await?)
    }

    /// What the organization's people are told of.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn org_notices_page(&self, actor: &Actor) -> Result<OrgNoticesPage> {
        actor.check(Action::See)?;
        let off = self.store.notices_off(actor.scope()).await?;
        Ok(OrgNoticesPage {
            topics: OrgTopic::ALL.into_iter().map(|topic| (topic, !off.contains(&topic))).collect(),
            may_change: actor.may(Action::ManageAlerts),
            sends: self.sends_mail(Sender::Organization(actor.scope())).await?,
            readers: self.store.notice_readers(actor.scope()).await?,
        })
    }

    /// Switches on what is named, and everything else off.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; when the feature is switched off.
    pub async fn set_org_notices(&self, actor: &Actor, on: &[OrgTopic]) -> Result<()> {
        actor.check(Action::ManageAlerts)?;
        let off: Vec<OrgTopic> = OrgTopic::ALL.into_iter().filter(|topic| !on.contains(topic)).collect();
        let before = self.store.notices_off(actor.scope()).await?;
        let words = |off: &[OrgTopic], topic| if off.contains(&topic) { "off" } else { "on" };
        let detail = OrgTopic::ALL
            .into_iter()
            .fold(Detail::default(), |told, topic| {
                told.change(topic.label(), words(&before, topic), words(&off, topic))
            })
            .line();
        let (who, object) = (actor.signature(), actor.scope().organization().to_string());
        let entry = Entry {
            actor: &who,
            event: Event::NotificationsChanged.slug(),
            object: &object,
            detail: &detail,
            address: &actor.address,
        };
        Ok(self.store.set_notices_off(actor.scope(), &off, &entry, self.now()).await?)
    }
}

/// Everybody at a partner chooses for themselves; a token is nobody who reads mail.
fn oneself(actor: &PartnerActor) -> Result<()> {
    require(actor, PartnerAction::SeeOrganizations)?;
    if actor.token.is_some() { Err(Error::Forbidden) } else { Ok(()) }
}

/// What the person changed of their own mails, as far as their role goes.
fn told(actor: &PartnerActor, before: &Choices, after: &Choices) -> Detail {
    let pace = |choices: &Choices, topic: Topic| {
        choices.paces.iter().find(|(t, _)| *t == topic).map_or("as by default", |(_, pace)| pace.label())
    };
    let scope = |choices: &Choices| if choices.below { "told" } else { "not told" };
    Topic::ALL
        .into_iter()
        .filter(|topic| actor.may(topic.needs()))
        .fold(Detail::note("own mails"), |told, topic| {
            told.change(topic.label(), pace(before, topic), pace(after, topic))
        })
        .change("Of partners below", scope(before), scope(after))
}
