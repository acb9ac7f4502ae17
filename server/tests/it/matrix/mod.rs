//! The permission matrix over HTTP: every role and both sorts of tokens, on every server function and every route of
//! the API, on one's own, a sub-partner's and a stranger's data, and on what is not there. What is expected stands in
//! `lines`.

mod lines;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use leptos::server_fn;
use portal::NewApiToken;
use uuid::Uuid;

use crate::browser::{Answer, Browser, named, request};
use lines::{About, FUNCTIONS, Line, ROUTES, Who};
use world::{Caller, Company, Kind, World, twin};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Own,
    Sub,
    Stranger,
    Missing,
}

const TARGETS: [Target; 4] = [Target::Own, Target::Sub, Target::Stranger, Target::Missing];

/// What was tried, and what should not have been.
#[derive(Default)]
struct Count {
    cases: u32,
    leaks: Vec<String>,
}

impl Count {
    fn check(&mut self, good: bool, what: impl FnOnce() -> String) {
        self.cases += 1;
        if !good {
            self.leaks.push(what());
        }
    }

    fn end(self, what: &str) {
        println!("{what}: {} cases tried, {} leaks", self.cases, self.leaks.len());
        assert!(self.leaks.is_empty(), "{}", self.leaks.join("\n"));
    }
}

impl World {
    fn company(&self, target: Target) -> Option<&Company> {
        match target {
            Target::Own => Some(&self.own),
            Target::Sub => Some(&self.sub),
            Target::Stranger => Some(&self.stranger),
            Target::Missing => None,
        }
    }

    /// Whose names the caller's answers may not hold.
    fn marks(&self, caller: &Caller) -> Vec<String> {
        let mut marks = self.stranger.marks();
        match caller.kind {
            Kind::Partner => {}
            Kind::Organization | Kind::Visitor => marks.extend(self.sub.marks()),
            Kind::Nobody => marks.extend([self.sub.marks(), self.own.marks()].concat()),
        }
        if caller.kind == Kind::Partner && caller.letter == 'F' {
            marks.extend(self.own.directory.iter().chain(&self.sub.directory).cloned());
        }
        marks
    }

