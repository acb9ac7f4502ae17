//! Takes out of a text what would tell whose tenant it is about.

use uuid::Uuid;

/// A text without ids, addresses, domain names and long opaque values. What Graph calls its own
/// (`microsoft.graph.user`, `members@delta`) stays.
pub fn scrub(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '+') {
            word.push(c);
        } else {
            out.push_str(&one(&word));
            word.clear();
            out.push(c);
        }
    }
    out.push_str(&one(&word));
    out
}

fn one(word: &str) -> String {
    // Annotations are Graph's own: `@odata.type`, `members@delta`.
    if word.starts_with("@odata.") || word.contains("@odata.bind") || word.ends_with("@delta") {
        return word.to_owned();
    }
    let bare = word.trim_matches(|c: char| matches!(c, '.' | '-' | '@'));
    let replaced = if bare.contains('@') {
        "{address}"
    } else if bare.len() >= 32 && Uuid::try_parse(bare).is_ok() {
        "{id}"
    } else if domain(bare) {
        "{domain}"
    } else if bare.len() > 40 && !bare.contains('.') {
        "{opaque}"
    } else {
        return word.to_owned();
    };
    word.replacen(bare, replaced, 1)
}

/// Whether a word looks like a domain name: labels, and an end of letters. Microsoft's own names pass.
fn domain(word: &str) -> bool {
    const OURS: [&str; 4] = ["microsoft.", "graph.microsoft.", "learn.microsoft.", "login.microsoftonline."];
    // The names of permissions, too, have dots and capitals.
    if !word.contains('.') || OURS.iter().any(|own| word.starts_with(own)) {
        return false;
    }
    let mut labels = word.rsplit('.');
    let end = labels.next().unwrap_or_default();
    end.len() >= 2
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'))
        && end.chars().all(|c| c.is_ascii_lowercase())
        && labels.all(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_it_was_about_is_gone_and_what_it_was_about_stays() {
        for (text, left) in [
            ("/users/0c0a4b7e-0000-4000-8000-000000000001/manager", "/users/{id}/manager"),
            ("ana.silva@contoso.com is taken", "{address} is taken"),
            ("the domain contoso.onmicrosoft.com.", "the domain {domain}."),
            ("members@delta of microsoft.graph.user", "members@delta of microsoft.graph.user"),
            ("@odata.type, $select=id", "@odata.type, $select=id"),
            ("anyone @contoso.com", "anyone @{domain}"),
            (
                "User.Read.All and User-LifeCycleInfo.Read.All",
                "User.Read.All and User-LifeCycleInfo.Read.All",
            ),
            ("after 2.5 s", "after 2.5 s"),
            ("id 46cc6179906943b5b0e7be4b8b2d1c86", "id {id}"),
            ("$deltatoken=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "$deltatoken={opaque}"),
        ] {
            assert_eq!(scrub(text), left);
        }
    }
}
