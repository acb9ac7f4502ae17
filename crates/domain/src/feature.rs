//! The features of the End-User Portal that a partner can switch on and off, and where a setting comes from.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A part of the End-User Portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Connect a tenant and change its credentials.
    Connect,
    BackUpNow,
    Search,
    Compare,
    Restore,
    Download,
    Alerts,
    UserManagement,
    Api,
}

impl Feature {
    /// In the order in which pages list them.
    pub const ALL: [Feature; 9] = [
        Feature::Connect,
        Feature::BackUpNow,
        Feature::Search,
        Feature::Compare,
        Feature::Restore,
        Feature::Download,
        Feature::Alerts,
        Feature::UserManagement,
        Feature::Api,
    ];

    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Feature::Connect => "connect",
            Feature::BackUpNow => "back-up-now",
            Feature::Search => "search",
            Feature::Compare => "compare",
            Feature::Restore => "restore",
            Feature::Download => "download",
            Feature::Alerts => "alerts",
            Feature::UserManagement => "user-management",
            Feature::Api => "api",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Feature> {
        Feature::ALL.into_iter().find(|f| f.slug() == slug)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Feature::Connect => "Connect",
            Feature::BackUpNow => "Back up now",
            Feature::Search => "Search",
            Feature::Compare => "Compare",
            Feature::Restore => "Restore",
            Feature::Download => "Download",
            Feature::Alerts => "Alerts",
            Feature::UserManagement => "User management",
            Feature::Api => "API",
        }
    }

    /// What the organization's people can do while it is on.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Feature::Connect => "Connect a tenant, renew its credentials, give consent.",
            Feature::BackUpNow => "Start and cancel a backup outside of the schedule.",
            Feature::Search => "Search in every snapshot.",
            Feature::Compare => "Compare two snapshots, or a snapshot with the live tenant.",
            Feature::Restore => "Plan and run a restore, and undo it.",
            Feature::Download => "Download objects and comparisons as files.",
            Feature::Alerts => "See alerts and choose which are sent.",
            Feature::UserManagement => "Invite people of the organization and change their roles.",
            Feature::Api => "Create API tokens and use the REST API.",
        }
    }

    /// Whether it is about a tenant of Entra ID: a plan without Entra has none of it.
    #[must_use]
    pub const fn needs_entra(self) -> bool {
        !matches!(self, Feature::UserManagement | Feature::Api)
    }

    /// What a person is told who meets a feature that is off.
    #[must_use]
    pub fn refusal(self) -> String {
        let or_plan = if self.needs_entra() { ", or your plan has no Entra" } else { "" };
        format!(
            "{} is switched off for your organization{or_plan}. Nothing was changed. Ask your service provider to \
             switch it on.",
            self.label()
        )
    }

    /// What holds where nobody has decided.
    #[must_use]
    pub const fn default_on(self) -> bool {
        true
    }
}

/// Which features are on, all together: what an actor carries along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureSet(u16);

impl FeatureSet {
    /// Nothing is switched off: the installation's own organization, and a partner's own deeds.
    pub const EVERYTHING: FeatureSet = FeatureSet(u16::MAX);

    #[must_use]
    pub const fn has(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u16) != 0
    }
}

impl FromIterator<Feature> for FeatureSet {
    fn from_iter<I: IntoIterator<Item = Feature>>(on: I) -> FeatureSet {
        FeatureSet(on.into_iter().fold(0, |set, feature| set | (1 << feature as u16)))
    }
}

/// Where features are switched on and off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeatureLevel {
    Plan,
    Partner,
    Organization,
}

/// How a setting is typed and told: "on", "off", or nothing for what is inherited.
#[must_use]
pub fn read_setting(typed: &str) -> Option<bool> {
    match typed {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

#[must_use]
pub const fn setting_words(setting: Option<bool>) -> &'static str {
    match setting {
        Some(true) => "on",
        Some(false) => "off",
        None => "inherited",
    }
}

/// One feature on the page where it is switched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureRow {
    pub feature: Feature,
    /// What is set here.
    pub own: Option<bool>,
    /// What would hold if nothing were set here.
    pub inherited: bool,
    /// Where that comes from: "the plan Entra Basic".
    pub from: String,
}

