//! Pages that the rules add between those of the service, and the numbers of all.

use serde_json::{Map, Value};

use super::bounded::Bounded;
use super::matching::Asked;
use super::rule::LoopContent;
use crate::odata::page;

/// What a token of a rule leads to.
enum Held {
    /// A page that is ready.
    Page(Value),
    /// The page that a loop holds up.
    Loop { rule: u64, page: Value, content: LoopContent, pages: Option<u64> },
}

/// A page that was held ready.
pub(super) struct Served {
    pub(super) body: Value,
    /// The rule whose loop goes on.
    pub(super) rule: Option<u64>,
}

/// The pages that rules hold, the items that they put off, and the numbers of pages.
#[derive(Default)]
pub(super) struct Pages {
    serial: u64,
    held: Bounded<Held>,
    numbers: Bounded<u64>,
    /// Items for the start of the page that a token of the service leads to.
    later: Bounded<Vec<Value>>,
}

impl Pages {
    /// The number of the page that a token leads to, as far as it was counted.
    pub(super) fn number(&self, token: Option<&str>) -> u64 {
        token.and_then(|token| self.numbers.get(token)).copied().unwrap_or(1)
    }

    /// Counts the page behind an answer.
    pub(super) fn count(&mut self, body: &Value, number: u64) {
        if let Some(token) = next_token(body) {
            self.numbers.insert(token, number + 1);
        }
    }

    /// The items that wait for a page; they stay, since a page may be asked for again.
    pub(super) fn put_off(&self, token: &str) -> Option<&Vec<Value>> {
        self.later.get(token)
    }

    /// Puts items off to the next page, or to one of their own where there is none.
    pub(super) fn put_on_next(&mut self, asked: &Asked<'_>, body: &mut Value, items: Vec<Value>) {
        match next_token(body).filter(|token| self.held.get(token).is_none()) {
            Some(token) if self.later.get(&token).is_some() => {
                let mut all = self.later.get(&token).cloned().unwrap_or_default();
                all.extend(items);
                self.later.insert(token, all);
            }
            // The service may give the same token to another reader, whom the items do not concern.
            Some(token) => {
                self.serial += 1;
                let own = format!("{token}{}{}", page::BEHIND, self.serial);
                let link = body["@odata.nextLink"].as_str().unwrap_or_default().replace(&token, &own);
                body["@odata.nextLink"] = link.into();
                self.later.insert(own, items);
            }
            None => self.insert(asked, body, vec![items]),
        }
    }

    /// Adds pages between an answer and what it links to.
    pub(super) fn insert(&mut self, asked: &Asked<'_>, body: &mut Value, pages: Vec<Vec<Value>>) {
        let Some(map) = body.as_object_mut() else { return };
        let mut links = Map::new();
        for name in ["@odata.nextLink", "@odata.deltaLink"] {
            if let Some(link) = map.remove(name) {
                links.insert(name.to_owned(), link);
            }
        }
        for items in pages.into_iter().rev() {
            let token = self.token();
            let mut page = Map::new();
            page.insert("@odata.context".to_owned(), map.get("@odata.context").cloned().unwrap_or_default());
            page.extend(std::mem::take(&mut links));
            page.insert("value".to_owned(), items.into());
            links.insert("@odata.nextLink".to_owned(), link(asked, &token).into());
            self.held.insert(token, Held::Page(page.into()));
        }
        map.extend(links);
    }

    /// Holds an answer up: its first page of a loop.
    pub(super) fn hold_up(
        &mut self,
        asked: &Asked<'_>,
        rule: u64,
        page: Value,
        content: LoopContent,
        pages: Option<u64>,
    ) -> Value {
        let token = self.token();
        let first = loop_page(asked, &page, content, &token, 1);
        self.held.insert(token, Held::Loop { rule, page, content, pages });
        first
    }

    /// The page that a token of a rule leads to.
    pub(super) fn serve(&self, asked: &Asked<'_>, token: &str) -> Option<Served> {
        let (name, n) = token.split_once('.').map_or((token, 0), |(name, n)| (name, n.parse().unwrap_or(0)));
        Some(match self.held.get(name)? {
            Held::Page(body) => Served { body: body.clone(), rule: None },
            Held::Loop { page, pages: Some(pages), .. } if n >= *pages => {
                Served { body: page.clone(), rule: None }
            }
            Held::Loop { rule, page, content, .. } => {
                Served { body: loop_page(asked, page, *content, name, n + 1), rule: Some(*rule) }
            }
        })
    }

    /// Ends every loop that no rule keeps up: its token leads to what it held up.
    pub(super) fn end_loops(&mut self, stands: impl Fn(u64) -> bool) {
        for held in self.held.values_mut() {
            if let Held::Loop { rule, pages, .. } = held
                && !stands(*rule)
            {
                *pages = Some(0);
            }
        }
    }

    fn token(&mut self) -> String {
        self.serial += 1;
        format!("more-{}", self.serial)
    }
}

fn link(asked: &Asked<'_>, token: &str) -> String {
    format!("{}{}?$skiptoken={token}", asked.base, asked.path)
}

fn loop_page(asked: &Asked<'_>, body: &Value, content: LoopContent, name: &str, n: u64) -> Value {
    let items = match content {
        LoopContent::Same => body["value"].clone(),
        LoopContent::Empty => Value::Array(Vec::new()),
    };
    let mut page = Map::new();
    page.insert("@odata.context".to_owned(), body["@odata.context"].clone());
    page.insert("@odata.nextLink".to_owned(), link(asked, &format!("{name}.{n}")).into());
    page.insert("value".to_owned(), items);
    page.into()
}

/// The page token of an answer's next link.
fn next_token(body: &Value) -> Option<String> {
    let link = body["@odata.nextLink"].as_str()?;
    let (_, token) = link.split_once("$skiptoken=")?;
    Some(token.split('&').next().unwrap_or_default().to_owned())
}
