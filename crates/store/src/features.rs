//! Which features of the End-User Portal are on: set at a plan, a partner or an organization, and resolved from
//! there.

use chrono::{DateTime, Utc};
use domain::feature::{Feature, FeatureLevel, FeatureSet, Levels, Resolved, resolve};
use domain::product::ProductType;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::db::Schema;
use crate::dialect::statement;
use crate::entity::{feature_setting, organization, partner, plan};
use crate::partners::branch_ids;
use crate::scope::{OrgScope, PartnerScope};
use crate::{Error, Result, Store};

/// A plan, a partner or an organization of the branch: where features are switched.
#[derive(Clone, Debug)]
pub struct FeaturePlace {
    pub id: Uuid,
    pub level: FeatureLevel,
    pub name: String,
    partner: PartnerScope,
    plan: Option<Uuid>,
}

/// What is set at a place, and what would hold without.
#[derive(Clone, Debug)]
pub struct FeatureSettings {
    /// By feature.
    pub own: HashMap<Feature, bool>,
    /// As resolved from the levels before this one.
    pub inherited: HashMap<Feature, Resolved>,
    /// The plan of an organization, by name.
    pub plan: Option<String>,
    /// The partners from the place's own upwards as far as the branch reaches, by name.
    pub partners: Vec<String>,
}

impl Store {
    /// The plan, partner or organization of that id, if it lies in the branch.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn feature_place(
        &self,
        scope: PartnerScope,
        level: FeatureLevel,
        id: Uuid,
    ) -> Result<Option<FeaturePlace>> {
        let db = self.db().read();
        let place =
            |name, owner, plan| FeaturePlace { id, level, name, partner: PartnerScope::new(owner), plan };
        Ok(match level {
            FeatureLevel::Plan => plan::Entity::find_by_id(id)
                .filter(plan::Column::PartnerId.in_subquery(branch_ids(scope)))
                .one(db)
                .await?
                .map(|m| place(m.name, m.partner_id, None)),
            FeatureLevel::Partner => partner::Entity::find_by_id(id)
                .filter(partner::Column::Id.in_subquery(branch_ids(scope)))
                .one(db)
                .await?
                .map(|m| place(m.name, m.id, None)),
            FeatureLevel::Organization => organization::Entity::find_by_id(id)
                .filter(organization::Column::PartnerId.in_subquery(branch_ids(scope)))
                .filter(organization::Column::ErasedAt.is_null())
                .one(db)
                .await?
                .map(|m| place(m.name, m.partner_id, m.plan_id)),
        })
    }

    /// What is set at the place and what it inherits; names as far as `scope` may know them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn feature_settings(&self, scope: PartnerScope, at: &FeaturePlace) -> Result<FeatureSettings> {
        let db = self.db().read();
        let set = read(db, Owners::of(at)).await?;
        let own = Feature::ALL.into_iter().filter_map(|f| Some((f, set.own_at(at, f)?))).collect();
        let inherited = Feature::ALL.into_iter().map(|f| (f, set.inherited_at(at, f))).collect();
        let plan = match at.plan {
            Some(id) => plan::Entity::find_by_id(id).one(db).await?.map(|m| m.name),
            None => None,
        };
        Ok(FeatureSettings { own, inherited, plan, partners: self.above(scope, at.partner).await? })
    }

    /// Sets what is named, and inherits again where it says so.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_features(
        &self,
        at: &FeaturePlace,
        settings: &[(Feature, Option<bool>)],
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        for (feature, setting) in settings {
            feature_setting::Entity::delete_by_id((at.id, feature.slug().to_owned())).exec(&tx).await?;
            if let Some(on) = setting {
                feature_setting::Entity::insert(feature_setting::ActiveModel {
                    owner: Set(at.id),
                    feature: Set(feature.slug().to_owned()),
                    is_on: Set(i16::from(*on)),
                })
                .exec_without_returning(&tx)
                .await?;
            }
        }
        audit::append_in(&tx, at.partner, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The partner and those above it, by name, as far as the branch reaches.
    async fn above(&self, scope: PartnerScope, from: PartnerScope) -> Result<Vec<String>> {
        let known: HashMap<Uuid, partner::Model> = partner::Entity::find()
            .filter(partner::Column::Id.in_subquery(branch_ids(scope)))
            .all(self.db().read())
            .await?
            .into_iter()
            .map(|m| (m.id, m))
            .collect();
        let mut next = known.get(&from.partner());
        let mut names = Vec::new();
        while let Some(m) = next {
            names.push(m.name.clone());
            next = m.parent_id.and_then(|id| known.get(&id));
        }
        Ok(names)
    }
}

/// Whose settings count for a place.
#[derive(Clone, Copy)]
struct Owners {
    organization: Uuid,
    partner: Uuid,
    plan: Uuid,
}

