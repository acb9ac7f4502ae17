//! How partners' portals look: what each chose, and what that comes to for whoever is below.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::brand::{BrandView, Picture, PictureKind};
use sea_orm::sea_query::{Expr, OnConflict, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::audit::{self, Entry};
use crate::entity::{brand, brand_picture, partner_branch};
use crate::scope::{OrgScope, PartnerScope, Sender};
use crate::{Error, Result, Store, partners};

/// A picture as somebody uploaded it, known to be one.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPicture {
    pub kind: PictureKind,
    pub width: u16,
    pub height: u16,
    pub content: Vec<u8>,
}

impl std::fmt::Debug for NewPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} of {} bytes", self.kind, self.content.len())
    }
}

/// One field of a brand; None inherits it again.
#[derive(Clone, Debug)]
pub enum BrandChange {
    Name(Option<String>),
    Accent(Option<String>),
    Logo(Option<NewPicture>),
    Icon(Option<NewPicture>),
}

/// What one partner chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnBrand {
    pub partner: Uuid,
    pub partner_name: String,
    pub brand: BrandView,
}

impl Store {
    /// How what a partner shows looks, each field from the nearest partner that chose it, itself first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn brand(&self, scope: PartnerScope) -> Result<BrandView> {
        let chosen = self.brands(scope).await?;
        Ok(chosen.into_iter().fold(BrandView::default(), |shown, own| shown.or(own.brand)))
    }

    /// The same for an organization: that of the partner that it belongs to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn brand_of(&self, scope: OrgScope) -> Result<BrandView> {
        self.brand(Sender::Organization(scope).partner()).await
    }

    /// What the partner and those above it chose, the nearest first; whoever chose nothing is left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn brands(&self, scope: PartnerScope) -> Result<Vec<OwnBrand>> {
        let db = self.db().read();
        let chosen: Vec<brand::Model> = brand::Entity::find()
            .filter(brand::Column::PartnerId.in_subquery(ancestors(scope)))
            .all(db)
            .await?;
        if chosen.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = chosen.iter().flat_map(|m| [m.logo, m.icon]).flatten().collect();
        let pictures = if ids.is_empty() { HashMap::new() } else { pictures_in(db, ids).await? };
        let of = |id: Option<Uuid>| match id {
            Some(id) => pictures.get(&id).copied().map(Some).ok_or(Error::Inconsistent("brand")),
            None => Ok(None),
        };
        let mut chosen: HashMap<Uuid, brand::Model> = chosen.into_iter().map(|m| (m.partner_id, m)).collect();
        let mut line = Vec::with_capacity(chosen.len());
        for partner in partners::upwards(db, scope).await? {
            let Some(m) = chosen.remove(&partner.id) else { continue };
            let brand = BrandView { logo: of(m.logo)?, icon: of(m.icon)?, name: m.name, accent: m.accent };
            line.push(OwnBrand { partner: partner.id, partner_name: partner.name, brand });
        }
        Ok(line)
    }

    /// Sets one field of the partner's own.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_brand(
        &self,
        scope: PartnerScope,
        change: BrandChange,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        let own = brand::ActiveModel { partner_id: Set(scope.partner()), ..Default::default() };
        brand::Entity::insert(own)
            .on_conflict(OnConflict::column(brand::Column::PartnerId).do_nothing().to_owned())
            .exec_without_returning(&tx)
            .await?;
        match change {
            BrandChange::Name(name) => set_in(&tx, scope, brand::Column::Name, name).await?,
            BrandChange::Accent(accent) => set_in(&tx, scope, brand::Column::Accent, accent).await?,
            BrandChange::Logo(picture) => set_picture_in(&tx, scope, brand::Column::Logo, picture).await?,
            BrandChange::Icon(picture) => set_picture_in(&tx, scope, brand::Column::Icon, picture).await?,
        }
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A picture that is in use, for everybody: it stands on pages and in mails that strangers see.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn brand_picture(&self, id: Uuid) -> Result<Option<NewPicture>> {
        let found = brand_picture::Entity::find_by_id(id).one(self.db().read()).await?;
        let Some(m) = found else { return Ok(None) };
        let Picture { kind, width, height, .. } = picture(m.id, &m.kind, m.width, m.height)?;
        Ok(Some(NewPicture { kind, width, height, content: m.content }))
    }
}

/// The ids of the partner and of those above it, for a condition.
fn ancestors(scope: PartnerScope) -> SelectStatement {
    partner_branch::Entity::find()
        .select_only()
        .column(partner_branch::Column::Ancestor)
        .filter(partner_branch::Column::Partner.eq(scope.partner()))
        .into_query()
}

async fn set_in<C: ConnectionTrait>(
    db: &C,
    scope: PartnerScope,
    column: brand::Column,
    value: impl Into<sea_orm::Value>,
) -> Result<()> {
    brand::Entity::update_many()
        .filter(brand::Column::PartnerId.eq(scope.partner()))
        .col_expr(column, Expr::value(value))
        .exec(db)
        .await?;
    Ok(())
}

/// Puts a picture in the place of the one before, which is erased.
async fn set_picture_in<C: ConnectionTrait>(
    db: &C,
    scope: PartnerScope,
    column: brand::Column,
    new: Option<NewPicture>,
) -> Result<()> {
    let id = new.is_some().then(Uuid::now_v7);
    if let (Some(new), Some(id)) = (new, id) {
        brand_picture::Entity::insert(brand_picture::ActiveModel {
            id: Set(id),
            partner_id: Set(scope.partner()),
            kind: Set(new.kind.slug().to_owned()),
            width: Set(i32::from(new.width)),
            height: Set(i32::from(new.height)),
            content: Set(new.content),
        })
        .exec_without_returning(db)
        .await?;
    }
    set_in(db, scope, column, id).await?;
    let own = brand::Entity::find_by_id(scope.partner()).one(db).await?;
    let kept = own.into_iter().flat_map(|m| [m.logo, m.icon]).flatten();
    brand_picture::Entity::delete_many()
        .filter(brand_picture::Column::PartnerId.eq(scope.partner()))
        .filter(brand_picture::Column::Id.is_not_in(kept))
        .exec(db)
        .await?;
    Ok(())
}

/// What is known of pictures, without their content.
async fn pictures_in<C: ConnectionTrait>(db: &C, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Picture>> {
    let rows: Vec<(Uuid, String, i32, i32)> = brand_picture::Entity::find()
        .select_only()
        .columns([
            brand_picture::Column::Id,
            brand_picture::Column::Kind,
            brand_picture::Column::Width,
            brand_picture::Column::Height,
        ])
        .filter(brand_picture::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter().map(|(id, kind, width, height)| Ok((id, picture(id, &kind, width, height)?))).collect()
}

fn picture(id: Uuid, kind: &str, width: i32, height: i32) -> Result<Picture> {
    let broken = || Error::Inconsistent("brand_picture");
    Ok(Picture {
        id,
        kind: PictureKind::from_slug(kind).ok_or_else(broken)?,
        width: u16::try_from(width).map_err(|_| broken())?,
        height: u16::try_from(height).map_err(|_| broken())?,
    })
}
