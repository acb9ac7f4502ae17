//! Who has which role where: inviting, changing, switching sign-in off, removing, handing an ownership over.
//!
//! One set of deeds for three sorts of people: a partner's own, those of a partner below it, and an organization's,
//! managed by itself or by its partner. [`Desk`] says which of them it is, and over whom whoever asks may decide.

use chrono::Duration;
use domain::access::{Action, PartnerAction, PartnerRole, RankRefusal, hand_over};
use domain::audit::Detail;
use domain::people::{InvitationRow, Invited, PeoplePage, PersonRow, Role, RoleOption};
use domain::subscription::State;
use store::audit::Entry;
use store::invitations::{NewInvitation, Place};
use store::organizations::Organization;
use store::people::{Changed, Home, Member, MemberChange, Pending};
use store::scope::{PartnerActor, Sender};
use store::token::NewLink;
use uuid::Uuid;

use crate::mail::Message;
use crate::partner::organizations::LINK_DAYS;
use crate::session::Who;
use crate::{Error, Event, Portal, Result, rules};

/// Whose people, and who asks.
struct Desk {
    home: Home,
    /// The partner's or organization's name.
    place: String,
    /// What a form says to come here again.
    at: String,
    me: Uuid,
    over: Over,
    /// The name of whoever asks.
    name: String,
    /// For the audit log.
    by: String,
    address: String,
}

/// Somebody to invite.
#[derive(Clone, Copy)]
pub(crate) struct Invitee<'a> {
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    /// In words.
    pub(crate) role: &'a str,
}

/// Whom one may decide about.
#[derive(Clone, Copy)]
enum Over {
    /// Those below one's own role.
    Below(Role),
    /// Everybody: a partner about its customers' people, and about those of a partner below it.
    All,
}

impl Desk {
    fn is_over(&self, role: Role) -> bool {
        match (self.over, role) {
            (Over::All, _) => true,
            (Over::Below(Role::Partner(own)), Role::Partner(other)) => own.is_above(other),
            (Over::Below(Role::Organization(own)), Role::Organization(other)) => own.is_above(other),
            _ => false,
        }
    }

    /// Every role there is here, highest first.
    fn roles(&self) -> Vec<Role> {
        match self.home {
            Home::Partner(_) => PartnerRole::ALL.map(Role::Partner).to_vec(),
            Home::Organization(_) => domain::access::OrgRole::ALL.map(Role::Organization).to_vec(),
        }
    }

    /// A role that may be given, as it was chosen.
    fn given(&self, slug: &str) -> Result<Role> {
        let role =
            self.home.role(slug).ok_or_else(|| Error::invalid("role", "Choose a role from the list."))?;
        if self.is_over(role) {
            Ok(role)
        } else {
            Err(Error::invalid("role", RankRefusal::NotBelowGiven.to_string()))
        }
    }

    fn sender(&self) -> Sender {
        match self.home {
            Home::Partner(scope) => Sender::Partner(scope),
            Home::Organization(scope) => Sender::Organization(scope),
        }
    }

    fn entry<'a>(&'a self, event: Event, object: &'a str, detail: &'a str) -> Entry<'a> {
        Entry { actor: &self.by, event: event.slug(), object, detail, address: &self.address }
    }

    /// Somebody in the log. It outlives an organization's people, and knows them by id; a partner's, by e-mail.
    fn named(&self, email: &str, id: Uuid) -> String {
        match self.home {
            Home::Partner(_) => email.to_owned(),
            Home::Organization(_) => id.to_string(),
        }
    }

    fn person(&self, m: Member) -> PersonRow {
        PersonRow {
            id: m.account,
            is_me: m.account == self.me,
            may_change: self.is_over(m.role),
            role: m.role.slug().to_owned(),
            role_label: m.role.label().to_owned(),
            name: m.name,
            email: m.email,
            is_off: m.is_off,
            has_factor: m.has_factor,
            seen: m.seen_at,
        }
    }
}

