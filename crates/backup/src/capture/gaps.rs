//! What could not be read: it is named, with the reason, and carried forward.

use domain::LinkKind;
use domain::capture::{Gap, GapReason, ReadScope};
use domain::descriptor;
use graph::Meaning;

use super::Capture;
use crate::Result;

/// Why a scope could not be read.
///
/// # Errors
/// The error itself where it is not the scope's alone: the sign-in fails, or Microsoft limits requests.
pub(super) fn reason(scope: ReadScope, error: &graph::Error) -> Result<GapReason> {
    if error.is_sign_in() {
        return Err(error.clone().into());
    }
    Ok(match error.meaning() {
        Meaning::Throttled | Meaning::TokenRefused | Meaning::Misconfigured => {
            return Err(error.clone().into());
        }
        Meaning::PermissionMissing => {
            GapReason::PermissionMissing { permission: scope.permission().unwrap_or_default().to_owned() }
        }
        Meaning::LicenceMissing => GapReason::LicenseMissing,
        Meaning::Unsupported => GapReason::Unsupported,
        _ => GapReason::Failed {
            status: error.status().unwrap_or_default(),
            code: error.code().unwrap_or_default().to_owned(),
        },
    })
}

impl Capture {
    /// Names a scope that could not be read.
    pub(super) fn unreadable(&mut self, scope: ReadScope, error: &graph::Error) -> Result<()> {
        let reason = reason(scope, error)?;
        tracing::warn!(?scope, %error, "could not be read");
        self.gap(Gap::whole(scope, reason));
        Ok(())
    }

    /// Names a scope that the app's permissions do not show.
    pub(super) fn not_granted(&mut self, scope: ReadScope) {
        let permission = scope.permission().unwrap_or_default().to_owned();
        self.gap(Gap::whole(scope, GapReason::PermissionMissing { permission }));
    }

    /// Names objects of a scope that are missing without proof; many of them make the snapshot suspicious.
    pub(super) fn unconfirmed(&mut self, scope: ReadScope, objects: usize, much: bool) {
        let reason = if much { GapReason::Unconfirmed } else { GapReason::NotFound };
        self.gap(Gap::some(scope, reason, i64::try_from(objects).unwrap_or(i64::MAX)));
    }

    /// Names a gap; one of the same scope and reason grows.
    pub(super) fn gap(&mut self, gap: Gap) {
        match self.gaps.iter_mut().find(|g| g.scope == gap.scope && g.reason == gap.reason) {
            Some(same) => same.objects = same.objects.zip(gap.objects).map(|(a, b)| a.saturating_add(b)),
            None => self.gaps.push(gap),
        }
    }

    /// Whether nothing of a scope could be read.
    pub(super) fn lacks(&self, scope: ReadScope) -> bool {
        self.gaps.iter().any(|g| g.scope == scope && g.objects.is_none())
    }

    /// Hidden members and attributes that the permissions do not show are named in every snapshot, also where only
    /// what changed was read.
    pub(super) async fn name_hidden_members(&mut self) -> Result<()> {
        let lesser: Vec<_> = descriptor::DESCRIPTORS
            .into_iter()
            .filter(|d| {
                let own = self.profile.kind(d.kind);
                own.is_some_and(|own| d.attributes.iter().any(|a| !own.attributes.contains(a.name)))
            })
            .map(|d| d.kind)
            .collect();
        for kind in lesser {
            self.not_granted(ReadScope::Attributes(kind));
        }
        for relation in [LinkKind::Member, LinkKind::UnitMember] {
            let owner = descriptor::owner(relation);
            let Some(own) = self.profile.kind(owner) else { continue };
            if own.hidden_members || self.lacks(ReadScope::Objects(owner)) {
                continue;
            }
            let scope = ReadScope::HiddenMembers(relation);
            let seen_now = self
                .hidden
                .iter()
                .any(|num| self.writer.objects().get(*num).is_some_and(|known| known.kind == owner));
            if seen_now || (!self.wholly.contains_key(&owner) && self.named_before(scope).await?) {
                self.not_granted(scope);
            }
        }
        Ok(())
    }

    /// Whether the snapshot before this one named a scope.
    async fn named_before(&self, scope: ReadScope) -> Result<bool> {
        if self.writer.is_first() {
            return Ok(false);
        }
        Ok(self.writer.gaps_before().await?.iter().any(|g| g.scope == scope))
    }
}
