//! A SQLite file, asked and changed behind the product's back.

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Row};

/// Runs a statement; the first value of its first row as text, where there is one.
///
/// On a thread of its own, since a test may wait for it inside a runtime.
pub(crate) fn run_sql(url: &str, sql: &str) -> Option<String> {
    std::thread::scope(|scope| scope.spawn(|| run(url, sql)).join().expect("SQLite answers"))
}

fn run(url: &str, sql: &str) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut file = SqliteConnection::connect(url).await.expect("the database file");
        let row = sqlx::query(AssertSqlSafe(sql.to_owned()))
            .fetch_optional(&mut file)
            .await
            .expect("SQLite takes the statement");
        file.close().await.expect("the database file closes");
        row.map(|row| row.get_unchecked(0))
    })
}
