//! Whom one may touch: people below one's own role, and the one way by which an ownership changes hands.

use thiserror::Error;

use super::{Action, OrgRole, PartnerAction, PartnerRole};

/// Why somebody's role stays as it is. Each message is fit to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RankRefusal {
    #[error("Only the Owner can hand ownership over. Nothing was changed. Ask the Owner to do it.")]
    NotOwner,
    #[error("This person is the Owner already. Nothing was changed.")]
    AlreadyOwner,
    #[error(
        "You can change only roles below your own. Nothing was changed. Ask somebody with a higher role."
    )]
    NotBelow,
    #[error("You can give only roles below your own. Nothing was changed. Choose a lower role.")]
    NotBelowGiven,
}

impl PartnerRole {
    /// Whether one of this role may give, change or take away that one: only roles below one's own. Hence nobody
    /// changes an Owner, nor their own role; `hand_over` is the only way to a new Owner.
    #[must_use]
    pub fn is_above(self, other: PartnerRole) -> bool {
        self.may(PartnerAction::ManageUsers) && self < other
    }

    /// The roles that one of this role may give, highest first.
    pub fn may_give(self) -> impl Iterator<Item = PartnerRole> {
        PartnerRole::ALL.into_iter().filter(move |other| self.is_above(*other))
    }

    /// Whether one of this role may turn a person of the role `from` into one of the role `to`.
    ///
    /// # Errors
    /// `NotBelow` or `NotBelowGiven`.
    pub fn may_change(self, from: PartnerRole, to: PartnerRole) -> Result<(), RankRefusal> {
        match (self.is_above(from), self.is_above(to)) {
            (false, _) => Err(RankRefusal::NotBelow),
            (_, false) => Err(RankRefusal::NotBelowGiven),
            _ => Ok(()),
        }
    }
}

impl OrgRole {
    /// Whether one of this role may give, change or take away that one: only roles below one's own. A Full Admin
    /// is made by the partner, when the organization is created or by its Owner, Super Admins and Admins.
    #[must_use]
    pub fn is_above(self, other: OrgRole) -> bool {
        self.may(Action::ManageUsers) && self < other
    }

    /// The roles that one of this role may give, highest first.
    pub fn may_give(self) -> impl Iterator<Item = OrgRole> {
        OrgRole::ALL.into_iter().filter(move |other| self.is_above(*other))
    }

    /// Whether one of this role may turn a person of the role `from` into one of the role `to`.
    ///
    /// # Errors
    /// `NotBelow` or `NotBelowGiven`.
    pub fn may_change(self, from: OrgRole, to: OrgRole) -> Result<(), RankRefusal> {
        match (self.is_above(from), self.is_above(to)) {
            (false, _) => Err(RankRefusal::NotBelow),
            (_, false) => Err(RankRefusal::NotBelowGiven),
            _ => Ok(()),
        }
    }
}

/// The roles of giver and heir after an ownership was handed over within one partner: the heir owns, and the
/// giver stays as Super Admin.
///
/// # Errors
/// `NotOwner` when the giver is none, `AlreadyOwner` when the heir is one.
pub fn hand_over(giver: PartnerRole, heir: PartnerRole) -> Result<(PartnerRole, PartnerRole), RankRefusal> {
    if giver != PartnerRole::Owner {
        return Err(RankRefusal::NotOwner);
    }
    if heir == PartnerRole::Owner {
        return Err(RankRefusal::AlreadyOwner);
    }
    Ok((PartnerRole::SuperAdmin, PartnerRole::Owner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_touches_only_roles_below_ones_own() {
        use PartnerRole::{Admin, Finance, Owner, ReadOnly, SuperAdmin, Support};
        let expected: [(PartnerRole, &[PartnerRole]); 6] = [
            (Owner, &[SuperAdmin, Admin, Finance, Support, ReadOnly]),
            (SuperAdmin, &[Admin, Finance, Support, ReadOnly]),
            (Admin, &[Finance, Support, ReadOnly]),
            (Finance, &[]),
            (Support, &[]),
            (ReadOnly, &[]),
        ];
        for (role, below) in expected {
            assert_eq!(role.may_give().collect::<Vec<_>>(), below, "{role:?}");
            assert!(!role.is_above(role) && !role.is_above(Owner), "{role:?}");
            for from in PartnerRole::ALL {
                for to in PartnerRole::ALL {
                    let allowed = below.contains(&from) && below.contains(&to);
                    assert_eq!(role.may_change(from, to).is_ok(), allowed, "{role:?}: {from:?} to {to:?}");
                }
            }
        }
        assert_eq!(Admin.may_change(SuperAdmin, ReadOnly), Err(RankRefusal::NotBelow));
        assert_eq!(Admin.may_change(ReadOnly, SuperAdmin), Err(RankRefusal::NotBelowGiven));
    }

    #[test]
    fn likewise_in_an_organization() {
        use OrgRole::{FullAdmin, ItAdmin, RestoreOperator, Viewer};
        let expected: [(OrgRole, &[OrgRole]); 4] = [
            (FullAdmin, &[ItAdmin, RestoreOperator, Viewer]),
            (ItAdmin, &[RestoreOperator, Viewer]),
            (RestoreOperator, &[]),
            (Viewer, &[]),
        ];
        for (role, below) in expected {
            assert_eq!(role.may_give().collect::<Vec<_>>(), below, "{role:?}");
            for from in OrgRole::ALL {
                for to in OrgRole::ALL {
                    let allowed = below.contains(&from) && below.contains(&to);
                    assert_eq!(role.may_change(from, to).is_ok(), allowed, "{role:?}: {from:?} to {to:?}");
                }
            }
        }
    }

    #[test]
    fn only_an_owner_hands_ownership_over_and_there_stays_one() {
        for giver in PartnerRole::ALL {
            for heir in PartnerRole::ALL {
                let expected = match (giver, heir) {
                    (PartnerRole::Owner, PartnerRole::Owner) => Err(RankRefusal::AlreadyOwner),
                    (PartnerRole::Owner, _) => Ok((PartnerRole::SuperAdmin, PartnerRole::Owner)),
                    _ => Err(RankRefusal::NotOwner),
                };
                assert_eq!(hand_over(giver, heir), expected, "{giver:?} to {heir:?}");
            }
        }
    }
}
