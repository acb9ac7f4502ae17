//! How a partner's portals and mails look.

use domain::access::PartnerAction;
use domain::audit::Detail;
use domain::brand::{BrandField, BrandOrigin, BrandView, BrandingPage, Picture};
use domain::colour::{Accent, Rgb};
use store::brands::BrandChange;
use store::scope::PartnerActor;

use super::{entry, require};
use crate::{Error, Event, Portal, Result, picture, rules};

/// A longer name has no room beside a logo.
const NAME: usize = 40;
/// What the log calls a part that is not chosen here.
const FROM_ABOVE: &str = "the one from above";

/// A part of the brand, as the log has it.
fn in_words(brand: &BrandView, field: BrandField) -> Option<String> {
    let picture = |picture: &Option<Picture>| {
        picture
            .as_ref()
            .map(|Picture { kind, width, height, .. }| format!("{}, {width} × {height}", kind.slug()))
    };
    match field {
        BrandField::Name => brand.name.clone(),
        BrandField::Accent => brand.accent.clone(),
        BrandField::Logo => picture(&brand.logo),
        BrandField::Icon => picture(&brand.icon),
    }
}

impl Portal {
    /// How it looks, and where each part comes from.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn branding(&self, actor: &PartnerActor) -> Result<BrandingPage> {
        require(actor, PartnerAction::ManageSettings)?;
        let line = self.store.brands(actor.scope()).await?;
        let origins = BrandField::ALL
            .into_iter()
            .map(|field| match line.iter().find(|chosen| chosen.brand.has(field)) {
                Some(chosen) if chosen.partner == actor.scope().partner() => BrandOrigin::Own,
                Some(chosen) => BrandOrigin::From(chosen.partner_name.clone()),
                None => BrandOrigin::Product,
            })
            .collect();
        let shown = line.into_iter().fold(BrandView::default(), |shown, own| shown.or(own.brand));
        let shades = shown.accent.as_deref().and_then(Rgb::read).map(|chosen| {
            let Accent { light, dark } = Accent::of(chosen);
            (light.accent.to_string(), dark.accent.to_string())
        });
        Ok(BrandingPage { shown, origins, shades })
    }

    /// Sets the name that stands in portals and mails.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Forbidden`].
    pub async fn set_brand_name(&self, actor: &PartnerActor, name: &str) -> Result<()> {
        require(actor, PartnerAction::ManageSettings)?;
        let name = rules::line("name", "the name, or go back to the one from above", name)?;
        if name.chars().count() > NAME {
            return Err(Error::invalid("name", format!("Use at most {NAME} characters.")));
        }
        let after = name.clone();
        self.change_brand(actor, BrandField::Name, BrandChange::Name(Some(name)), &after).await
    }

    /// Sets the accent colour. Any can be chosen: what the pages show of it is made readable.
    ///
    /// # Errors
    /// [`Error::Invalid`]; [`Error::Forbidden`].
    pub async fn set_brand_accent(&self, actor: &PartnerActor, accent: &str) -> Result<()> {
        require(actor, PartnerAction::ManageSettings)?;
        let accent = Rgb::read(accent).ok_or_else(|| {
            Error::invalid("accent", "Enter a colour as six digits from 0 to f, such as #0b6b57.")
        })?;
        let after = accent.to_string();
        self.change_brand(actor, BrandField::Accent, BrandChange::Accent(Some(after.clone())), &after).await
    }

    /// Sets the logo or the icon.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a file that is no picture, or too large; [`Error::NotFound`] for another field;
    /// [`Error::Forbidden`].
    pub async fn set_brand_picture(
        &self,
        actor: &PartnerActor,
        field: BrandField,
        content: Vec<u8>,
    ) -> Result<()> {
        require(actor, PartnerAction::ManageSettings)?;
        let picture = picture::read(field.slug(), content)?;
        let (kind, width, height) = (picture.kind.slug(), picture.width, picture.height);
        let after = format!("{kind}, {width} × {height}, {} bytes", picture.content.len());
        let change = match field {
            BrandField::Logo => BrandChange::Logo(Some(picture)),
            BrandField::Icon => BrandChange::Icon(Some(picture)),
            BrandField::Name | BrandField::Accent => return Err(Error::NotFound),
        };
        self.change_brand(actor, field, change, &after).await
    }

    /// Goes back to what comes from above.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a field that there is not; [`Error::Forbidden`].
    pub async fn reset_brand(&self, actor: &PartnerActor, field: &str) -> Result<()> {
        require(actor, PartnerAction::ManageSettings)?;
        let field = BrandField::from_slug(field).ok_or(Error::NotFound)?;
        let change = match field {
            BrandField::Name => BrandChange::Name(None),
            BrandField::Accent => BrandChange::Accent(None),
            BrandField::Logo => BrandChange::Logo(None),
            BrandField::Icon => BrandChange::Icon(None),
        };
        self.change_brand(actor, field, change, FROM_ABOVE).await
    }

    async fn change_brand(
        &self,
        actor: &PartnerActor,
        field: BrandField,
        change: BrandChange,
        after: &str,
    ) -> Result<()> {
        let line = self.store.brands(actor.scope()).await?;
        let own = line.into_iter().find(|chosen| chosen.partner == actor.scope().partner());
        let before = own.and_then(|own| in_words(&own.brand, field)).unwrap_or_else(|| FROM_ABOVE.to_owned());
        let detail = Detail::default().change(field.label(), before, after).line();
        let entry = entry(actor, Event::BrandChanged, "", &detail);
        Ok(self.store.set_brand(actor.scope(), change, &entry, self.now()).await?)
    }
}
