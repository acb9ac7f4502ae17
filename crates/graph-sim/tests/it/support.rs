//! A signed-in client and a small tenant.

use std::sync::Mutex;

use graph_sim::{Options, Sim};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

pub(crate) struct World {
    pub(crate) sim: Sim,
    pub(crate) http: reqwest::Client,
    token: Mutex<String>,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|v| v.to_str().unwrap())
    }

    pub(crate) fn values(&self) -> &[Value] {
        self.body["value"].as_array().unwrap_or_else(|| panic!("no value in {}: {}", self.status, self.text))
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

pub(crate) fn client() -> reqwest::Client {
    // The second test to get here finds the provider installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Options { users: 120, groups: 40, start: Some(1_780_000_000), ..Options::default() }).await
    }

    /// An application that holds every permission there is, so that a test is about its subject.
    pub(crate) async fn with(options: Options) -> Self {
        let world = Self::as_asked_for(options).await;
        let roles = world.control("GET", "app-roles", None).await;
        let all: Vec<&str> =
            roles.as_array().unwrap().iter().map(|role| role["value"].as_str().unwrap()).collect();
        world.hold(&all).await;
        world
    }

    /// An application that holds what the product's permissions page asks for.
    pub(crate) async fn as_asked_for(options: Options) -> Self {
        let sim = Sim::start(options).await.unwrap();
        let world = Self { sim, http: client(), token: Mutex::default() };
        world.sign_in().await;
        world
    }

    /// Calls the control interface, which must agree.
    pub(crate) async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let mut request =
            self.http.request(method.parse().unwrap(), format!("{}/sim/{path}", self.sim.base()));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, text) = (response.status().as_u16(), response.text().await.unwrap());
        assert_eq!(status, 200, "{method} {path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Holds these permissions and no others, with a token of now.
    pub(crate) async fn hold(&self, all: &[&str]) {
        self.sim.set_permissions(all);
        self.sign_in().await;
    }

    /// Is granted permissions, loses others, and has a token of now.
    pub(crate) async fn grant(&self, more: &[&str], less: &[&str]) {
        self.sim.permissions(more, less);
        self.sign_in().await;
    }

    pub(crate) fn token(&self) -> String {
        self.token.lock().unwrap().clone()
    }

    pub(crate) fn use_token(&self, token: &str) {
        token.clone_into(&mut self.token.lock().unwrap());
    }

    pub(crate) async fn sign_in(&self) {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.sim.client_id()),
            ("client_secret", self.sim.client_secret()),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        let url = format!("{}/{}/oauth2/v2.0/token", self.sim.base(), self.sim.tenant_id());
        let body: Value = self.http.post(url).form(&form).send().await.unwrap().json().await.unwrap();
        self.use_token(body["access_token"].as_str().unwrap());
    }

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}/v1.0{path}", self.sim.base())
        };
        let mut request = self.http.request(method.parse().unwrap(), url).bearer_auth(self.token());
        for (k, v) in headers {
            request = request.header(*k, *v);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Answer { status, headers, text, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], None).await
    }

    pub(crate) async fn eventual(&self, path: &str) -> Answer {
        self.call("GET", path, &[("ConsistencyLevel", "eventual")], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, &[], Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call("PATCH", path, &[], Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, &[], None).await
    }

    /// Every page of a collection.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(url) = next {
            let page = self.get(&url).await.expect(200);
            found.extend_from_slice(page.values());
            next = page.body["@odata.nextLink"].as_str().map(str::to_owned);
        }
        found
    }

    /// Every page of a delta round, and the link to the next.
    pub(crate) async fn round(&self, path: &str) -> (Vec<Value>, String) {
        let mut found = Vec::new();
        let mut url = path.to_owned();
        loop {
            let page = self.get(&url).await.expect(200);
            found.extend_from_slice(page.values());
            match page.body["@odata.nextLink"].as_str() {
                Some(next) => url = next.to_owned(),
                None => return (found, page.body["@odata.deltaLink"].as_str().unwrap().to_owned()),
            }
        }
    }

    /// Users of the ground truth that pass a test.
    pub(crate) fn users(&self, keep: impl Fn(&Value) -> bool) -> Vec<String> {
        ids(&self.sim.export()["users"], keep)
    }

    pub(crate) fn groups(&self, keep: impl Fn(&Value) -> bool) -> Vec<String> {
        ids(&self.sim.export()["groups"], keep)
    }

    /// Employees that the cloud masters, without roles, beyond those that run the tenant.
    pub(crate) fn plain_users(&self) -> Vec<String> {
        let truth = self.sim.export();
        let mut busy: Vec<String> = Vec::new();
        for list in ["roleAssignments", "roleEligibilities"] {
            busy.extend(
                truth[list].as_array().unwrap().iter().map(|a| a["principalId"].as_str().unwrap().to_owned()),
            );
        }
        for group in truth["groups"].as_array().unwrap().iter().filter(|g| g["isAssignableToRole"] == true) {
            for list in ["members", "owners"] {
                let linked = truth[list][group["id"].as_str().unwrap()].as_array().unwrap();
                busy.extend(linked.iter().map(|m| m.as_str().unwrap().to_owned()));
            }
        }
        let restricted = truth["administrativeUnits"]
            .as_array()
            .unwrap()
            .iter()
            .find(|u| u["isMemberManagementRestricted"] == true)
            .unwrap();
        busy.extend(
            truth["auMembers"][restricted["id"].as_str().unwrap()]
                .as_array()
                .unwrap()
                .iter()
                .map(|m| m.as_str().unwrap().to_owned()),
        );
        ids(&truth["users"], |u| {
            u["userType"] == "Member"
                && u["onPremisesSyncEnabled"].is_null()
                && !busy.contains(&u["id"].as_str().unwrap().to_owned())
        })
    }

    /// Static security groups that Graph can write, with two members at least, the smallest first.
    pub(crate) fn plain_groups(&self) -> Vec<String> {
        let members = self.sim.export()["members"].clone();
        let size = |id: &String| members[id].as_array().unwrap().len();
        let mut groups = self.groups(|g| {
            g["groupTypes"] == json!([])
                && g["mailEnabled"] == false
                && g["onPremisesSyncEnabled"].is_null()
                && g["isAssignableToRole"].is_null()
        });
        groups.retain(|g| size(g) >= 2);
        groups.sort_by_key(size);
        groups
    }

    pub(crate) fn reference(&self, id: &str) -> Value {
        json!({"@odata.id": format!("{}/v1.0/directoryObjects/{id}", self.sim.base())})
    }
}

fn ids(list: &Value, keep: impl Fn(&Value) -> bool) -> Vec<String> {
    list.as_array()
        .unwrap()
        .iter()
        .filter(|o| keep(o))
        .map(|o| o["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The error body that every refusal has.
#[track_caller]
pub(crate) fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.text);
    let error = &answer.body["error"];
    assert!(error["message"].is_string());
    for name in ["date", "request-id", "client-request-id"] {
        assert!(error["innerError"][name].is_string(), "{name} missing in {}", answer.text);
    }
}