    /// Something in every field that any function has.
    async fn fields(&self, line: &Line, target: Target, allowed: bool) -> BTreeMap<String, String> {
        let missing = Uuid::from_u128(0x019a_b000_0000_7000_8000_0000_0000_0000);
        let company = self.company(target);
        let id = |of: fn(&Company) -> Uuid| company.map_or(missing, of).to_string();
        let token = match company {
            Some(own) if line.about == About::Token && allowed => self.fresh_token(own).await.to_string(),
            _ => id(|c| c.token),
        };
        let about = match line.about {
            About::Plan => id(|c| c.plan),
            About::Partner => id(|c| c.partner),
            About::Token => token,
            _ => id(|c| c.organization),
        };
        let name = company.map_or_else(|| "Nothing".to_owned(), Company::name);
        let user = company.map_or_else(|| missing.to_string(), |c| c.user.clone());
        let changed = company.map_or_else(|| format!("user:{missing}"), |c| c.changed.clone());
        let mut fields: BTreeMap<String, String> = [
            ("organization", id(|c| c.organization)),
            ("tenant", id(|c| c.tenant)),
            ("partner", id(|c| c.partner)),
            ("plan", id(|c| c.plan)),
            ("job", id(|c| c.job)),
            ("number", company.map_or(1, |c| c.restore).to_string()),
            ("id", about),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        for (name, value) in COMMON {
            fields.insert((*name).to_owned(), (*value).to_owned());
        }
        if line.about == About::Nothing {
            // A list of one's own is filtered by nothing.
            for name in ["partner", "plan", "organization"] {
                fields.insert(name.to_owned(), String::new());
            }
        }
        let extra = line.with.iter().chain(line.harmless.iter().filter(|_| allowed));
        for (field, value) in extra {
            let value = value
                .replace("{name}", &name)
                .replace("{user}", &user)
                .replace("{changed}", &changed)
                .replace("{organization}", &fields["organization"])
                .replace("{partner}", &id(|c| c.partner))
                .replace("{admin}", &id(|c| c.admin.account))
                .replace("{stranger}", &self.stranger.partner.to_string());
            fields.insert((*field).to_owned(), value);
        }
        fields
    }

    async fn fresh_token(&self, of: &Company) -> Uuid {
        let new = NewApiToken { name: "Fresh".to_owned(), back_up: false, days: "1".to_owned() };
        self.house.portal.create_token(&of.admin, new).await.unwrap();
        let listed = self.house.portal.tokens(&of.admin).await.unwrap().tokens;
        listed.into_iter().find(|row| row.name == "Fresh").unwrap().id
    }
}

const COMMON: &[(&str, &str)] = &[
    ("name", "x"),
    ("product", "backup-entra"),
    ("currency", "EUR"),
    ("price", "1"),
    ("periodicity", "monthly"),
    ("rule", "enabled-members"),
    ("kind", "standard"),
    ("archived", "true"),
    ("first_name", "x"),
    ("last_name", "x"),
    ("email", "somebody@y.example"),
    ("country", "DE"),
    ("seats", "50"),
    ("what", "suspend"),
    ("reason", "x"),
    ("state", ""),
    ("words", ""),
    ("credential", ""),
    ("health", ""),
    ("days", "30"),
    ("directory", "6f1c2b9a-0d3e-4f5a-8b7c-9d0e1f2a3b4c"),
    ("client_id", "6f1c2b9a-0d3e-4f5a-8b7c-9d0e1f2a3b4c"),
    ("secret", "not-the-secret"),
    ("cloud", "global"),
];

fn may(line: &Line, caller: &Caller) -> bool {
    match (line.who, caller.kind) {
        (Who::Everybody, _) => true,
        (Who::SignedIn, kind) => kind != Kind::Nobody,
        (Who::Partner(roles) | Who::Both(roles, ..), Kind::Partner)
        | (Who::Organization(roles, _) | Who::Both(_, roles, _), Kind::Organization)
        | (Who::Organization(_, roles) | Who::Both(.., roles) | Who::Visitors(roles), Kind::Visitor) => {
            roles.contains(caller.letter)
        }
        _ => false,
    }
}

fn reaches(line: &Line, caller: &Caller, target: Target) -> bool {
    if line.about == About::Nothing {
        return true;
    }
    match caller.kind {
        Kind::Partner => matches!(target, Target::Own | Target::Sub),
        _ => target == Target::Own,
    }
}

/// Whether the answer is the one that is expected.
fn fits(line: &Line, caller: &Caller, target: Target, answer: &Answer) -> bool {
    let status = answer.status.as_u16();
    if line.who == Who::Everybody {
        return status < 500;
    }
    if caller.kind == Kind::Nobody {
        return status == 401;
    }
    if caller.kind == Kind::Partner && line.blank.contains(caller.letter) {
        return status == 200 && answer.text == "null";
    }
    match (may(line, caller), reaches(line, caller, target)) {
        (true, true) => match line.answers {
            Some(expected) => status == expected,
            // Microsoft does not know what was entered: that is no refusal of ours.
            None => !matches!(status, 401 | 403 | 404) && (status < 500 || status == 502),
        },
        (false, true) => status == 403 || (status == 404 && matches!(line.who, Who::Visitors(_))),
        (true, false) => status == line.elsewhere,
        (false, false) => matches!(status, 403 | 404) || (status >= 400 && status == line.elsewhere),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_answers_those_who_may_and_nobody_else() {
    let registered: BTreeSet<&str> = server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let written: BTreeSet<&str> = FUNCTIONS.iter().map(|line| named(line.name)).collect();
    let missing: Vec<_> = registered.difference(&written).collect();
    assert!(missing.is_empty(), "server functions without a line in lines.rs: {missing:?}");
    assert_eq!(written.len(), FUNCTIONS.len(), "a function has two lines");

    let world = World::new().await;
    let mut count = Count::default();
    let untouched = world.state(&world.stranger, true).await;
    // Those who may only look come first: what they leave is compared with what they found.
    let (readers, others): (Vec<_>, Vec<_>) =
        world.callers.iter().partition(|c| c.letter == 'V' || (c.letter == 'R' && c.kind != Kind::Nobody));
    let own = world.state(&world.own, false).await;
    for caller in readers {
        try_all(&world, caller, &mut count).await;
        count.check(world.state(&world.own, false).await == own, || {
            format!("{:?} {} only looks, and changed something", caller.kind, caller.letter)
        });
    }
    for caller in others {
        try_all(&world, caller, &mut count).await;
    }
    let now = world.state(&world.stranger, true).await;
    count.check(now == untouched, || "something of a stranger's was changed".to_owned());
    count.end("server functions");
}

async fn try_all(world: &World, caller: &Caller, count: &mut Count) {
    let marks = world.marks(caller);
    for line in FUNCTIONS {
        let targets = if line.about == About::Nothing { &TARGETS[..1] } else { &TARGETS[..] };
        let mut elsewhere = Vec::new();
        for target in targets {
            let allowed = may(line, caller) && reaches(line, caller, *target);
            let fields = world.fields(line, *target, allowed).await;
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let mut browser = match line.moves_on {
                true => world.enter(caller.kind, &twin(&caller.email)).await,
                false => caller.browser.clone(),
            };
            let answer = browser.call(named(line.name), &fields).await;
            let about = || {
                let Answer { status, text, .. } = &answer;
                let text: String = text.chars().take(200).collect();
                format!("{:?} {}: {} on {target:?}: {status} {text}", caller.kind, caller.letter, line.name)
            };
            count.check(fits(line, caller, *target, &answer), about);
            let found = marks.iter().find(|mark| answer.text.contains(*mark));
            count.check(found.is_none(), || format!("{found:?} in {}", about()));
            if matches!(target, Target::Stranger | Target::Missing) {
                elsewhere.push((answer.status, answer.text));
            }
        }
        if let [strangers, missing] = &elsewhere[..] {
            count.check(strangers == missing, || {
                format!(
                    "{:?} {}: {} shows that it exists: {elsewhere:?}",
                    caller.kind, caller.letter, line.name
                )
            });
        }
    }
}

/// A request with a token, and no cookie.
async fn with_token(browser: &Browser, method: &str, path: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let method: Method = method.to_uppercase().parse().unwrap();
    browser.clone().send(request(method, path, &[("authorization", &bearer)], "")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_the_api_answers_the_tokens_that_may() {
    let document = serde_json::to_value(server::http::api::document()).unwrap();
    let documented: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(|m| (m.clone(), path.clone())))
        .collect();
    let written: BTreeSet<_> = ROUTES.iter().map(|(m, p, _)| ((*m).to_owned(), (*p).to_owned())).collect();
    assert_eq!(documented, written, "routes without a line in lines.rs");

    let world = World::new().await;
    let mut count = Count::default();
    let untouched = world.state(&world.stranger, true).await;
    let portal = &world.house.portal;
    let new = |back_up| NewApiToken { name: "Watch".to_owned(), back_up, days: "1".to_owned() };
    let (admin, owner) = (&world.own.admin, &world.own.owner);
    let tokens = [
        ('o', portal.create_token(admin, new(false)).await.unwrap().secret),
        ('O', portal.create_token(admin, new(true)).await.unwrap().secret),
        ('p', portal.create_partner_token(owner, None, new(false)).await.unwrap().secret),
        ('P', portal.create_partner_token(owner, None, new(true)).await.unwrap().secret),
    ];
    let nobody = world.house.browser();
    let missing = Uuid::from_u128(0x019a_b000_0000_7000_8000_0000_0000_0000);
    let filled = |path: &str, target: Target| {
        let of = |id: fn(&Company) -> Uuid| world.company(target).map_or(missing, id).to_string();
        let path = path.replace("{organization}", &of(|c| c.organization));
        format!("/api/v1{}", path.replace("{tenant}", &of(|c| c.tenant)).replace("{job}", &of(|c| c.job)))
    };
    for (method, path, letters) in ROUTES {
        for (letter, token) in &tokens {
            let is_partners = letter.eq_ignore_ascii_case(&'p');
            let mut marks = world.stranger.marks();
            if !is_partners {
                marks.extend(world.sub.marks());
            }
            let mut elsewhere = Vec::new();
            for target in TARGETS {
                let answer = with_token(&nobody, method, &filled(path, target), token).await;
                let about =
                    || format!("{letter}: {method} {path} on {target:?}: {} {}", answer.status, answer.text);
                let reaches =
                    target == Target::Own || (target == Target::Sub && is_partners) || !path.contains('{');
                let good = match (letters.contains(*letter), reaches) {
                    (true, true) => answer.status.is_success(),
                    (false, true) => answer.status == StatusCode::FORBIDDEN,
                    (_, false) => answer.status == StatusCode::NOT_FOUND,
                };
                count.check(good, about);
                let found = marks.iter().find(|mark| answer.text.contains(*mark));
                count.check(found.is_none(), || format!("{found:?} in {}", about()));
                if matches!(target, Target::Stranger | Target::Missing) && path.contains('{') {
                    elsewhere.push((answer.status, answer.text));
                }
            }
            if let [strangers, missing] = &elsewhere[..] {
                count.check(strangers == missing, || format!("{letter}: {path} shows that it exists"));
            }
        }
        // A session opens nothing here, and neither does nothing.
        for caller in [&world.callers[0], &world.callers[world.callers.len() - 1]] {
            let method: Method = method.to_uppercase().parse().unwrap();
            let answer =
                caller.browser.clone().send(request(method, &filled(path, Target::Own), &[], "")).await;
            count.check(answer.status == StatusCode::UNAUTHORIZED, || format!("{path}: {answer:?}"));
        }
    }
    // A token opens no page and no server function.
    for line in FUNCTIONS.iter().filter(|line| line.who != Who::Everybody) {
        let answer = with_token(&nobody, "post", named(line.name), &tokens[3].1).await;
        count.check(answer.status == StatusCode::UNAUTHORIZED, || format!("{}: {answer:?}", line.name));
    }
    let now = world.state(&world.stranger, true).await;
    count.check(now == untouched, || "something of a stranger's was changed".to_owned());
    count.end("routes of the API");
}
