use std::time::Duration;

use store::attempts::{Attempt, Limit};

use crate::{Fresh, at, stores};

fn limit(name: &str, tries: i32) -> Limit {
    let minutes = |n: u64| Duration::from_secs(n * 60);
    Limit { name: name.to_owned(), tries, window: minutes(15), closed_for: minutes(10) }
}

#[tokio::test(flavor = "multi_thread")]
async fn closes_after_so_many_and_opens_again() {
    for Fresh { store, database } in stores().await {
        let limits = [limit("account", 3), limit("address", 100)];
        let take = async |minute| store.take_attempt(&limits, at(minute)).await.unwrap();
        assert_eq!(take(0).await, Attempt::Open { last: false });
        assert_eq!(take(1).await, Attempt::Open { last: false });
        assert_eq!(take(2).await, Attempt::Open { last: true }, "{}", database.name);
        assert_eq!(take(3).await, Attempt::Closed(at(12)));
        assert_eq!(take(11).await, Attempt::Closed(at(12)));
        assert_eq!(take(12).await, Attempt::Open { last: false });

        store.clear_attempts("account").await.unwrap();
        for minute in 13..15 {
            assert_eq!(take(minute).await, Attempt::Open { last: false });
        }
        // Two within the window, then one that begins a new window.
        assert_eq!(take(13 + 15).await, Attempt::Open { last: false });
        assert_eq!(take(13 + 16).await, Attempt::Open { last: false });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forgiven_does_not_count_and_does_not_close() {
    for Fresh { store, .. } in stores().await {
        let limits = [limit("a", 2)];
        for minute in 0..5 {
            assert_eq!(store.take_attempt(&limits, at(minute)).await.unwrap(), Attempt::Open { last: false });
            store.forgive_attempt(&limits).await.unwrap();
        }
        store.take_attempt(&limits, at(6)).await.unwrap();
        assert_eq!(store.take_attempt(&limits, at(6)).await.unwrap(), Attempt::Open { last: true });
        store.forgive_attempt(&limits).await.unwrap();
        assert_eq!(store.take_attempt(&limits, at(7)).await.unwrap(), Attempt::Open { last: true });
        assert!(matches!(store.take_attempt(&limits, at(8)).await.unwrap(), Attempt::Closed(_)));
        assert_eq!(store.delete_old_attempts(at(600)).await.unwrap(), 1);
        assert_eq!(store.take_attempt(&limits, at(8)).await.unwrap(), Attempt::Open { last: false });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_at_the_same_time_count() {
    for Fresh { store, database } in stores().await {
        let tasks: Vec<_> = (0..40)
            .map(|i| {
                let store = store.clone();
                let limits = [limit(&format!("address {}", i % 3), 100), limit("account", 7)];
                tokio::spawn(async move { store.take_attempt(&limits, at(0)).await.unwrap() })
            })
            .collect();
        let mut open = 0;
        for task in tasks {
            open += i32::from(matches!(task.await.unwrap(), Attempt::Open { .. }));
        }
        assert_eq!(open, 7, "{}", database.name);
    }
}
