//! What kind of thing a plan sells.

use serde::{Deserialize, Serialize};

/// The product behind a plan. Backup keeps and restores; Archiver keeps for the law as well; each comes
/// without and with Entra.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProductType {
    Backup,
    Archiver,
    BackupEntra,
    ArchiverEntra,
}

impl ProductType {
    pub const ALL: [ProductType; 4] =
        [ProductType::Backup, ProductType::Archiver, ProductType::BackupEntra, ProductType::ArchiverEntra];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            ProductType::Backup => "backup",
            ProductType::Archiver => "archiver",
            ProductType::BackupEntra => "backup-entra",
            ProductType::ArchiverEntra => "archiver-entra",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<ProductType> {
        ProductType::ALL.into_iter().find(|p| p.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            ProductType::Backup => "Backup",
            ProductType::Archiver => "Archiver",
            ProductType::BackupEntra => "Backup Entra",
            ProductType::ArchiverEntra => "Archiver Entra",
        }
    }

    /// Whether it opens the Entra portal. Such products are offered only by partners for whom the Entra SKU is
    /// enabled.
    #[must_use]
    pub const fn has_entra(self) -> bool {
        matches!(self, ProductType::BackupEntra | ProductType::ArchiverEntra)
    }

    #[must_use]
    pub const fn has_archive(self) -> bool {
        matches!(self, ProductType::Archiver | ProductType::ArchiverEntra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_has_its_words() {
        for (product, slug, label, entra, archive) in [
            (ProductType::Backup, "backup", "Backup", false, false),
            (ProductType::Archiver, "archiver", "Archiver", false, true),
            (ProductType::BackupEntra, "backup-entra", "Backup Entra", true, false),
            (ProductType::ArchiverEntra, "archiver-entra", "Archiver Entra", true, true),
        ] {
            assert_eq!(product.slug(), slug);
            assert_eq!(product.label(), label);
            assert_eq!(product.has_entra(), entra);
            assert_eq!(product.has_archive(), archive);
            assert_eq!(ProductType::from_slug(slug), Some(product));
            assert_eq!(serde_json::to_string(&product).unwrap(), format!("\"{slug}\""));
        }
        assert_eq!(ProductType::from_slug("mail"), None);
    }
}
