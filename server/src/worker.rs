//! Work in the background: jobs from the queue, schedules that are due, and what time has ended.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use backup::Backup;
use futures::FutureExt;
use portal::Portal;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long a worker sleeps that nobody wakes: another server's jobs ring no bell here.
const NAP: Duration = Duration::from_secs(1);
/// What is put down after a bell is there this much later; if not, the next nap is short as well.
const BEAT: Duration = Duration::from_millis(100);
const SCHEDULE: Duration = Duration::from_secs(15);
const NEWS: Duration = Duration::from_secs(5);
const SWEEP: Duration = Duration::from_secs(600);
/// A job that runs when the server is stopped may end within this; else its lease ends, and the next start
/// goes on with it.
const GRACE: Duration = Duration::from_secs(5);

/// Running workers.
pub(crate) struct Workers {
    tasks: JoinSet<()>,
}

impl Workers {
    pub(crate) fn start(backup: &Backup, portal: &Portal, count: usize, stop: &CancellationToken) -> Workers {
        let mut tasks = JoinSet::new();
        backup.share_workers(count);
        for _ in 0..count {
            tasks.spawn(work(backup.clone(), stop.clone()));
        }
        if count > 0 {
            tasks.spawn(post(portal.clone(), stop.clone()));
            tasks.spawn(every(SCHEDULE, stop.clone(), {
                let backup = backup.clone();
                move || {
                    let backup = backup.clone();
                    async move { backup.enqueue_due().await.map_err(|e| log("the schedule", &e)) }
                        .map(drop)
                        .boxed()
                }
            }));
            tasks.spawn(every(NEWS, stop.clone(), {
                let portal = portal.clone();
                move || {
                    let portal = portal.clone();
                    async move { portal.tell_news().await.map_err(|e| log("telling news", &e)) }
                        .map(drop)
                        .boxed()
                }
            }));
        }
        tasks.spawn(every(SWEEP, stop.clone(), {
            let portal = portal.clone();
            move || {
                let portal = portal.clone();
                async move { portal.sweep().await.map_err(|e| log("the sweep", &e)) }.map(drop).boxed()
            }
        }));
        Workers { tasks }
    }

    /// Waits for the workers to see that they should stop.
    pub(crate) async fn stopped(mut self) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::warn!("a job was interrupted; it goes on where it was at the next start");
        }
        self.tasks.shutdown().await;
    }
}

/// Works on one job after the other, and sleeps while none is due.
async fn work(backup: Backup, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let idle = match AssertUnwindSafe(backup.run_due()).catch_unwind().await {
            Ok(Ok(worked)) => !worked,
            Ok(Err(error)) => {
                log("a worker", &error);
                true
            }
            // The job's lease ends, and another attempt is made.
            Err(_) => {
                tracing::error!("a job panicked");
                true
            }
        };
        if idle {
            tokio::select! {
                () = stop.cancelled() => return,
                () = backup.wake().notified() => {}
                () = tokio::time::sleep(NAP) => {}
            }
        }
    }
}

/// Sends one mail after the other, and sleeps while none waits.
async fn post(portal: Portal, stop: CancellationToken) {
    let bell = portal.mail_bell();
    while !stop.is_cancelled() {
        let idle = match AssertUnwindSafe(portal.send_mail()).catch_unwind().await {
            Ok(Ok(sent)) => !sent,
            Ok(Err(error)) => {
                log("the outbox", &error);
                true
            }
            Err(_) => {
                tracing::error!("sending a mail panicked");
                true
            }
        };
        if idle {
            tokio::select! {
                () = stop.cancelled() => return,
                // The mail is put into the outbox right after the bell rings.
                () = bell.notified() => tokio::time::sleep(BEAT).await,
                () = tokio::time::sleep(NAP) => {}
            }
        }
    }
}

async fn every(
    period: Duration,
    stop: CancellationToken,
    task: impl Fn() -> futures::future::BoxFuture<'static, ()>,
) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {
                if AssertUnwindSafe(task()).catch_unwind().await.is_err() {
                    tracing::error!("a periodic task panicked");
                }
            }
        }
    }
}

fn log(who: &str, error: &dyn std::error::Error) {
    match error.source() {
        Some(cause) => tracing::error!(%error, %cause, "{who} failed"),
        None => tracing::error!(%error, "{who} failed"),
    }
}