/// The features of a plan, a partner or an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeaturesView {
    pub level: FeatureLevel,
    pub id: Uuid,
    pub name: String,
    pub rows: Vec<FeatureRow>,
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Nobody: it is so from the start.
    Default,
    Plan,
    /// The partner that stands so many steps above the organization's own: 0 is its own partner.
    Partner {
        above: u16,
    },
    Organization,
}

/// A setting in force, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    pub on: bool,
    pub origin: Origin,
}

/// What each level says about one feature; `None` leaves it to the level before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels<'a> {
    pub plan: Option<bool>,
    /// From the distributor down to the organization's own partner.
    pub partners: &'a [Option<bool>],
    pub organization: Option<bool>,
}

/// The nearest level that has decided: the organization, then its partner and on up, then the plan, then the
/// default.
#[must_use]
pub fn resolve(feature: Feature, levels: Levels<'_>) -> Resolved {
    if let Some(on) = levels.organization {
        return Resolved { on, origin: Origin::Organization };
    }
    for (above, setting) in (0u16..).zip(levels.partners.iter().rev()) {
        if let Some(on) = *setting {
            return Resolved { on, origin: Origin::Partner { above } };
        }
    }
    match levels.plan {
        Some(on) => Resolved { on, origin: Origin::Plan },
        None => Resolved { on: feature.default_on(), origin: Origin::Default },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(plan: Option<bool>, partners: &[Option<bool>], organization: Option<bool>) -> Resolved {
        resolve(Feature::Restore, Levels { plan, partners, organization })
    }

    #[test]
    fn the_nearest_level_that_has_decided_counts() {
        let is = |on, origin| Resolved { on, origin };
        assert_eq!(of(None, &[], None), is(true, Origin::Default));
        assert_eq!(of(None, &[None, None], None), is(true, Origin::Default));
        assert_eq!(of(Some(false), &[], None), is(false, Origin::Plan));
        assert_eq!(of(Some(false), &[None], None), is(false, Origin::Plan));
        assert_eq!(of(Some(false), &[Some(true)], None), is(true, Origin::Partner { above: 0 }));
        assert_eq!(of(Some(true), &[Some(false), None], None), is(false, Origin::Partner { above: 1 }));
        assert_eq!(of(None, &[Some(false), Some(true)], None), is(true, Origin::Partner { above: 0 }));
        assert_eq!(of(Some(true), &[Some(true)], Some(false)), is(false, Origin::Organization));
        assert_eq!(of(Some(false), &[Some(false)], Some(true)), is(true, Origin::Organization));
    }

    #[test]
    fn every_combination_of_two_partners_agrees_with_the_rule() {
        let settings = [None, Some(false), Some(true)];
        for plan in settings {
            for top in settings {
                for own in settings {
                    for organization in settings {
                        let wanted = organization.or(own).or(top).or(plan).unwrap_or(true);
                        let got = of(plan, &[top, own], organization);
                        assert_eq!(got.on, wanted);
                        assert_eq!(got.origin == Origin::Organization, organization.is_some());
                    }
                }
            }
        }
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set: FeatureSet = [Feature::Compare, Feature::Api].into_iter().collect();
        for feature in Feature::ALL {
            assert_eq!(set.has(feature), matches!(feature, Feature::Compare | Feature::Api));
            assert!(FeatureSet::EVERYTHING.has(feature));
        }
    }

    #[test]
    fn all_nine_have_their_words() {
        let slugs: Vec<&str> = Feature::ALL.into_iter().map(Feature::slug).collect();
        assert_eq!(
            slugs,
            [
                "connect",
                "back-up-now",
                "search",
                "compare",
                "restore",
                "download",
                "alerts",
                "user-management",
                "api"
            ]
        );
        for feature in Feature::ALL {
            assert_eq!(Feature::from_slug(feature.slug()), Some(feature));
            assert_eq!(serde_json::to_string(&feature).unwrap(), format!("\"{}\"", feature.slug()));
        }
        assert_eq!(
            Feature::Restore.refusal(),
            "Restore is switched off for your organization, or your plan has no Entra. Nothing was changed. Ask your \
             service provider to switch it on."
        );
    }
}
