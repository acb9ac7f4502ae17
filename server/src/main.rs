//! The `holdfast` binary.

mod site;

use anyhow::{Context, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let options = site::options()?;
    let address = options.site_addr;
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("could not listen on {address}; is something else there?"))?;
    println!("http://{address}");
    axum::serve(listener, site::router(options)).await.context("the server stopped")
}
