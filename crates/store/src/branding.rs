//! What partners look like to their people and customers. What a partner does not set comes from above.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::audit::{self, Entry};
use crate::entity::{brand_file, branding};
use crate::invitations::Place;
use crate::scope::{PartnerScope, Sender};
use crate::token::TokenHash;
use crate::{Result, Store, partners};

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Logo,
    Favicon,
}

impl Role {
    pub const ALL: [Role; 2] = [Role::Logo, Role::Favicon];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Role::Logo => "logo",
            Role::Favicon => "favicon",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.slug() == slug)
    }
}

/// A value, and whose it is if it comes from above.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inherited<T> {
    pub value: T,
    pub from: Option<String>,
}

/// How a partner looks, all told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// The partner itself, whatever name it shows.
    pub partner: String,
    pub name: Option<Inherited<String>>,
    /// In a light and in a dark room; six hexadecimal digits each.
    pub accent: Option<Inherited<(String, String)>>,
    /// Digests of pictures.
    pub logo: Option<Inherited<String>>,
    pub favicon: Option<Inherited<String>>,
    pub support_email: Option<String>,
}

/// A picture.
#[derive(Clone, Debug)]
pub struct BrandFile {
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Store {
    /// How the partner looks, with what it inherits.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn brand(&self, sender: Sender) -> Result<Brand> {
        let (db, scope) = (self.db().read(), sender.partner());
        let mut brand = Brand::default();
        for (height, partner) in partners::upwards(db, scope).await?.into_iter().enumerate() {
            let from = (height > 0).then(|| partner.name.clone());
            if height == 0 {
                brand.partner.clone_from(&partner.name);
            }
            brand.support_email = brand.support_email.or(partner.support_email);
            if let Some(own) = branding::Entity::find_by_id(partner.id).one(db).await? {
                fill(&mut brand.name, own.name, &from);
                fill(&mut brand.accent, own.accent.zip(own.accent_dark), &from);
            }
            let files: Vec<(String, String)> = brand_file::Entity::find()
                .select_only()
                .column(brand_file::Column::Role)
                .column(brand_file::Column::Digest)
                .filter(brand_file::Column::PartnerId.eq(partner.id))
                .into_tuple()
                .all(db)
                .await?;
            let digest = |role: Role| {
                files.iter().find(|(slug, _)| slug == role.slug()).map(|(_, digest)| digest.clone())
            };
            fill(&mut brand.logo, digest(Role::Logo), &from);
            fill(&mut brand.favicon, digest(Role::Favicon), &from);
        }
        Ok(brand)
    }

    /// How the partner looks that a link leads to a customer of, or to; none when the link is not good.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn brand_of_invitation(&self, token: TokenHash, now: DateTime<Utc>) -> Result<Option<Brand>> {
        Ok(match self.invitation(token, now).await?.map(|found| found.place) {
            Some(Place::Organization(scope, _)) => Some(self.brand(Sender::Organization(scope)).await?),
            Some(Place::Partner(scope, _)) => Some(self.brand(Sender::Partner(scope)).await?),
            None => None,
        })
    }

    /// A picture by the digest of its content, whosesoever: it is for everybody to see.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn brand_file(&self, digest: &str) -> Result<Option<BrandFile>> {
        Ok(brand_file::Entity::find()
            .filter(brand_file::Column::Digest.eq(digest))
            .order_by_asc(brand_file::Column::PartnerId)
            .limit(1)
            .one(self.db().read())
            .await?
            .map(|m| BrandFile { media_type: m.media_type, bytes: m.bytes }))
    }

    /// Sets the partner's own name and accent colours; None takes them from above.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_branding(
        &self,
        scope: PartnerScope,
        name: Option<String>,
        accent: Option<(String, String)>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        branding::Entity::delete_by_id(scope.partner()).exec(&tx).await?;
        let (accent, accent_dark) = accent.unzip();
        branding::Entity::insert(branding::ActiveModel {
            partner_id: Set(scope.partner()),
            name: Set(name),
            accent: Set(accent),
            accent_dark: Set(accent_dark),
        })
        .exec_without_returning(&tx)
        .await?;
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sets one of the partner's own pictures; None takes it from above.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_brand_file(
        &self,
        scope: PartnerScope,
        role: Role,
        file: Option<BrandFile>,
        entry: &Entry<'_>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db().begin().await?;
        brand_file::Entity::delete_by_id((scope.partner(), role.slug().to_owned())).exec(&tx).await?;
        if let Some(file) = file {
            brand_file::Entity::insert(brand_file::ActiveModel {
                partner_id: Set(scope.partner()),
                role: Set(role.slug().to_owned()),
                digest: Set(blake3::hash(&file.bytes).to_hex().to_string()),
                media_type: Set(file.media_type),
                bytes: Set(file.bytes),
            })
            .exec_without_returning(&tx)
            .await?;
        }
        audit::append_in(&tx, scope, entry, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn fill<T>(slot: &mut Option<Inherited<T>>, own: Option<T>, from: &Option<String>) {
    if slot.is_none() {
        *slot = own.map(|value| Inherited { value, from: from.clone() });
    }
}