impl Owners {
    fn of(at: &FeaturePlace) -> Owners {
        let nobody = Uuid::nil();
        match at.level {
            FeatureLevel::Plan => Owners { organization: nobody, partner: nobody, plan: at.id },
            FeatureLevel::Partner => Owners { organization: nobody, partner: at.id, plan: nobody },
            FeatureLevel::Organization => {
                Owners { organization: at.id, partner: at.partner.partner(), plan: at.plan.unwrap_or(nobody) }
            }
        }
    }
}

/// What was set, by level.
struct Settings {
    plan: HashMap<Feature, bool>,
    /// From the distributor down to the own partner.
    partners: Vec<HashMap<Feature, bool>>,
    organization: HashMap<Feature, bool>,
}

impl Settings {
    fn resolved(&self, feature: Feature, own: bool) -> Resolved {
        let partners: Vec<Option<bool>> = self.partners.iter().map(|p| p.get(&feature).copied()).collect();
        let organization = self.organization.get(&feature).copied().filter(|_| own);
        let plan = self.plan.get(&feature).copied();
        resolve(feature, Levels { plan, partners: &partners, organization })
    }

    fn own_at(&self, at: &FeaturePlace, feature: Feature) -> Option<bool> {
        match at.level {
            FeatureLevel::Plan => self.plan.get(&feature),
            FeatureLevel::Partner => self.partners.last()?.get(&feature),
            FeatureLevel::Organization => self.organization.get(&feature),
        }
        .copied()
    }

    /// What would hold without the place's own setting.
    fn inherited_at(&self, at: &FeaturePlace, feature: Feature) -> Resolved {
        match at.level {
            FeatureLevel::Organization => self.resolved(feature, false),
            FeatureLevel::Plan => resolve(feature, Levels::default()),
            FeatureLevel::Partner => {
                let above = self.partners.len().saturating_sub(1);
                let above: Vec<_> =
                    self.partners.iter().take(above).map(|p| p.get(&feature).copied()).collect();
                resolve(feature, Levels { partners: &above, ..Levels::default() })
            }
        }
    }
}

/// One query: the settings of the organization, of its plan, and of every partner from its own upwards, each with how
/// far down the tree it stands.
async fn read<C: ConnectionTrait>(db: &C, of: Owners) -> Result<Settings> {
    let schema = match db.get_database_backend() {
        DbBackend::Postgres => Schema::Postgres,
        _ => Schema::Sqlite,
    };
    let sql = "SELECT s.owner AS owner, s.feature AS feature, s.is_on AS is_on, \
               (SELECT COUNT(*) FROM partner_branch a WHERE a.partner = s.owner) AS depth, \
               (SELECT COUNT(*) FROM partner_branch o WHERE o.partner = ?) AS deepest \
               FROM feature_setting s WHERE s.owner = ? OR s.owner = ? \
               OR s.owner IN (SELECT b.ancestor FROM partner_branch b WHERE b.partner = ?)";
    let values = [of.partner.into(), of.organization.into(), of.plan.into(), of.partner.into()];
    let mut set = Settings { plan: HashMap::new(), partners: Vec::new(), organization: HashMap::new() };
    for row in db.query_all_raw(statement(schema, sql, values)).await? {
        let owner: Uuid = row.try_get("", "owner")?;
        let slug: String = row.try_get("", "feature")?;
        let on = row.try_get::<i16>("", "is_on")? != 0;
        let depth: i64 = row.try_get("", "depth")?;
        let deepest: i64 = row.try_get("", "deepest")?;
        let broken = || Error::Inconsistent("feature_setting");
        let feature = Feature::from_slug(&slug).ok_or_else(broken)?;
        set.partners.resize(usize::try_from(deepest).map_err(|_| broken())?, HashMap::new());
        let level = match owner {
            id if id == of.organization => &mut set.organization,
            id if id == of.plan => &mut set.plan,
            _ => {
                let at = usize::try_from(depth - 1).map_err(|_| broken())?;
                set.partners.get_mut(at).ok_or_else(broken)?
            }
        };
        level.insert(feature, on);
    }
    Ok(set)
}

/// What is on for an organization; on a plan without Entra, nothing that is about a tenant. None: the installation's
/// own organization, which has no plan.
pub(crate) async fn features_in<C: ConnectionTrait>(
    db: &C,
    scope: OrgScope,
    plan: Option<(Uuid, ProductType)>,
) -> Result<FeatureSet> {
    let owners = Owners {
        organization: scope.organization(),
        partner: scope.partner(),
        plan: plan.map_or(Uuid::nil(), |(id, _)| id),
    };
    let set = read(db, owners).await?;
    let has_entra = plan.is_none_or(|(_, product)| product.has_entra());
    let is_on = |f: &Feature| (has_entra || !f.needs_entra()) && set.resolved(*f, true).on;
    Ok(Feature::ALL.into_iter().filter(is_on).collect())
}
