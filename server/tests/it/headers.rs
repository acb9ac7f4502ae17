use app::account::server::Session;

use crate::browser::{House, path};

#[tokio::test(flavor = "multi_thread")]
async fn every_response_keeps_the_browser_on_our_side() {
    let (house, _) = House::with_ada().await;
    let mut stranger = house.browser();
    let mut ada = house.signed_in().await;
    let answers = [
        stranger.page("/signin").await,
        stranger.page("/").await,
        stranger.page("/healthz").await,
        stranger.page("/pkg/holdfast.css").await,
        stranger.call(path::<Session>(), &[]).await,
        ada.call(path::<Session>(), &[]).await,
        ada.page("/nothing").await,
    ];
    for answer in &answers {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{name} of {answer:?}");
        }
        assert!(answer.header("strict-transport-security").starts_with("max-age=63072000"));
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        assert_eq!(answer.header("x-request-id").len(), 32);
    }
    for (i, answer) in answers.iter().enumerate().filter(|(i, _)| *i != 3) {
        assert_eq!(answer.header("cache-control"), "no-store", "answer {i}");
    }
    assert!(answers[3].header("cache-control").contains("immutable"));

    let policy = answers[0].header("content-security-policy");
    assert!(policy.contains("script-src 'nonce-") && !policy.contains("unsafe-inline"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
}
