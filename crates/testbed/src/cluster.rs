//! One PostgreSQL cluster for the test binary, in a temporary directory, heard on a socket file only.
//!
//! A value in a `static` is never dropped, and a test binary may end by a signal. So the cluster is watched
//! by a shell that holds the reading end of a pipe: when this process ends, however it ends, the pipe
//! closes, and the shell stops the cluster and removes its directory.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

const MISSING: &str = "PostgreSQL is not installed, and the tests run on it as well as on SQLite. \
                       On Debian or Ubuntu, run as root:\n    \
                       apt-get update && apt-get install -y --no-install-recommends postgresql\n";

struct Cluster {
    bin: PathBuf,
    dir: PathBuf,
    as_postgres: bool,
    /// Its standard input is closed by the system when this process ends.
    _watch: Child,
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

/// The files of a database's tables, with everything in them that is still in memory.
pub(crate) fn files(url: &str) -> Vec<PathBuf> {
    let cluster = cluster();
    let name = name(url);
    let socket = cluster.dir.display().to_string();
    let mut ask = cluster.command("psql");
    ask.args(["-h", &socket, "-U", "postgres", "-At", "-c", "CHECKPOINT", "-c"]);
    ask.arg(format!("SELECT oid FROM pg_database WHERE datname = '{name}'")).arg("postgres");
    let answer = output(&mut ask).expect("psql answers");
    let oid = answer.lines().last().expect("the database's number").trim().to_owned();
    let dir = Path::new(&cluster.data()).join("base").join(oid);
    fs::read_dir(dir).expect("the database's folder").flatten().map(|entry| entry.path()).collect()
}

fn name(url: &str) -> &str {
    url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap_or_default()
}

pub(crate) fn run_sql(url: &str, sql: &str) {
    let cluster = cluster();
    let socket = cluster.dir.display().to_string();
    let args = ["-h", &socket, "-U", "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, name(url)];
    cluster.run("psql", &args);
}

/// Runs a file of statements.
pub(crate) fn run_file(url: &str, file: &Path) {
    let cluster = cluster();
    let socket = cluster.dir.display().to_string();
    // Handed over as input: the user that PostgreSQL runs as need not be able to read the file's place.
    let input = fs::File::open(file).expect("the file of statements");
    let out = cluster
        .command("psql")
        .args(["-h", &socket, "-U", "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", name(url)])
        .stdin(Stdio::from(input))
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .expect("psql runs");
    assert!(out.status.success(), "psql ended with {}", out.status);
}

pub(crate) fn ask_sql(url: &str, sql: &str) -> Option<String> {
    let cluster = cluster();
    let socket = cluster.dir.display().to_string();
    output(cluster.command("psql").args(["-h", &socket, "-U", "postgres", "-At", "-c", sql, name(url)]))
}

pub(crate) fn create_database(name: &str) -> String {
    let cluster = cluster();
    let socket = cluster.dir.display().to_string();
    cluster.run("createdb", &["-h", &socket, "-U", "postgres", name]);
    format!("postgres://postgres@localhost/{name}?host={}", socket.replace('/', "%2F"))
}

impl Cluster {
    fn start() -> Cluster {
        let bin = find().unwrap_or_else(|| panic!("{MISSING}"));
        let dir = tempfile::Builder::new().prefix("holdfast-pg-").tempdir().expect("a temporary directory");
        // PostgreSQL refuses to run as root; its package brings a user for it.
        let as_postgres = output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        if as_postgres {
            checked(Command::new("chown").arg("postgres").arg(dir.path()));
        }
        // From here the watching shell removes it.
        let dir = dir.keep();
        let watch = watch(&bin, &dir, as_postgres);
        let cluster = Cluster { bin, dir, as_postgres, _watch: watch };

        let data = cluster.data();
        cluster.run(
            "initdb",
            &["-D", &data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
        );
        let settings = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync=off -c synchronous_commit=off \
             -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB -c logging_collector=off",
            cluster.dir.display()
        );
        let log = cluster.dir.join("log").display().to_string();
        cluster.run("pg_ctl", &["-D", &data, "-l", &log, "-o", &settings, "-w", "-t", "60", "-s", "start"]);
        cluster
    }

    fn data(&self) -> String {
        self.dir.join("data").display().to_string()
    }

    fn run(&self, tool: &str, args: &[&str]) {
        checked(self.command(tool).args(args));
    }

    fn command(&self, tool: &str) -> Command {
        let tool = self.bin.join(tool);
        let mut command = if self.as_postgres {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(tool);
            command
        } else {
            Command::new(tool)
        };
        command.current_dir("/").env("LC_ALL", "C");
        command
    }
}

/// Waits for the end of this process, then stops the cluster and removes it.
fn watch(bin: &Path, dir: &Path, as_postgres: bool) -> Child {
    let stop = format!(
        "'{}' -D '{}' -m immediate -s stop",
        bin.join("pg_ctl").display(),
        dir.join("data").display()
    );
    let stop = if as_postgres {
        format!("setpriv --reuid=postgres --regid=postgres --clear-groups -- {stop}")
    } else {
        stop
    };
    let script = format!("trap '' INT TERM HUP; cat; cd /; {stop}; rm -rf '{}'", dir.display());
    Command::new("setsid")
        .args(["sh", "-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell that watches the cluster")
}

/// What the caller names, or the newest installation of Debian's packages, or the one on PATH.
fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("HOLDFAST_TEST_PG_BIN") {
        return Some(PathBuf::from(named));
    }
    let mut homes: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|dir| dir.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    homes.sort_by_key(|home| {
        let version = home.parent().and_then(Path::file_name).and_then(|v| v.to_str()?.parse::<u32>().ok());
        std::cmp::Reverse(version)
    });
    homes.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    homes.into_iter().find(|home| home.join("initdb").is_file())
}

fn output(command: &mut Command) -> Option<String> {
    let out = command.output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).into_owned())
}

fn checked(command: &mut Command) {
    // `pg_ctl start` leaves a server behind that would hold a pipe open.
    let out: Output = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(out.status.success(), "{command:?} ended with {}", out.status);
}
