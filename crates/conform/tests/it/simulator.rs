//! All probes, asked of the simulator.

use conform::{Lab, Outcome, Place, Report, Run, run};

/// Where the simulator is known to answer otherwise than Microsoft: probe and what it does. A line goes when
/// the simulator is mended.
const KNOWN: &[(&str, &str)] = &[
    ("may-follow-users", "lets `User.ReadBasic.All` in"),
    ("may-read-member-of", "lets `User.Read.All` in"),
    ("may-list-groups", "keeps `GroupMember.Read.All` out"),
    ("may-follow-groups", "keeps `GroupMember.Read.All` out"),
    ("may-read-members", "keeps `Group.ReadBasic.All` out"),
    ("may-read-owners", "lets `GroupMember.ReadBasic.All` in"),
    ("may-list-products", "keeps `Organization.ReadWrite.All` out"),
    ("may-get-by-ids", "lets `User.Read.All` in"),
    ("patch-trims-names", "keeps the space"),
    ("hidden-group-not-in-member-of", "names the group"),
    ("bin-name-prefixed", "leaves the principal name as it was"),
];

async fn ask(what: &Run) -> Report {
    let lab = Lab::start().await.unwrap();
    run(lab.account().unwrap(), Some(&lab), what, |_| {}).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_simulator_agrees_with_every_assumption() {
    let report = ask(&Run { write: true, only: Vec::new() }).await;
    assert_eq!(report.place, Place::Simulator);
    assert_eq!(report.left_behind, 0, "something was not taken away");
    let mut wrong = Vec::new();
    for line in &report.lines {
        let known = KNOWN.iter().any(|(id, _)| *id == line.probe.id);
        match &line.outcome {
            Outcome::Agrees(_) if known => println!("{} agrees now: take it off the list", line.probe.id),
            Outcome::Agrees(_) => {}
            Outcome::Differs(_) | Outcome::NotTried(_) if known => {}
            other => wrong.push(format!("{}: {other:?}", line.probe.id)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn nothing_is_written_unless_it_is_asked_for() {
    let report = ask(&Run::default()).await;
    let wrote = report.lines.iter().find(|line| {
        line.probe.effect == conform::Effect::Writes && !matches!(line.outcome, Outcome::NotTried(_))
    });
    assert!(wrote.is_none(), "{}", wrote.unwrap().probe.id);
    let (agree, ..) = report.counts();
    assert!(agree > 40, "{agree} agree");
}

#[tokio::test]
async fn the_report_says_nothing_about_whose_tenant_it_was() {
    let lab = Lab::start().await.unwrap();
    let account = lab.account().unwrap();
    let hidden =
        [account.tenant.clone(), account.client_id.clone(), "contoso".to_owned(), "127.0.0.1".to_owned()];
    let only = ["user-by-name", "upn-taken", "bin-name-prefixed", "page-of-100", "may-read-manager"];
    let what = Run { write: true, only: only.map(str::to_owned).to_vec() };
    let text = run(account, Some(&lab), &what, |_| {}).await.unwrap().markdown();
    for word in hidden {
        assert!(!text.contains(&word), "{word} is in the report:\n{text}");
    }
    assert!(text.contains("`user-by-name`"), "{text}");
}

#[tokio::test]
async fn an_answer_that_is_another_is_told_with_what_came() {
    let lab = Lab::start().await.unwrap();
    let account = lab.account().unwrap();
    let rule = serde_json::json!({
        "match": {"pathContains": "/groups/$count"},
        "action": {"type": "status", "status": 418, "code": "Teapot"},
    });
    let control = format!("{}sim/faults", account.at.as_ref().unwrap());
    let answer = reqwest::Client::new().post(control).json(&rule).send().await.unwrap();
    assert!(answer.status().is_success());
    let what = Run { write: false, only: vec!["count-is-plain-text".to_owned()] };
    let report = run(account, Some(&lab), &what, |_| {}).await.unwrap();
    assert_eq!(report.counts(), (0, 1, 0));
    let text = report.markdown();
    assert!(text.contains("came: GET /groups/$count was answered 418 Teapot; expected 200"), "{text}");
}

/// Without the control of the simulator: nobody takes permissions away, and nothing is provoked.
#[tokio::test]
async fn as_a_tenant_is_asked_probes_agree_or_say_why_not() {
    let lab = Lab::start().await.unwrap();
    let account = lab.account().unwrap();
    let least: Vec<&str> =
        conform::probes::all().flat_map(|probe| probe.needs).filter_map(|any| any.first().copied()).collect();
    let control = format!("{}sim/permissions", account.at.as_ref().unwrap());
    let set = serde_json::json!({ "set": least });
    reqwest::Client::new().post(control).json(&set).send().await.unwrap();
    let report = run(account, None, &Run { write: true, only: Vec::new() }, |_| {}).await.unwrap();
    assert_eq!(report.left_behind, 0, "something was not taken away");
    let reasons = ["the app holds ", "only a simulator ", "nothing was throttled"];
    for line in &report.lines {
        match &line.outcome {
            Outcome::Agrees(_) => {}
            Outcome::Differs(_) if KNOWN.iter().any(|(id, _)| *id == line.probe.id) => {}
            Outcome::NotTried(why) if reasons.iter().any(|reason| why.starts_with(reason)) => {}
            other => panic!("{}: {other:?}", line.probe.id),
        }
    }
    let (agree, ..) = report.counts();
    assert!(agree > 190, "{agree} agree");
}

#[tokio::test]
async fn an_app_that_lacks_a_permission_is_told_which() {
    let lab = Lab::start().await.unwrap();
    let mut account = lab.account().unwrap();
    let set = serde_json::json!({"set": ["User.Read.All"]});
    let control = format!("{}sim/permissions", account.at.as_ref().unwrap());
    reqwest::Client::new().post(control).json(&set).send().await.unwrap();
    // As at a tenant, where nobody grants the app what it lacks.
    account.patience = std::time::Duration::from_secs(1);
    let only = ["may-list-users", "may-list-groups", "products-listed", "user-created", "unknown-user-404"];
    let what = Run { write: true, only: only.map(str::to_owned).to_vec() };
    let report = run(account, None, &what, |_| {}).await.unwrap();
    let outcome = |id: &str| &report.lines.iter().find(|line| line.probe.id == id).unwrap().outcome;
    assert_eq!(report.place, Place::Tenant);
    for id in ["may-list-users", "may-list-groups", "unknown-user-404"] {
        assert!(matches!(outcome(id), Outcome::Agrees(_)), "{id}: {:?}", outcome(id));
    }
    for (id, lacks) in [("products-listed", "Organization.Read.All"), ("user-created", "User.ReadWrite.All")]
    {
        assert_eq!(outcome(id), &Outcome::NotTried(format!("the app does not hold {lacks}")));
    }
}

#[tokio::test]
async fn a_name_of_no_probe_is_refused() {
    let lab = Lab::start().await.unwrap();
    let what = Run { write: false, only: vec!["no-such-probe".to_owned()] };
    let error = run(lab.account().unwrap(), Some(&lab), &what, |_| {}).await.err().unwrap();
    assert!(error.to_string().contains("no-such-probe"));
}
