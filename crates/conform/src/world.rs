//! What a probe may do: ask, and make, change and take away objects of its own.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use graph::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::answer::Answer;
use crate::connection::{Connection, Request, Tally};
use crate::guard;
use crate::lab::Lab;
use crate::verdict::{Stop, have};

/// The longest pause between two looks at something that has to show.
const PAUSE: Duration = Duration::from_secs(8);
/// Pages that one walk reads at most.
const PAGES: usize = 2_000;
/// Parts of one batch (Graph's limit).
const BATCH: usize = 20;

/// A user that a probe made.
#[derive(Clone, Debug)]
pub struct User {
    /// Its id.
    pub id: String,
    /// Its principal name.
    pub upn: String,
}

/// Where something that was made goes when it is deleted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bin {
    /// Into the recycle bin, where it can be ended for good.
    Emptied,
    /// Nowhere, or where nobody can end it early.
    Kept,
}

struct Made {
    id: String,
    path: String,
    bin: Bin,
}

/// One probe's world.
pub struct World<'c> {
    graph: &'c Connection,
    lab: Option<&'c Lab>,
    prefix: String,
    made: Mutex<Vec<Made>>,
    own: Mutex<HashSet<String>>,
    domain: OnceCell<String>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A time, as a note tells it.
pub(crate) fn shown(after: Duration) -> String {
    if after < Duration::from_secs(1) { "at once".to_owned() } else { format!("after {} s", after.as_secs()) }
}

