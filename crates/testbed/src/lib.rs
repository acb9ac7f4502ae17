//! Databases for tests. Every test gets its own: a SQLite file in a temporary directory, and a database in
//! a private PostgreSQL cluster that lives as long as the test binary does.
//!
//! Nothing is skipped: where PostgreSQL is not installed, asking for a database fails and says how to
//! install it.

mod cluster;
mod file;

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

/// An empty database. What it lies in goes away with this value, or with the test binary.
#[derive(Debug)]
pub struct Database {
    /// `sqlite` or `postgres`, for messages.
    pub name: &'static str,
    /// For `Store::open`.
    pub url: String,
    _dir: Option<TempDir>,
}

impl Database {
    /// Changes something behind the product's back, which it never would by itself.
    ///
    /// # Panics
    /// When the database refuses.
    pub fn meddle(&self, sql: &str) {
        if self.url.starts_with("sqlite:") {
            file::run_sql(&self.url, sql);
        } else {
            cluster::run_sql(&self.url, sql);
        }
    }

    /// What a question with one answer is answered.
    ///
    /// # Panics
    /// When the database refuses, or the answer is no number.
    #[must_use]
    pub fn number(&self, sql: &str) -> i64 {
        // The same text on both.
        let sql = format!("SELECT CAST(({sql}) AS text)");
        let answer = if self.url.starts_with("sqlite:") {
            file::run_sql(&self.url, &sql)
        } else {
            cluster::ask_sql(&self.url, &sql)
        };
        answer.and_then(|text| text.trim().parse().ok()).expect("a number")
    }

    /// Whether the files that hold its tables hold the text somewhere, in a row or in what was one.
    ///
    /// # Panics
    /// When the files cannot be read.
    #[must_use]
    pub fn files_hold(&self, text: &str) -> bool {
        let files = match self.url.strip_prefix("sqlite://") {
            Some(file) => vec![file.into(), format!("{file}-wal").into()],
            None => cluster::files(&self.url),
        };
        files.iter().filter(|file| file.is_file()).any(|file| {
            let bytes = std::fs::read(file).expect("a file of the database");
            let at = bytes.windows(text.len()).position(|window| window == text.as_bytes());
            // What stands around it says which table it is.
            if let Some(at) = at {
                let around = &bytes[at.saturating_sub(80)..Ord::min(at + text.len() + 80, bytes.len())];
                println!("{} holds {}", file.display(), around.escape_ascii());
            }
            at.is_some()
        })
    }
}

/// An empty database of each sort that the product runs on.
///
/// # Panics
/// When one of them cannot be made.
#[must_use]
pub fn databases() -> Vec<Database> {
    vec![sqlite(), postgres()]
}

/// A database of each sort as a fixture keeps it: the folder holds `sqlite.db`, a SQLite file, and
/// `postgres.sql`, what `pg_dump` says.
///
/// # Panics
/// When one of them cannot be made.
#[must_use]
pub fn databases_of(fixture: &Path) -> Vec<Database> {
    let file = sqlite();
    let path = file.url.trim_start_matches("sqlite://");
    std::fs::copy(fixture.join("sqlite.db"), path).expect("the SQLite file of the fixture");
    let cluster = postgres();
    cluster::run_file(&cluster.url, &fixture.join("postgres.sql"));
    vec![file, cluster]
}

/// An empty SQLite database in a directory of its own.
///
/// # Panics
/// When no temporary directory can be made.
#[must_use]
pub fn sqlite() -> Database {
    let dir = tempfile::Builder::new().prefix("holdfast-test-").tempdir().expect("a temporary directory");
    Database { name: "sqlite", url: sqlite_url(dir.path()), _dir: Some(dir) }
}

/// An empty PostgreSQL database in the binary's own cluster, which is started when first asked for.
///
/// # Panics
/// When PostgreSQL is not installed or does not start.
#[must_use]
pub fn postgres() -> Database {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    Database { name: "postgres", url: postgres_url(&name), _dir: None }
}

/// The address of a SQLite database in `dir`.
#[must_use]
pub fn sqlite_url(dir: &Path) -> String {
    format!("sqlite://{}", dir.join("holdfast.db").display())
}

/// The address of a new database of that name in the binary's own PostgreSQL cluster.
///
/// # Panics
/// When PostgreSQL is not installed or does not start, or when the name is taken.
#[must_use]
pub fn postgres_url(name: &str) -> String {
    cluster::create_database(name)
}