impl Portal {
    /// The people of one's own place; or, for a partner's user, of the partner or organization below that `at` names.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`], for a stranger's as well.
    pub async fn people(&self, who: &Who, at: &str) -> Result<PeoplePage> {
        let desk = self.desk(who, at).await?;
        let now = self.now();
        let people = self.store.members(desk.home).await?.into_iter().map(|m| desk.person(m)).collect();
        let invitations = self
            .store
            .pending(desk.home)
            .await?
            .into_iter()
            .map(|p| InvitationRow {
                id: p.id,
                may_change: desk.is_over(p.role),
                role_label: p.role.label().to_owned(),
                is_expired: p.expires_at <= now,
                name: p.name,
                email: p.email,
                invited_by: p.invited_by,
                until: p.expires_at,
            })
            .collect();
        let roles = desk.roles().into_iter().filter(|role| desk.is_over(*role)).map(|role| RoleOption {
            slug: role.slug().to_owned(),
            label: role.label().to_owned(),
            explanation: role.explanation().to_owned(),
        });
        Ok(PeoplePage {
            people,
            invitations,
            roles: roles.collect(),
            is_partner: matches!(desk.home, Home::Partner(_)),
            may_hand_over: matches!(desk.over, Over::Below(Role::Partner(PartnerRole::Owner))),
            may_reset: matches!(who, Who::Partner(_)),
            sends_mail: self.sends_mail(desk.sender()).await?,
            place: desk.place,
            at: desk.at,
        })
    }