impl<'c> World<'c> {
    pub(crate) fn new(graph: &'c Connection, lab: Option<&'c Lab>, prefix: &str) -> World<'c> {
        World {
            graph,
            lab,
            prefix: prefix.to_owned(),
            made: Mutex::default(),
            own: Mutex::default(),
            domain: OnceCell::new(),
        }
    }

    pub(crate) fn graph(&self) -> &Connection {
        self.graph
    }

    pub(crate) fn lab(&self) -> Option<&Lab> {
        self.lab
    }

    /// The simulator, for what nobody can make a tenant do.
    pub(crate) fn only_lab(&self) -> Result<&Lab, Stop> {
        have(self.lab, "only a simulator can be made to do that")
    }

    pub(crate) fn tally(&self) -> Tally {
        self.graph.tally()
    }

    /// A name that nothing else has.
    pub(crate) fn name(&self) -> String {
        let tail = Uuid::new_v4().simple().to_string();
        format!("{}-{}", self.prefix, &tail[..8])
    }

    /// An id that nothing has.
    pub(crate) fn nobody(&self) -> String {
        let id = Uuid::new_v4().to_string();
        lock(&self.own).insert(id.clone());
        id
    }

    // Asking

    /// Reads.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Stop> {
        self.get_with(path, &[]).await
    }

    /// Reads from the index.
    pub(crate) async fn eventual(&self, path: &str) -> Result<Answer, Stop> {
        self.get_with(path, &[("ConsistencyLevel", "eventual")]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Result<Answer, Stop> {
        let method = Method::Get;
        self.graph.send(Request { method, path, headers, body: None, signed: true, patient: true }).await
    }

    /// Reads once, without a token or without waiting for a busy service.
    pub(crate) async fn get_once(&self, path: &str, signed: bool) -> Result<Answer, Stop> {
        let method = Method::Get;
        self.graph.send(Request { method, path, headers: &[], body: None, signed, patient: false }).await
    }

    /// Asks with a POST that changes nothing.
    pub(crate) async fn ask(&self, path: &str, body: Value) -> Result<Answer, Stop> {
        let reads = path.starts_with("/directoryObjects/getByIds") || path == "/$batch";
        let gets = body["requests"].as_array().into_iter().flatten();
        if !reads || !gets.clone().all(|part| part["method"] == "GET") {
            return Err(Stop::NotTried("this would write".to_owned()));
        }
        self.send(Method::Post, path, Some(&body)).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer, Stop> {
        self.graph.send(Request { method, path, headers: &[], body, signed: true, patient: true }).await
    }

    /// Reads again and again until the answer is as awaited, and says how long that took.
    pub(crate) async fn settle(
        &self,
        path: &str,
        what: &str,
        good: impl Fn(&Answer) -> bool + Send,
    ) -> Result<(Answer, Duration), Stop> {
        let began = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            let answer = self.get(path).await?;
            let waited = began.elapsed();
            if good(&answer) {
                return Ok((answer, waited));
            }
            if waited > self.graph.patience() {
                let came = format!("{what} did not show within {} s; last, ", waited.as_secs());
                return Err(Stop::Differs(came + &answer.came()));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE);
        }
    }

    /// Every page of a collection.
    pub(crate) async fn all(&self, path: &str) -> Result<Vec<Value>, Stop> {
        let mut found = Vec::new();
        let mut next = path.to_owned();
        for _ in 0..PAGES {
            let page = self.get(&next).await?.expect(200)?;
            found.extend_from_slice(page.items());
            match page.body["@odata.nextLink"].as_str() {
                Some(link) => next = link.to_owned(),
                None => return Ok(found),
            }
        }
        Err(Stop::NotTried("the collection has no end".to_owned()))
    }

    // Delta

    /// A cursor from now on.
    pub(crate) async fn cursor(&self, path: &str) -> Result<String, Stop> {
        let join = if path.contains('?') { '&' } else { '?' };
        let (_, link) = self.round(&format!("{path}{join}$deltatoken=latest")).await?;
        Ok(link)
    }

    /// One round of a delta: what it told, and where the next begins.
    pub(crate) async fn round(&self, path: &str) -> Result<(Vec<Value>, String), Stop> {
        self.round_with(path, &[]).await
    }

    pub(crate) async fn round_with(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<(Vec<Value>, String), Stop> {
        let mut found = Vec::new();
        let mut next = path.to_owned();
        for _ in 0..PAGES {
            let page = self.get_with(&next, headers).await?.expect(200)?;
            found.extend_from_slice(page.items());
            let link = |name: &str| page.body[name].as_str().map(str::to_owned);
            match (link("@odata.nextLink"), link("@odata.deltaLink")) {
                (Some(more), _) => next = more,
                (None, Some(cursor)) => return Ok((found, cursor)),
                (None, None) => return Err(Stop::Differs("a delta page has no link".to_owned())),
            }
        }
        Err(Stop::NotTried("the delta has no end".to_owned()))
    }

    /// Rounds of a delta until it has told what is awaited: all that it told, how long that took, and where
    /// the next round begins.
    pub(crate) async fn news(
        &self,
        cursor: &str,
        headers: &[(&str, &str)],
        what: &str,
        told: impl Fn(&[Value]) -> bool + Send,
    ) -> Result<News, Stop> {
        let began = Instant::now();
        let mut pause = Duration::from_millis(100);
        let mut items = Vec::new();
        let mut cursor = cursor.to_owned();
        loop {
            let (more, next) = self.round_with(&cursor, headers).await?;
            items.extend(more);
            cursor = next;
            let after = began.elapsed();
            if told(&items) {
                return Ok(News { items, cursor, after });
            }
            if after > self.graph.patience() {
                return Err(Stop::Differs(format!("delta did not tell {what} within {} s", after.as_secs())));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE);
        }
    }

    // Writing

    /// Writes something about an object of the probe's own, and answers whatever Graph says.
    pub(crate) async fn write(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answer, Stop> {
        if !guard::allows(method, path, body.as_ref(), &lock(&self.own)) {
            return Err(Stop::NotTried("a write about an object of somebody else was not sent".to_owned()));
        }
        self.send(method, path, body.as_ref()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Result<Answer, Stop> {
        self.write(Method::Post, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Result<Answer, Stop> {
        self.write(Method::Patch, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Result<Answer, Stop> {
        self.write(Method::Delete, path, None).await
    }

    /// A write that is repeated while Graph does not know an end of it yet: what was just made takes its time.
    pub(crate) async fn steady(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answer, Stop> {
        let began = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            let answer = self.write(method, path, body.clone()).await?;
            if answer.status != 404 || began.elapsed() > self.graph.patience() {
                return Ok(answer);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE);
        }
    }

    /// What points at an object.
    pub(crate) fn reference(&self, id: &str) -> Value {
        json!({ "@odata.id": self.address(id) })
    }

    /// Members to bind with a PATCH or a POST.
    pub(crate) fn bind<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> Value {
        ids.into_iter().map(|id| self.address(id)).collect()
    }

    fn address(&self, id: &str) -> String {
        format!("{}/v1.0/directoryObjects/{id}", self.graph.root())
    }

    // Making

    /// A domain that principal names may have: the initial one, which is never federated.
    pub(crate) async fn domain(&self) -> Result<&str, Stop> {
        let read = async {
            let answer = self.get("/organization?$select=id,verifiedDomains").await?.expect(200)?;
            let domains = answer.items().first().map(|org| org["verifiedDomains"].clone());
            let domains = domains.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
            let initial = domains.iter().find(|d| d["isInitial"] == true).or(domains.first());
            let name = initial.and_then(|d| d["name"].as_str()).map(str::to_owned);
            have(name, "the tenant shows no domain")
        };
        self.domain.get_or_try_init(|| read).await.map(String::as_str).map_err(Stop::preparing)
    }

    /// The body of a user to make.
    pub(crate) async fn user_body(&self) -> Result<(Value, String), Stop> {
        let name = self.name();
        let upn = format!("{name}@{}", self.domain().await?);
        let body = json!({
            "accountEnabled": false,
            "displayName": name,
            "mailNickname": name,
            "userPrincipalName": upn,
            "passwordProfile": {"password": format!("Hc1-{}", Uuid::new_v4()), "forceChangePasswordNextSignIn": true},
        });
        Ok((body, upn))
    }

    /// A user, found by its id.
    pub(crate) async fn user(&self) -> Result<User, Stop> {
        self.user_with(json!({})).await
    }

    /// A user with further properties.
    pub(crate) async fn user_with(&self, more: Value) -> Result<User, Stop> {
        let (mut body, upn) = self.user_body().await?;
        merge(&mut body, more);
        let id = self.make("/users", body, Bin::Emptied).await?;
        Ok(User { id, upn })
    }

    /// Some users, made in batches.
    pub(crate) async fn users(&self, count: usize) -> Result<Vec<User>, Stop> {
        let mut users = Vec::new();
        while users.len() < count {
            let mut parts = Vec::new();
            let mut upns = Vec::new();
            for id in 0..BATCH.min(count - users.len()) {
                let (body, upn) = self.user_body().await?;
                upns.push(upn);
                parts.push(json!({
                    "id": id.to_string(), "method": "POST", "url": "/users", "body": body,
                    "headers": {"Content-Type": "application/json"},
                }));
            }
            let batch = json!({ "requests": parts });
            let answer = self.send(Method::Post, "/$batch", Some(&batch)).await?.expect(200);
            let answer = answer.map_err(Stop::preparing)?;
            for part in answer.body["responses"].as_array().into_iter().flatten() {
                let at = part["id"].as_str().and_then(|id| id.parse::<usize>().ok());
                let upn = at.and_then(|at| upns.get(at)).cloned().unwrap_or_default();
                match part["body"]["id"].as_str() {
                    Some(id) if part["status"] == 201 => {
                        self.own(id, format!("/users/{id}"), Bin::Emptied);
                        users.push(User { id: id.to_owned(), upn });
                    }
                    _ => {
                        let why =
                            format!("could not be prepared: a user was refused with {}", part["status"]);
                        return Err(Stop::NotTried(why));
                    }
                }
            }
        }
        for user in &users {
            self.appears(&format!("/users/{}", user.id)).await?;
        }
        Ok(users)
    }

    /// A security group.
    pub(crate) async fn group(&self) -> Result<String, Stop> {
        self.group_with(json!({})).await
    }

    /// The body of a security group to make.
    pub(crate) fn group_body(&self) -> Value {
        let name = self.name();
        json!({
            "displayName": name, "mailNickname": name, "mailEnabled": false, "securityEnabled": true,
            "groupTypes": [],
        })
    }

    /// A group with further properties.
    pub(crate) async fn group_with(&self, more: Value) -> Result<String, Stop> {
        let mut body = self.group_body();
        merge(&mut body, more);
        self.make("/groups", body, Bin::Emptied).await
    }

    /// A security group with members.
    pub(crate) async fn group_of(&self, members: &[&str]) -> Result<String, Stop> {
        let group = self.group().await?;
        for member in members {
            self.join(&group, member).await?;
        }
        Ok(group)
    }

    /// Makes somebody a member, as a preparation.
    pub(crate) async fn join(&self, group: &str, member: &str) -> Result<(), Stop> {
        let path = format!("/groups/{group}/members/$ref");
        let answer = self.steady(Method::Post, &path, Some(self.reference(member))).await?;
        answer.expect(204).map(drop).map_err(Stop::preparing)
    }

    /// An administrative unit with further properties.
    pub(crate) async fn unit_with(&self, more: Value) -> Result<String, Stop> {
        let mut body = json!({ "displayName": self.name() });
        merge(&mut body, more);
        self.make("/directory/administrativeUnits", body, Bin::Kept).await
    }

    /// An administrative unit with members.
    pub(crate) async fn unit_of(&self, members: &[&str]) -> Result<String, Stop> {
        let unit = self.unit_with(json!({})).await?;
        for member in members {
            let path = format!("/directory/administrativeUnits/{unit}/members/$ref");
            let answer = self.steady(Method::Post, &path, Some(self.reference(member))).await?;
            answer.expect(204).map_err(Stop::preparing)?;
        }
        Ok(unit)
    }

    /// A custom role that allows reading groups' plain properties.
    pub(crate) async fn role(&self) -> Result<String, Stop> {
        let body = json!({
            "displayName": self.name(), "isEnabled": true,
            "rolePermissions": [{"allowedResourceActions": ["microsoft.directory/groups/standard/read"]}],
        });
        self.make("/roleManagement/directory/roleDefinitions", body, Bin::Kept).await
    }

    /// Makes an object and waits until it is found by its id.
    async fn make(&self, collection: &str, body: Value, bin: Bin) -> Result<String, Stop> {
        let made = self.post(collection, body).await?.expect(201).map_err(Stop::preparing)?;
        let id = made.text_of("id").to_owned();
        let path = format!("{collection}/{id}");
        self.own(&id, path.clone(), bin);
        self.appears(&path).await?;
        Ok(id)
    }

    async fn appears(&self, path: &str) -> Result<(), Stop> {
        let path = format!("{path}?$select=id");
        let found = self.settle(&path, "what was made", |answer| answer.status == 200).await;
        found.map(drop).map_err(Stop::preparing)
    }

    fn own(&self, id: &str, path: String, bin: Bin) {
        lock(&self.own).insert(id.to_owned());
        lock(&self.made).push(Made { id: id.to_owned(), path, bin });
    }

    /// Takes over what the probe made by itself: it is taken away with the rest.
    pub(crate) fn adopt(&self, collection: &str, answer: &Answer) -> String {
        let id = answer.text_of("id").to_owned();
        let bin = if matches!(collection, "/users" | "/groups") { Bin::Emptied } else { Bin::Kept };
        if !id.is_empty() {
            self.own(&id, format!("{collection}/{id}"), bin);
        }
        id
    }

    // Taking away

    /// Takes away what was made, the last first, and says how much could not be. What is refused is tried
    /// once more: another object that protected it may have gone meanwhile.
    pub(crate) async fn clean_up(&self) -> usize {
        let made = std::mem::take(&mut *lock(&self.made));
        let mut left = self.take_away(made.iter().rev()).await;
        if !left.is_empty() {
            tokio::time::sleep((self.graph.patience() / 10).min(PAUSE)).await;
            left = self.take_away(left.into_iter()).await;
        }
        left.len()
    }

    async fn take_away<'m>(&self, made: impl Iterator<Item = &'m Made> + Send) -> Vec<&'m Made> {
        let mut left = Vec::new();
        for object in made {
            let gone = self.delete(&object.path).await;
            let gone = gone.is_ok_and(|answer| matches!(answer.status, 204 | 404));
            if gone && object.bin == Bin::Emptied {
                // What is not in the bin yet goes by itself after thirty days.
                let _ = self.delete(&format!("/directory/deletedItems/{}", object.id)).await;
            }
            if !gone {
                left.push(object);
            }
        }
        left
    }

    /// Asks the authority for a token as another app, or with another secret.
    pub(crate) async fn token(&self, tenant: &str, client: &str, secret: &str) -> Result<Answer, Stop> {
        self.graph.ask_for_token(tenant, client, &SecretString::from(secret)).await
    }

    /// The app's own service principal.
    pub(crate) async fn principal(&self) -> Result<String, Stop> {
        let path = format!("/servicePrincipals?$select=id&$filter=appId eq '{}'", self.graph.client_id());
        let answer = self.get(&path).await?.expect(200)?;
        have(
            answer.items().first().and_then(|sp| sp["id"].as_str()).map(str::to_owned),
            "no service principal",
        )
    }

    /// Waits until a list holds what it should: the ids in it.
    pub(crate) async fn lists(
        &self,
        path: &str,
        wanted: &[&str],
        unwanted: &[&str],
    ) -> Result<Duration, Stop> {
        let (_, after) = self
            .settle(path, "the awaited members", |answer| {
                let ids = crate::answer::ids(answer.items());
                answer.status == 200
                    && wanted.iter().all(|id| ids.contains(id))
                    && !unwanted.iter().any(|id| ids.contains(id))
            })
            .await?;
        Ok(after)
    }
}

/// What rounds of a delta told.
pub(crate) struct News {
    pub(crate) items: Vec<Value>,
    pub(crate) cursor: String,
    pub(crate) after: Duration,
}

fn merge(body: &mut Value, more: Value) {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
}
