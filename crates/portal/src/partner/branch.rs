//! The partners below: the tree, a new one, one of them, its end.

use std::collections::HashMap;

use domain::access::{PartnerAction, PartnerRole};
use domain::audit::Detail;
use domain::people::{Invited, PartnerCreated, PartnerRow, PartnerView, PartnersPage};
use store::scope::{PartnerActor, Sender};
use store::sub_partners::{Closed, Partner, PartnerDetails};
use uuid::Uuid;

use super::{entry, require};
use crate::people::Invitee;
use crate::{Error, Event, Portal, Result, rules};

/// The longest address of a portal.
const ADDRESS: usize = 500;

/// A partner's name and addresses as they were typed.
#[derive(Clone, Debug)]
pub struct PartnerForm {
    pub name: String,
    pub support_email: String,
    pub email_portal: String,
}

/// A new partner as it was typed.
#[derive(Clone, Debug)]
pub struct NewPartner {
    pub parent: String,
    pub form: PartnerForm,
    pub owner_name: String,
    pub owner_email: String,
    /// Whether the Owner's link goes by mail, where mail can be sent.
    pub send_email: bool,
}

impl Portal {
    /// The actor's partner and those below it, each after the one above it.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn partner_tree(&self, actor: &PartnerActor) -> Result<PartnersPage> {
        require(actor, PartnerAction::SeeOrganizations)?;
        let all = self.store.partners(actor.scope()).await?;
        Ok(PartnersPage {
            rows: tree(&all, actor.scope().partner()),
            sends_mail: self.sends_mail(Sender::Partner(actor.scope())).await?,
        })
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`], for a stranger's as well; [`Error::Forbidden`].
    pub async fn partner(&self, actor: &PartnerActor, id: Uuid) -> Result<PartnerView> {
        require(actor, PartnerAction::SeeOrganizations)?;
        let all = self.store.partners(actor.scope()).await?;
        let row = tree(&all, actor.scope().partner()).into_iter().find(|row| row.id == id);
        let (Some(row), Some(partner)) = (row, all.iter().find(|p| p.id == id)) else {
            return Err(Error::NotFound);
        };
        let is_own = id == actor.scope().partner();
        let has_below = all.iter().any(|p| p.parent == Some(id));
        let parent = all.iter().find(|p| Some(p.id) == partner.parent);
        Ok(PartnerView {
            parent: parent.map(|p| (p.id, p.name.clone())),
            support_email: partner.support_email.clone(),
            email_portal: partner.email_portal.clone(),
            created: partner.created_at,
            is_own,
            may_edit: actor.may(PartnerAction::ManagePartners),
            may_open_entra: self.may_open(actor, partner),
            may_close: !is_own && actor.may(PartnerAction::ManagePartners),
            keeps_open: keeps_open(row.organizations, has_below),
            row,
        })
    }

    /// Creates a partner below one of the branch, and the link with which its Owner takes it up, which goes by mail or is
    /// answered.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the field that cannot be used; [`Error::Forbidden`].
    pub async fn create_partner(&self, actor: &PartnerActor, new: NewPartner) -> Result<PartnerCreated> {
        require(actor, PartnerAction::ManagePartners)?;
        let details = details(&new.form)?;
        let (parent, _) = self.partner_of_branch(actor, &new.parent).await?;
        let owner_name = rules::line("owner_name", "the Owner’s name", &new.owner_name)?;
        let owner_email = rules::email(&new.owner_email).map_err(|error| at("owner_email", error))?;
        let sender = new.send_email.then_some(Sender::Partner(parent));
        let invitee = Invitee { name: &owner_name, email: &owner_email, role: PartnerRole::Owner.label() };
        let (owner, link) = self.invitation_link(sender, &actor.name, &details.name, invitee).await?;
        let until = owner.until;
        let new = store::sub_partners::NewPartner {
            name: &details.name,
            support_email: details.support_email.as_deref(),
            email_portal: details.email_portal.as_deref(),
            owner,
            owner_name: &owner_name,
            owner_email: &owner_email,
        };
        let detail = format!("{}; Owner invited: {owner_email}", details.name);
        let entry = entry(actor, Event::PartnerCreated, "", &detail);
        let scope = self.store.create_sub_partner(parent, new, &entry, self.now()).await?;
        let owner = Invited { name: owner_name, email: owner_email, link, until, replaces: false };
        Ok(PartnerCreated { id: scope.partner(), name: details.name, owner })
    }

    /// Changes a partner's name and addresses: one's own, or one's of the branch.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the field that cannot be used; [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn edit_partner(&self, actor: &PartnerActor, id: Uuid, form: &PartnerForm) -> Result<()> {
        require(actor, PartnerAction::ManagePartners)?;
        let partner = self.partner_below(actor, id).await?;
        let details = details(form)?;
        let said = changes(&partner, &details).line();
        let object = id.to_string();
        let entry = entry(actor, Event::PartnerEdited, &object, &said);
        let log = self.log_above(actor, &partner).await?;
        Ok(self.store.edit_partner(partner.scope(), details, log, &entry, self.now()).await?)
    }

    /// Opens the Entra products to a partner right below one's own, or closes them.
    ///
    /// # Errors
    /// [`Error::Refused`] where one's own partner may not sell them; [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn open_entra(&self, actor: &PartnerActor, id: Uuid, open: bool) -> Result<()> {
        require(actor, PartnerAction::EnableEntra)?;
        let partner = self.partner_below(actor, id).await?;
        if !self.may_open(actor, &partner) {
            return Err(Error::Refused(
                "Only the Owner of the partner right above can decide this. Nothing was changed.".to_owned(),
            ));
        }
        let own = self.partner_below(actor, actor.scope().partner()).await?;
        if open && !own.entra {
            return Err(Error::Refused(
                "Your own partner may not sell the Entra products, so it cannot open them to another. Nothing was \
                 changed. Ask the partner above you first."
                    .to_owned(),
            ));
        }
        let event = if open { Event::EntraOpened } else { Event::EntraClosed };
        let object = id.to_string();
        let entry = entry(actor, event, &object, &partner.name);
        Ok(self.store.open_entra(partner.scope(), open, actor.scope(), &entry, self.now()).await?)
    }

    /// Closes a partner below that has neither organizations nor partners. `typed` is its name.
    ///
    /// # Errors
    /// [`Error::Refused`] while it has; [`Error::Invalid`] when the name is not the one.
    pub async fn close_partner(&self, actor: &PartnerActor, id: Uuid, typed: &str) -> Result<()> {
        require(actor, PartnerAction::ManagePartners)?;
        let partner = self.partner_below(actor, id).await?;
        if id == actor.scope().partner() {
            return Err(Error::Refused(
                "Nobody closes their own partner. Nothing was changed. Ask the partner above you.".to_owned(),
            ));
        }
        if typed.trim() != partner.name {
            let message =
                format!("Type the partner’s name, {}, to close it. Nothing was changed.", partner.name);
            return Err(Error::invalid("typed", message));
        }
        let object = id.to_string();
        let entry = entry(actor, Event::PartnerClosed, &object, &partner.name);
        let log = self.log_above(actor, &partner).await?;
        match self.store.close_partner(partner.scope(), log, &entry, self.now()).await? {
            Closed::Done => Ok(()),
            Closed::InUse => Err(Error::Refused(format!(
                "{} still has organizations or partners below it. Nothing was changed. Transfer or delete those first.",
                partner.name
            ))),
        }
    }

    /// A partner of the branch. A stranger's is answered like one that does not exist.
    async fn partner_below(&self, actor: &PartnerActor, id: Uuid) -> Result<Partner> {
        let all = self.store.partners(actor.scope()).await?;
        all.into_iter().find(|p| p.id == id).ok_or(Error::NotFound)
    }

    /// What is done to a partner stands in the log of the one above it, as what is done to a customer does; what one
    /// does to one's own, in one's own.
    async fn log_above(&self, actor: &PartnerActor, partner: &Partner) -> Result<store::scope::PartnerScope> {
        let above = match partner.parent {
            Some(parent) => self.store.partner_below(actor.scope(), parent).await?,
            None => None,
        };
        Ok(above.unwrap_or_else(|| actor.scope()))
    }

    fn may_open(&self, actor: &PartnerActor, partner: &Partner) -> bool {
        actor.may(PartnerAction::EnableEntra) && partner.parent == Some(actor.scope().partner())
    }
}

/// Why it cannot be closed as things stand.
fn keeps_open(organizations: i64, has_below: bool) -> Option<String> {
    let what = match (organizations > 0, has_below) {
        (false, false) => return None,
        (true, false) => {
            "It still has organizations. Transfer or delete them first; what is deleted counts until it is erased."
        }
        (false, true) => "It still has partners below it. Close those first.",
        (true, true) => {
            "It still has organizations and partners below it. Transfer or delete the ones, and close the others."
        }
    };
    Some(what.to_owned())
}

fn details(form: &PartnerForm) -> Result<PartnerDetails> {
    let name = rules::line("name", "the partner’s name", &form.name)?;
    let support_email = match form.support_email.trim() {
        "" => None,
        typed => Some(rules::email(typed).map_err(|error| at("support_email", error))?),
    };
    Ok(PartnerDetails { name, support_email, email_portal: portal_address(&form.email_portal)? })
}

/// An https address without a name or password in it.
fn portal_address(typed: &str) -> Result<Option<String>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let host = typed.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    let good = host.is_some_and(|host| !host.is_empty() && !host.contains('@') && host.contains('.'))
        && typed.len() <= ADDRESS
        && typed.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\'));
    if good {
        Ok(Some(typed.to_owned()))
    } else {
        Err(Error::invalid(
            "email_portal",
            "Enter a whole address that begins with https://, such as https://mail.example.com.",
        ))
    }
}

/// The same complaint, at another field.
fn at(field: &'static str, error: Error) -> Error {
    match error {
        Error::Invalid { message, .. } => Error::Invalid { field, message },
        other => other,
    }
}

/// What changes, before and after.
fn changes(before: &Partner, after: &PartnerDetails) -> Detail {
    fn word(text: Option<&String>) -> &str {
        text.map_or("none", String::as_str)
    }
    let (support, portal) = (word(before.support_email.as_ref()), word(before.email_portal.as_ref()));
    Detail::default()
        .change("Name", &before.name, &after.name)
        .change("Support address", support, word(after.support_email.as_ref()))
        .change("Email Portal", portal, word(after.email_portal.as_ref()))
}

/// Each partner after the one above it, with what its branch comes to.
fn tree(all: &[Partner], top: Uuid) -> Vec<PartnerRow> {
    let mut below: HashMap<Uuid, Vec<&Partner>> = HashMap::new();
    for partner in all {
        if let Some(parent) = partner.parent {
            below.entry(parent).or_default().push(partner);
        }
    }
    let mut rows = Vec::with_capacity(all.len());
    if let Some(first) = all.iter().find(|p| p.id == top) {
        grow(first, 0, &below, &mut rows);
    }
    rows
}

/// Adds a partner and its branch; says what that comes to in organizations and seats.
fn grow(
    partner: &Partner,
    depth: u16,
    below: &HashMap<Uuid, Vec<&Partner>>,
    rows: &mut Vec<PartnerRow>,
) -> (i64, i64) {
    let at = rows.len();
    rows.push(PartnerRow {
        id: partner.id,
        number: partner.number,
        name: partner.name.clone(),
        depth,
        entra: partner.entra,
        organizations: partner.organizations,
        seats: partner.seats,
        organizations_below: 0,
        seats_below: 0,
        is_ownerless: partner.is_ownerless,
    });
    let mut sum = (partner.organizations, partner.seats);
    for child in below.get(&partner.id).into_iter().flatten() {
        let (organizations, seats) = grow(child, depth.saturating_add(1), below, rows);
        sum = (sum.0 + organizations, sum.1 + seats);
    }
    if let Some(row) = rows.get_mut(at) {
        (row.organizations_below, row.seats_below) = sum;
    }
    sum
}
