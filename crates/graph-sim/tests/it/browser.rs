//! A browser without scripts: it keeps cookies, reads forms and stops at redirects.

use std::collections::BTreeMap;

use graph_sim::Sim;
use reqwest::redirect::Policy;
use serde_json::Value;

use crate::support::client;

/// Where the application waits for answers.
pub(crate) const RETURN: &str = "http://127.0.0.1:4000/connect/return";
/// A verifier and its S256 challenge, out of RFC 7636.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) struct Browser {
    http: reqwest::Client,
    base: String,
    cookie: Option<String>,
}

/// What a browser got: a page, or a way to somewhere else.
pub(crate) struct Shown {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) html: String,
}

pub(crate) type Fields = BTreeMap<String, String>;

fn unescape(text: &str) -> String {
    let mut text = text.to_owned();
    for (from, to) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
        text = text.replace(from, to);
    }
    text
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(unescape)
}

impl Shown {
    /// Where the form goes, and its hidden fields.
    pub(crate) fn form(&self) -> (String, Fields) {
        let form = self.html.split("<form").nth(1).unwrap_or_else(|| panic!("no form in {}", self.html));
        let hidden = form.split("<input").filter(|tag| tag.contains(" type=\"hidden\""));
        let fields = hidden.map(|tag| (attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap()));
        (attribute(form, "action").unwrap(), fields.collect())
    }

    /// The values that a redirect carries to the application.
    #[track_caller]
    pub(crate) fn returned(&self) -> Fields {
        let location = self.location.as_ref().unwrap_or_else(|| panic!("no redirect: {}", self.html));
        let url = reqwest::Url::parse(location).unwrap();
        assert!(location.starts_with(RETURN), "{location}");
        url.query_pairs().map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
    }

    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(unescape(&self.html).contains(text), "{text} is missing in {}", self.html);
        self
    }

    /// A page that is sent nowhere.
    #[track_caller]
    pub(crate) fn stays(&self, status: u16) -> &Self {
        assert_eq!((self.status, &self.location), (status, &None), "{}", self.html);
        self
    }
}

impl Browser {
    pub(crate) fn new(sim: &Sim) -> Self {
        let _ = client();
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { http, base: sim.base().to_owned(), cookie: None }
    }

    async fn send(&mut self, mut request: reqwest::RequestBuilder) -> Shown {
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let response = request.send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
        if let Some(set) = header("set-cookie") {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
        let (status, location) = (response.status().as_u16(), header("location"));
        Shown { status, location, html: response.text().await.unwrap() }
    }

    /// Follows a link to the authority.
    pub(crate) async fn open(&mut self, path: &str, query: &[(&str, &str)]) -> Shown {
        let url = reqwest::Url::parse_with_params(&format!("{}{path}", self.base), query).unwrap();
        self.send(self.http.get(url)).await
    }

    /// Fills in the form of a page and sends it.
    pub(crate) async fn submit(&mut self, page: &Shown, filled: &[(&str, &str)]) -> Shown {
        let (action, mut fields) = page.form();
        fields.extend(filled.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let request = self.http.post(format!("{}{action}", self.base)).form(&fields);
        self.send(request).await
    }

    pub(crate) async fn sign_in(&mut self, page: &Shown, login: &str) -> Shown {
        self.submit(page, &[("login", login), ("password", "any")]).await
    }
}

/// The principal name of a user of the ground truth that passes a test.
pub(crate) fn account(sim: &Sim, keep: impl Fn(&Value) -> bool) -> String {
    let truth = sim.export();
    let user = truth["users"].as_array().unwrap().iter().find(|u| keep(u)).unwrap();
    user["userPrincipalName"].as_str().unwrap().to_owned()
}

/// A Global Administrator of the simulator's own directory.
pub(crate) fn administrator(sim: &Sim) -> String {
    sim.tenants()[0]["globalAdministrators"][0].as_str().unwrap().to_owned()
}
