//! `holdfast serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use app::context::Services;
use backup::{Backup, Clock, InstallationApp, SystemClock};
use portal::{Cost, Installation, Portal};
use store::Store;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::cli::Settings;
use crate::http::{self, Front};
use crate::worker::Workers;
use crate::{config, log, site};

/// Requests that run when the server is stopped may end within this.
const GRACE: Duration = Duration::from_secs(10);

pub(crate) async fn serve(settings: &Settings) -> Result<()> {
    log::start(settings, "info");
    let store = config::open_store(settings).await?;
    let house = House::open(settings, store, config::app(settings)?, Arc::new(SystemClock)).await?;
    println!("Holdfast is at {}", house.address());
    if let Some(link) = house.services.portal.set_up_link().await? {
        println!(
            "Set it up: {}setup/{}\n(The link works once, until {} UTC. Whoever opens it first becomes the Owner.)",
            house.front.public_url,
            link.token,
            link.until.format("%H:%M")
        );
    }
    house.run().await
}

/// A server that listens and is about to serve.
pub(crate) struct House {
    pub(crate) services: Services,
    pub(crate) front: Front,
    listener: TcpListener,
    workers: usize,
}

impl House {
    /// Takes the address first: a server that cannot be heard should not begin to work.
    pub(crate) async fn open(
        settings: &Settings,
        store: Store,
        app: Option<InstallationApp>,
        clock: Arc<dyn Clock>,
    ) -> Result<House> {
        let listener = TcpListener::bind(settings.listen)
            .await
            .with_context(|| format!("could not listen on {}; is another server there?", settings.listen))?;
        let front = config::front(settings, listener.local_addr()?)?;
        let now = Arc::clone(&clock);
        let mut portal = Portal::new(store.clone(), Cost::STRONG, Arc::new(move || now.now()))?
            .with_mail(config::mail(settings, &front)?)
            .gathering(chrono::TimeDelta::seconds(settings.notice_delay.into()));
        if let Some(oidc) = config::microsoft(settings)? {
            portal = portal.with_microsoft(oidc, &front.public_url);
        }
        portal.warm_up().await?;
        let location = settings.data_location.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let portal = portal.of_installation(Installation {
            data_location: location.map(str::to_owned),
            offers_consent: app.is_some(),
        });
        let elsewhere = backup::Settings {
            graph_url: settings.graph_url.clone(),
            login_url: settings.login_url.clone(),
            app,
        };
        let backup = Backup::new(store, elsewhere, clock);
        Ok(House { services: Services { portal, backup }, front, listener, workers: settings.workers })
    }

    /// What people type, without the slash at the end.
    pub(crate) fn address(&self) -> &str {
        self.front.public_url.as_str().trim_end_matches('/')
    }

    /// Serves until a signal says to stop.
    pub(crate) async fn run(self) -> Result<()> {
        let stop = stop_on_signal()?;
        let Services { portal, backup } = &self.services;
        let store = portal.store().clone();
        let workers = Workers::start(backup, portal, self.workers, &stop);
        let router = http::router(site::options()?, self.services.clone(), self.front, stop.clone());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let serving =
            axum::serve(self.listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
        let too_long = async {
            stop.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            served = serving.into_future() => served.context("the server stopped")?,
            () = too_long => tracing::warn!("some requests were cut off"),
        }
        stop.cancel();
        workers.stopped().await;
        store.close().await.context("the database could not be closed properly")?;
        tracing::info!("stopped");
        Ok(())
    }
}

fn stop_on_signal() -> Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        told.cancel();
    });
    Ok(stop)
}
