//! How a partner's portals and mails look to its people and customers. Each field is inherited on its own: a partner
//! may bring a logo and keep the colour of the one above.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The name where nobody has chosen another.
pub const PRODUCT: &str = "Holdfast";
/// The largest picture, in bytes.
pub const PICTURE_BYTES: usize = 200_000;

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BrandField {
    Name,
    Accent,
    Logo,
    /// What stands in the browser's tab.
    Icon,
}

impl BrandField {
    pub const ALL: [BrandField; 4] =
        [BrandField::Name, BrandField::Accent, BrandField::Logo, BrandField::Icon];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            BrandField::Name => "name",
            BrandField::Accent => "accent",
            BrandField::Logo => "logo",
            BrandField::Icon => "icon",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<BrandField> {
        BrandField::ALL.into_iter().find(|f| f.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            BrandField::Name => "Name",
            BrandField::Accent => "Accent colour",
            BrandField::Logo => "Logo",
            BrandField::Icon => "Icon",
        }
    }
}

/// What sort of file a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PictureKind {
    Png,
    Svg,
    Webp,
}

impl PictureKind {
    pub const ALL: [PictureKind; 3] = [PictureKind::Png, PictureKind::Svg, PictureKind::Webp];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            PictureKind::Png => "png",
            PictureKind::Svg => "svg",
            PictureKind::Webp => "webp",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<PictureKind> {
        PictureKind::ALL.into_iter().find(|k| k.slug() == slug)
    }

    /// As HTTP names it.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            PictureKind::Png => "image/png",
            PictureKind::Svg => "image/svg+xml",
            PictureKind::Webp => "image/webp",
        }
    }
}

/// A picture that somebody uploaded. Another one has another id, so what an address shows never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub id: Uuid,
    pub kind: PictureKind,
    pub width: u16,
    pub height: u16,
}

impl Picture {
    /// Where everybody can have it.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/brand/{}.{}", self.id, self.kind.slug())
    }

    /// Whether it is wide enough to have the name in it, which then need not stand beside it.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        u32::from(self.width) * 2 >= u32::from(self.height) * 5
    }

    /// Width and height when it is as large as it can be within `width` and `height`, and no larger than it is.
    #[must_use]
    pub fn within(&self, width: u32, height: u32) -> (u32, u32) {
        let (own_width, own_height) = (u32::from(self.width.max(1)), u32::from(self.height.max(1)));
        // A drawing has no size of its own.
        let height = if self.kind == PictureKind::Svg { height } else { height.min(own_height) };
        let wide = (own_width * height / own_height).max(1);
        if wide <= width { (wide, height) } else { (width, (own_height * width / own_width).max(1)) }
    }
}

/// What was chosen, or what of it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandView {
    pub name: Option<String>,
    /// As somebody chose it, `#0b6b57`; the pages show [shades](crate::colour::Accent) of it.
    pub accent: Option<String>,
    pub logo: Option<Picture>,
    pub icon: Option<Picture>,
}

impl BrandView {
    /// The name that is shown.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(PRODUCT)
    }

    /// What is not chosen here, from above.
    #[must_use]
    pub fn or(self, above: BrandView) -> BrandView {
        BrandView {
            name: self.name.or(above.name),
            accent: self.accent.or(above.accent),
            logo: self.logo.or(above.logo),
            icon: self.icon.or(above.icon),
        }
    }

    #[must_use]
    pub const fn has(&self, field: BrandField) -> bool {
        match field {
            BrandField::Name => self.name.is_some(),
            BrandField::Accent => self.accent.is_some(),
            BrandField::Logo => self.logo.is_some(),
            BrandField::Icon => self.icon.is_some(),
        }
    }

    /// The style sheet with the shades; none for the product's own colour.
    #[must_use]
    pub fn style(&self) -> Option<String> {
        self.accent.as_deref().map(style_of)
    }
}

/// The style sheet with the shades of a colour.
#[must_use]
pub fn style_of(accent: &str) -> String {
    format!("/brand/{}.css", accent.trim_start_matches('#'))
}

/// The same for the preview on the page about it.
#[must_use]
pub fn preview_of(accent: &str) -> String {
    format!("/brand/{}.preview.css", accent.trim_start_matches('#'))
}

/// Where what is shown comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BrandOrigin {
    Own,
    /// A partner above, by name.
    From(String),
    /// Nobody has chosen.
    Product,
}

/// What the page about it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandingPage {
    pub shown: BrandView,
    /// Of each field, in the order of [`BrandField::ALL`].
    pub origins: Vec<BrandOrigin>,
    /// The accent as text and buttons have it on light and on dark pages.
    pub shades: Option<(String, String)>,
}

impl BrandingPage {
    #[must_use]
    pub fn origin(&self, field: BrandField) -> BrandOrigin {
        let at = BrandField::ALL.iter().position(|f| *f == field).unwrap_or(0);
        self.origins.get(at).cloned().unwrap_or(BrandOrigin::Product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_inherited_on_its_own() {
        let own = BrandView { name: Some("Harbour".to_owned()), ..BrandView::default() };
        let above = BrandView {
            name: Some("Lighthouse".to_owned()),
            accent: Some("#123456".to_owned()),
            ..BrandView::default()
        };
        let shown = own.or(above);
        assert_eq!((shown.name(), shown.style().as_deref()), ("Harbour", Some("/brand/123456.css")));
        assert_eq!(BrandView::default().name(), PRODUCT);
    }

    #[test]
    fn pictures_keep_their_shape() {
        let picture = |kind, width, height| Picture { id: Uuid::nil(), kind, width, height };
        assert_eq!(picture(PictureKind::Png, 400, 100).within(150, 26), (104, 26));
        assert_eq!(picture(PictureKind::Png, 1000, 100).within(150, 26), (150, 15));
        assert_eq!(picture(PictureKind::Png, 16, 16).within(150, 26), (16, 16));
        assert_eq!(picture(PictureKind::Svg, 16, 16).within(150, 26), (26, 26));
        assert!(
            picture(PictureKind::Png, 250, 100).is_wide() && !picture(PictureKind::Png, 200, 100).is_wide()
        );
    }
}
