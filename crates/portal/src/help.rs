//! The guides and the permissions, with whom to ask and where the data lies.

use domain::brand::PRODUCT;
use domain::help::{Heading, HelpFacts, HelpPage, HelpTopic};
use domain::permission;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::{Onlooker, Portal, Result, Who};

const PARTNERS: &str = include_str!("../../../docs/help/partners.md");
const ORGANIZATIONS: &str = include_str!("../../../docs/help/organizations.md");

impl Portal {
    /// A page of help, under the name that the product has where it is read. A partner's people ask the partner above,
    /// an organization's the partner that looks after it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn help(&self, who: &Who, topic: HelpTopic) -> Result<HelpPage> {
        let (guide, provider) = match who {
            Who::Partner(actor) => (PARTNERS, self.store.provider_above(actor.scope()).await?),
            Who::Organization(actor) => (ORGANIZATIONS, Some(self.store.provider_of(actor.scope()).await?)),
        };
        let brand = self.brand(Onlooker::Somebody(who)).await?;
        let own = match (who, &provider) {
            // Nobody above says whom to ask: then one reads what one says to others.
            (Who::Partner(actor), None | Some((_, None))) => self.store.support_of(actor.scope()).await?,
            _ => None,
        };
        Ok(page(topic, guide, brand.name(), self.facts(provider, own)))
    }

    fn facts(&self, provider: Option<(String, Option<String>)>, own_support: Option<String>) -> HelpFacts {
        let (provider, support) = provider.map_or((None, None), |(name, support)| (Some(name), support));
        let data_location = self.installation.data_location.clone();
        HelpFacts { provider, support, own_support, data_location }
    }
}

fn page(topic: HelpTopic, guide: &str, name: &str, facts: HelpFacts) -> HelpPage {
    let (title, contents, html) = match topic {
        HelpTopic::Guide => rendered(guide, name),
        HelpTopic::Permissions => rendered(&permission::document(), name),
    };
    HelpPage { title, contents, html, facts }
}

/// The heading of the text, those below it, and the rest as HTML, in which they can be jumped to. The
/// product is called by the name given.
fn rendered(markdown: &str, name: &str) -> (String, Vec<Heading>, String) {
    let named = |event| match event {
        Event::Text(text) if text.contains(PRODUCT) => Event::Text(text.replace(PRODUCT, name).into()),
        event => event,
    };
    let mut events: Vec<Event<'_>> = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(named).collect();
    let mut title = String::new();
    let mut contents: Vec<Heading> = Vec::new();
    let mut at = 0;
    while at < events.len() {
        let Event::Start(Tag::Heading { level, .. }) = &events[at] else {
            at += 1;
            continue;
        };
        let level = *level;
        let ends = |e: &Event<'_>| matches!(e, Event::End(TagEnd::Heading(_)));
        let length = events[at..].iter().position(ends).unwrap_or_default();
        let text: String = events[at..at + length].iter().filter_map(said).collect();
        if level == HeadingLevel::H1 {
            title = text;
            events.drain(at..=at + length);
            continue;
        }
        let id = slug(&text);
        if let Event::Start(Tag::Heading { id: its, .. }) = &mut events[at] {
            *its = Some(CowStr::from(id.clone()));
        }
        if level == HeadingLevel::H2 {
            contents.push(Heading { id, text });
        }
        at += length;
    }
    let mut out = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut out, events.into_iter());
    // Wide tables scroll by themselves, also by keyboard, and not with the page.
    let out = out
        .replace(
            "<table>",
            "<div class=\"table-wrap\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>",
        )
        .replace("</table>", "</table></div>");
    (title, contents, out)
}

fn said<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guide_has_its_title_and_headings_to_jump_to() {
        for guide in [PARTNERS, ORGANIZATIONS, &permission::document()] {
            let (title, contents, html) = rendered(guide, "Ours");
            assert!(!html.contains(PRODUCT));
            assert!(!title.is_empty() && contents.len() > 2, "{title}");
            assert!(!html.contains("<h1"), "the page has a heading already");
            for heading in contents {
                let mark = format!("id=\"{}\"", heading.id);
                assert_eq!(html.matches(&mark).count(), 1, "{mark}");
            }
        }
    }

    #[test]
    fn the_guides_name_every_role() {
        use domain::access::{OrgRole, PartnerRole};
        for role in PartnerRole::ALL {
            assert!(PARTNERS.contains(&format!("| {} |", role.label())), "{}", role.label());
        }
        for role in OrgRole::ALL {
            assert!(ORGANIZATIONS.contains(&format!("| {} |", role.label())), "{}", role.label());
        }
    }
}
