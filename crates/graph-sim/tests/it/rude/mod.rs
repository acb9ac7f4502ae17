//! What the rules of `/sim/faults` put on the wire: field cases, and the language itself.

mod lag;
mod language;
mod loss;
mod manners;
mod restore;
mod sight;
mod stop;
mod words;

use serde_json::{Value, json};

use crate::support::{Answer, World};

impl World {
    /// A request to the control interface.
    pub(crate) async fn steer(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/sim/{path}", self.sim.base());
        let mut request = self.http.request(method.parse().unwrap(), url);
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Sets rules, instead of those that were there.
    #[track_caller]
    pub(crate) fn rules(&self, rules: Value) -> impl Future<Output = ()> {
        let at = std::panic::Location::caller();
        async move {
            self.steer("DELETE", "faults", Value::Null).await;
            let (status, said) = self.steer("POST", "faults", rules).await;
            assert_eq!(status, 200, "{at}: {said}");
        }
    }

    /// How often the rule at a place struck.
    async fn struck(&self, at: usize) -> u64 {
        self.steer("GET", "faults", Value::Null).await.1[at]["struck"].as_u64().unwrap()
    }

    async fn advance(&self, seconds: i64) {
        self.steer("POST", "clock", json!({"advanceSeconds": seconds})).await;
    }

    /// A batch of reads.
    async fn batch(&self, urls: &[String]) -> Vec<Value> {
        let requests: Vec<Value> = urls
            .iter()
            .enumerate()
            .map(|(n, url)| json!({"id": n.to_string(), "method": "GET", "url": url}))
            .collect();
        let answer = self.post("/$batch", json!({"requests": requests})).await.expect(200);
        parts(&answer)
    }

    /// A plain group with three members at least, and its members.
    fn group_of_three(&self) -> (String, Vec<String>) {
        let members = self.sim.export()["members"].clone();
        self.plain_groups()
            .into_iter()
            .map(|group| {
                let members = strings(&members[&group]);
                (group, members)
            })
            .find(|(_, members)| members.len() >= 3 && members.len() <= 50)
            .unwrap()
    }
}

/// The answers of a batch in the order of their ids.
fn parts(answer: &Answer) -> Vec<Value> {
    let mut parts = answer.body["responses"].as_array().unwrap().clone();
    parts.sort_by_key(|part| part["id"].as_str().unwrap().parse::<u32>().unwrap());
    parts
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// The appearances of an object among items.
fn of<'a>(items: &'a [Value], id: &str) -> Vec<&'a Value> {
    items.iter().filter(|item| item["id"] == id).collect()
}

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// The ids of an item's links.
fn members(item: &Value) -> Vec<String> {
    item["members@delta"].as_array().map(|links| ids(links)).unwrap_or_default()
}

fn link(answer: &Answer, name: &str) -> Option<String> {
    answer.body[format!("@odata.{name}")].as_str().map(str::to_owned)
}
