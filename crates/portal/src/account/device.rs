//! What somebody is signed in with, in plain words.

use serde::{Deserialize, Serialize};

/// What a session remembers of the browser that began it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its own words for itself.
    agent: String,
    pub address: String,
}

/// The longest that is kept of them.
const LONGEST: usize = 300;

/// Looked for in this order: most browsers claim to be others as well.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi", "Vivaldi"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "a Mac"),
    ("Linux", "Linux"),
];

impl Device {
    /// Under which name a session holds it.
    pub const KEY: &'static str = "device";

    #[must_use]
    pub fn new(agent: &str, address: &str) -> Device {
        Device { agent: agent.chars().take(LONGEST).collect(), address: address.to_owned() }
    }

    pub(super) fn words(&self) -> String {
        let named = |names: &[(&str, &'static str)]| {
            names.iter().find(|(sign, _)| self.agent.contains(sign)).map(|(_, name)| *name)
        };
        // Safari alone says so by leaving everything else out.
        let browser = named(&BROWSERS).or_else(|| self.agent.contains("Safari/").then_some("Safari"));
        match (browser, named(&SYSTEMS)) {
            (Some(browser), Some(system)) => format!("{browser} on {system}"),
            (Some(browser), None) => browser.to_owned(),
            (None, Some(system)) => format!("A browser on {system}"),
            (None, None) => "Something that does not say what it is".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart() {
        let words = |agent: &str| Device::new(agent, "").words();
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        assert_eq!(
            words(&format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/150.0 Safari/537.36")),
            "Chrome on Windows"
        );
        assert_eq!(
            words(&format!("Mozilla/5.0 (Windows NT 10.0) {webkit} Chrome/150.0 Safari/537.36 Edg/150.0")),
            "Edge on Windows"
        );
        assert_eq!(
            words("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox on Linux"
        );
        assert_eq!(
            words(
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604"
            ),
            "Safari on an iPhone"
        );
        assert_eq!(words("curl/8"), "Something that does not say what it is");
        assert_eq!(Device::new(&"x".repeat(5000), "").agent.len(), LONGEST);
    }
}