    /// Invites somebody, by a link that is good once and for some days. It goes by mail, or is answered.
    ///
    /// # Errors
    /// [`Error::Invalid`] at the field that cannot be used; [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn invite_person(
        &self,
        who: &Who,
        at: &str,
        name: &str,
        email: &str,
        role: &str,
        by_mail: bool,
    ) -> Result<Invited> {
        let desk = self.desk(who, at).await?;
        self.lets_in(desk.home).await?;
        let name = rules::line("name", "the person’s name", name)?;
        let email = rules::email(email)?;
        let role = desk.given(role)?;
        if let Some(there) = self.store.member_of_email(desk.home, &email).await? {
            let message = format!(
                "{} has a role here already, {}. Change that instead.",
                there.name,
                there.role.label()
            );
            return Err(Error::invalid("email", message));
        }
        let place = match (desk.home, role) {
            (Home::Partner(scope), Role::Partner(role)) => Place::Partner(scope, role),
            (Home::Organization(scope), Role::Organization(role)) => Place::Organization(scope, role),
            _ => return Err(Error::NotFound),
        };
        let earlier = self.store.pending(desk.home).await?.into_iter().find(|p| p.email == email);
        if earlier.as_ref().is_some_and(|p| !desk.is_over(p.role)) {
            return Err(Error::invalid("email", "Somebody above you has invited this person already."));
        }
        let sender = by_mail.then(|| desk.sender());
        let invitee = Invitee { name: &name, email: &email, role: role.label() };
        let (made, link) = self.invitation_link(sender, &desk.name, &desk.place, invitee).await?;
        let until = made.until;
        let new = NewInvitation { place, name: &name, email: &email, by: &desk.by };
        let object = desk.home.id().to_string();
        let detail = match desk.home {
            Home::Partner(_) => format!("{email}: {}", role.label()),
            Home::Organization(_) => role.label().to_owned(),
        };
        let entry = desk.entry(Event::PersonInvited, &object, &detail);
        self.store.invite(made, &new, &entry, self.now()).await?;
        Ok(Invited { name, email, link, until, replaces: earlier.is_some() })
    }

    /// A link to a role with the mail that brings it or, where none does, its path.
    pub(crate) async fn invitation_link(
        &self,
        sender: Option<Sender>,
        by: &str,
        place: &str,
        to: Invitee<'_>,
    ) -> Result<(NewLink, Option<String>)> {
        let link = self.fresh_link("/invite/", Duration::days(LINK_DAYS));
        let message = Message::Invitation { by, place, role: to.role, link: &link.path, until: link.until };
        let mail = match sender {
            Some(sender) => self.mail(sender, to.name, to.email, &message, Some(link.until)).await?,
            None => None,
        };
        Ok(link.sent_by(mail))
    }

    /// A new link in place of one that was sent; the old one ends. It goes by mail, or is answered.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such invitation any more; [`Error::Forbidden`].
    pub async fn renew_invitation(&self, who: &Who, at: &str, id: Uuid, by_mail: bool) -> Result<Invited> {
        let desk = self.desk(who, at).await?;
        self.lets_in(desk.home).await?;
        let invitation = self.invitation_of(&desk, id).await?;
        let sender = by_mail.then(|| desk.sender());
        let Pending { name, email, role, .. } = &invitation;
        let invitee = Invitee { name, email, role: role.label() };
        let (made, link) = self.invitation_link(sender, &desk.name, &desk.place, invitee).await?;
        let until = made.until;
        let object = desk.home.id().to_string();
        let detail = desk.named(&invitation.email, id);
        let entry = desk.entry(Event::InvitationRenewed, &object, &detail);
        if !self.store.renew_invitation(desk.home, id, made, &entry, self.now()).await? {
            return Err(Error::NotFound);
        }
        Ok(Invited { name: invitation.name, email: invitation.email, link, until, replaces: true })
    }

    /// Takes an invitation back: its link is good no more.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such invitation any more; [`Error::Forbidden`].
    pub async fn revoke_invitation(&self, who: &Who, at: &str, id: Uuid) -> Result<()> {
        let desk = self.desk(who, at).await?;
        let invitation = self.invitation_of(&desk, id).await?;
        let object = desk.home.id().to_string();
        let detail = desk.named(&invitation.email, id);
        let entry = desk.entry(Event::InvitationRevoked, &object, &detail);
        let done = self.store.revoke_invitation(desk.home, id, &entry, self.now()).await?;
        if done { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Gives somebody another role.
    ///
    /// # Errors
    /// [`Error::Refused`] when the role they have is not below one's own, [`Error::Invalid`] when the new one is not.
    pub async fn change_role(&self, who: &Who, at: &str, account: Uuid, role: &str) -> Result<()> {
        let desk = self.desk(who, at).await?;
        let member = self.touched(&desk, account).await?;
        let role = desk.given(role)?;
        if role == member.role {
            return Ok(());
        }
        let said = Detail::default().change("Role", member.role.label(), role.label()).line();
        self.change_member(&desk, &member, MemberChange::Role(role), Event::RoleChanged, &said).await
    }

    /// Switches somebody's sign-in off, which ends what they have open, or on again.
    ///
    /// # Errors
    /// [`Error::Refused`] when their role is not below one's own.
    pub async fn switch_login(&self, who: &Who, at: &str, account: Uuid, on: bool) -> Result<()> {
        let desk = self.desk(who, at).await?;
        let member = self.touched(&desk, account).await?;
        let (change, event) = if on {
            (MemberChange::On, Event::LoginSwitchedOn)
        } else {
            (MemberChange::Off, Event::LoginSwitchedOff)
        };
        self.change_member(&desk, &member, change, event, "").await
    }

    /// Takes somebody's role away.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is not below one's own.
    pub async fn remove_person(&self, who: &Who, at: &str, account: Uuid) -> Result<()> {
        let desk = self.desk(who, at).await?;
        let member = self.touched(&desk, account).await?;
        let said = member.role.label();
        self.change_member(&desk, &member, MemberChange::Removed, Event::PersonRemoved, said).await
    }

    /// Takes somebody's second factor away, for one who has lost it; they set a new one up when they sign in.
    ///
    /// # Errors
    /// [`Error::Refused`] when their role is not below one's own, when they have a role that one does not reach as well,
    /// or no second factor.
    pub async fn reset_factor(&self, actor: &PartnerActor, at: &str, account: Uuid) -> Result<()> {
        let desk = self.partners_desk(actor, at).await?;
        self.touched(&desk, account).await?;
        self.reset_second_factor(actor, account).await
    }

    /// Hands one's ownership of the partner over. `typed` is the partner's name.
    ///
    /// # Errors
    /// [`Error::Refused`] for whoever is no Owner; [`Error::Invalid`] when the name is not the one, or nobody was chosen.
    pub async fn hand_over(&self, actor: &PartnerActor, heir: Uuid, typed: &str) -> Result<()> {
        let home = Home::Partner(actor.scope());
        // Before anything is said about anybody.
        if actor.role != PartnerRole::Owner {
            return Err(Error::Forbidden);
        }
        let heir = self.store.member(home, heir).await?.ok_or(Error::NotFound)?;
        let Role::Partner(role) = heir.role else { return Err(Error::NotFound) };
        hand_over(actor.role, role).map_err(|why| Error::Refused(why.to_string()))?;
        if heir.is_off {
            return Err(Error::Refused(format!(
                "Sign-in is switched off for {}. Nothing was changed. Switch it on first.",
                heir.name
            )));
        }
        if typed.trim() != actor.partner_name {
            let message = format!(
                "Type the partner’s name, {}, to hand it over. Nothing was changed.",
                actor.partner_name
            );
            return Err(Error::invalid("typed", message));
        }
        let object = actor.scope().partner().to_string();
        let detail = Detail::default().change("Owner", &actor.email, &heir.email).line();
        let entry = crate::partner::entry(actor, Event::OwnershipHandedOver, &object, &detail);
        let heir = (heir.account, role);
        let done = self.store.hand_over(actor.scope(), actor.account, heir, &entry, self.now()).await?;
        if done { Ok(()) } else { Err(stale()) }
    }

    /// Whether anybody can sign in there: a link or a token that leads in would meet a closed door.
    pub(crate) async fn lets_in(&self, home: Home) -> Result<()> {
        let Home::Organization(scope) = home else { return Ok(()) };
        let Organization { name, state, .. } =
            self.store.organization_of(scope).await?.ok_or(Error::NotFound)?;
        if state == State::Active {
            return Ok(());
        }
        Err(Error::Refused(format!(
            "Sign-in to {name} is switched off for now: it is {}. Nothing was changed, and links that were made \
             before are not spent.",
            state.label().to_lowercase()
        )))
    }

    async fn desk(&self, who: &Who, at: &str) -> Result<Desk> {
        match who {
            Who::Organization(actor) => {
                actor.check(Action::ManageUsers)?;
                if !at.is_empty() && at != actor.scope().organization().to_string() {
                    return Err(Error::NotFound);
                }
                Ok(Desk {
                    home: Home::Organization(actor.scope()),
                    place: actor.organization_name.clone(),
                    at: String::new(),
                    me: actor.account,
                    over: Over::Below(Role::Organization(actor.role)),
                    name: actor.name.clone(),
                    by: actor.signature(),
                    address: actor.address.clone(),
                })
            }
            Who::Partner(actor) => self.partners_desk(actor, at).await,
        }
    }

    async fn partners_desk(&self, actor: &PartnerActor, at: &str) -> Result<Desk> {
        crate::partner::require(actor, PartnerAction::ManageUsers)?;
        let desk = |home, place: String, over| Desk {
            home,
            place,
            at: at.to_owned(),
            me: actor.account,
            over,
            name: actor.name.clone(),
            by: actor.email.clone(),
            address: actor.address.clone(),
        };
        if at.is_empty() || at == actor.scope().partner().to_string() {
            let over = Over::Below(Role::Partner(actor.role));
            return Ok(desk(Home::Partner(actor.scope()), actor.partner_name.clone(), over));
        }
        let id: Uuid = at.parse().map_err(|_| Error::NotFound)?;
        if let Some(scope) = self.store.partner_below(actor.scope(), id).await? {
            crate::partner::require(actor, PartnerAction::ManagePartners)?;
            let branch = self.store.branch(actor.scope()).await?;
            let name = branch.into_iter().find(|p| p.id == id).map(|p| p.name).unwrap_or_default();
            return Ok(desk(Home::Partner(scope), name, Over::All));
        }
        let org = self.customer(actor, id).await?;
        let home = Home::Organization(org.scope());
        Ok(desk(home, org.name, Over::All))
    }

    async fn invitation_of(&self, desk: &Desk, id: Uuid) -> Result<Pending> {
        let found = self.store.pending(desk.home).await?.into_iter().find(|p| p.id == id);
        let invitation = found.ok_or(Error::NotFound)?;
        if desk.is_over(invitation.role) { Ok(invitation) } else { Err(not_below()) }
    }

    /// Somebody whom the one who asks may decide about.
    async fn touched(&self, desk: &Desk, account: Uuid) -> Result<Member> {
        let member = self.store.member(desk.home, account).await?.ok_or(Error::NotFound)?;
        if desk.is_over(member.role) { Ok(member) } else { Err(not_below()) }
    }

    async fn change_member(
        &self,
        desk: &Desk,
        member: &Member,
        change: MemberChange,
        event: Event,
        said: &str,
    ) -> Result<()> {
        let object = desk.home.id().to_string();
        let named = desk.named(&member.email, member.account);
        let detail = if said.is_empty() { named } else { format!("{named}: {said}") };
        let entry = desk.entry(event, &object, &detail);
        let now = self.now();
        let changed =
            self.store.change_member(desk.home, member.account, member.role, change, &entry, now).await?;
        match changed {
            Changed::Done => Ok(()),
            Changed::Stale => Err(stale()),
            Changed::LastOwner => Err(Error::Refused(format!(
                "{} is the only Owner of {}. Nothing was changed. Invite another Owner first.",
                member.name, desk.place
            ))),
        }
    }
}

fn not_below() -> Error {
    Error::Refused(RankRefusal::NotBelow.to_string())
}

fn stale() -> Error {
    Error::Refused(
        "Somebody else changed this person a moment ago. Nothing of yours was changed; look again."
            .to_owned(),
    )
}
