//! Which plan may follow which. The form, the preview and the service all ask this table.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::money::Currency;
use crate::price_plan::PlanTerms;
use crate::product::ProductType;

/// What an allowed change of plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanChange {
    /// The same product on other terms: price, periodicity, trial to standard.
    Terms,
    /// A product that holds more.
    Upgrade,
}

/// Why a plan cannot follow. Each message is fit to show beside the plan in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum Refusal {
    #[error(
        "From {from} to {to} is a downgrade, because the archive would be lost. Nothing was changed. Choose a plan \
         with Archiver.",
        from = .from.label(), to = .to.label()
    )]
    Downgrade { from: ProductType, to: ProductType },
    #[error(
        "From {from} to {to} would take Entra away, and a plan with Entra cannot change to one without. Nothing \
         was changed. Choose a plan with Entra.",
        from = .from.label(), to = .to.label()
    )]
    LosesEntra { from: ProductType, to: ProductType },
    #[error(
        "The plan in use is billed in {from}, and this one in {to}. A subscription keeps its currency. Nothing was \
         changed. Choose a plan in {from}.",
        from = .from.code(), to = .to.code()
    )]
    Currency { from: Currency, to: Currency },
}

impl Refusal {
    /// Why, without what follows for somebody who has tried it: for a list.
    #[must_use]
    pub fn reason(&self) -> String {
        let said = self.to_string();
        said.split(" Nothing was changed.").next().unwrap_or_default().to_owned()
    }
}

/// Whether a subscription may change from one plan's terms to another's, and what sort of change it is.
///
/// # Errors
/// The reason why not: a downgrade, a loss of Entra, or another currency, in this order, since a product that
/// can never follow is not worth a plan in another currency.
pub fn plan_change(from: &PlanTerms, to: &PlanTerms) -> Result<PlanChange, Refusal> {
    let change = product_change(from.product, to.product)?;
    if from.currency != to.currency {
        return Err(Refusal::Currency { from: from.currency, to: to.currency });
    }
    Ok(change)
}

/// The table over products alone.
fn product_change(from: ProductType, to: ProductType) -> Result<PlanChange, Refusal> {
    use ProductType::{Archiver, ArchiverEntra, Backup, BackupEntra};
    match (from, to) {
        (Backup, Backup)
        | (Archiver, Archiver)
        | (BackupEntra, BackupEntra)
        | (ArchiverEntra, ArchiverEntra) => Ok(PlanChange::Terms),
        (Backup, BackupEntra | ArchiverEntra | Archiver)
        | (BackupEntra, ArchiverEntra)
        | (Archiver, ArchiverEntra) => Ok(PlanChange::Upgrade),
        (BackupEntra | ArchiverEntra, Backup | Archiver) => Err(Refusal::LosesEntra { from, to }),
        (Archiver, Backup | BackupEntra) | (ArchiverEntra, BackupEntra) => {
            Err(Refusal::Downgrade { from, to })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price_plan::{Periodicity, PlanKind};

    fn terms(product: ProductType, code: &str) -> PlanTerms {
        PlanTerms {
            product,
            currency: Currency::from_code(code).unwrap(),
            price_minor: 420,
            periodicity: Periodicity::Monthly,
            kind: PlanKind::Standard,
        }
    }

    #[test]
    fn all_sixteen_pairs() {
        let pairs = [
            ("backup", "backup", "terms"),
            ("backup", "archiver", "upgrade"),
            ("backup", "backup-entra", "upgrade"),
            ("backup", "archiver-entra", "upgrade"),
            ("archiver", "backup", "downgrade"),
            ("archiver", "archiver", "terms"),
            ("archiver", "backup-entra", "downgrade"),
            ("archiver", "archiver-entra", "upgrade"),
            ("backup-entra", "backup", "loses entra"),
            ("backup-entra", "archiver", "loses entra"),
            ("backup-entra", "backup-entra", "terms"),
            ("backup-entra", "archiver-entra", "upgrade"),
            ("archiver-entra", "backup", "loses entra"),
            ("archiver-entra", "archiver", "loses entra"),
            ("archiver-entra", "backup-entra", "downgrade"),
            ("archiver-entra", "archiver-entra", "terms"),
        ];
        for (from, to, expected) in pairs {
            let from = ProductType::from_slug(from).unwrap();
            let to = ProductType::from_slug(to).unwrap();
            let expected = match expected {
                "terms" => Ok(PlanChange::Terms),
                "upgrade" => Ok(PlanChange::Upgrade),
                "downgrade" => Err(Refusal::Downgrade { from, to }),
                _ => Err(Refusal::LosesEntra { from, to }),
            };
            assert_eq!(plan_change(&terms(from, "EUR"), &terms(to, "EUR")), expected, "{from:?} to {to:?}");
            // Another currency never turns a refusal into an allowance, nor hides its reason.
            let abroad = plan_change(&terms(from, "EUR"), &terms(to, "USD"));
            match expected {
                Ok(_) => assert!(matches!(abroad, Err(Refusal::Currency { .. })), "{from:?} to {to:?}"),
                Err(_) => assert_eq!(abroad, expected),
            }
        }
    }

    #[test]
    fn a_refusal_says_what_stayed_and_what_to_choose() {
        let eur = |product| terms(product, "EUR");
        let why = |from: PlanTerms, to: PlanTerms| plan_change(&from, &to).unwrap_err().to_string();
        assert_eq!(
            why(eur(ProductType::ArchiverEntra), eur(ProductType::BackupEntra)),
            "From Archiver Entra to Backup Entra is a downgrade, because the archive would be lost. Nothing was \
             changed. Choose a plan with Archiver."
        );
        let refused =
            plan_change(&eur(ProductType::ArchiverEntra), &eur(ProductType::BackupEntra)).unwrap_err();
        assert_eq!(
            refused.reason(),
            "From Archiver Entra to Backup Entra is a downgrade, because the archive would be lost."
        );
        assert_eq!(
            why(eur(ProductType::BackupEntra), eur(ProductType::Archiver)),
            "From Backup Entra to Archiver would take Entra away, and a plan with Entra cannot change to one \
             without. Nothing was changed. Choose a plan with Entra."
        );
        assert_eq!(
            why(eur(ProductType::Backup), terms(ProductType::Backup, "USD")),
            "The plan in use is billed in EUR, and this one in USD. A subscription keeps its currency. Nothing \
             was changed. Choose a plan in EUR."
        );
    }
}
