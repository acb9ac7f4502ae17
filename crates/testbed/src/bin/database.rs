//! Starts PostgreSQL with an empty database, prints its address, and stops it when its input ends: for tests that
//! are not written in Rust.

use std::io::Read;

fn main() -> std::io::Result<()> {
    println!("{}", testbed::postgres_url("test"));
    std::io::stdin().read_to_end(&mut Vec::new()).map(drop)
}
