//! What the worker of `holdfast serve` calls.

use super::Backup;
use super::engine as work;
use crate::Result;

impl Backup {
    /// Says how many workers there are. At most half of them wait at a time because Microsoft asked them to; what
    /// is asked to wait beyond that gives its worker back.
    pub fn share_workers(&self, workers: usize) {
        self.budgets().let_wait((workers / 2).max(1));
    }

    /// Claims one job and works it to its end; false when nothing was due.
    ///
    /// # Errors
    /// When the database fails. What goes wrong with the job itself is written to the job.
    pub async fn run_due(&self) -> Result<bool> {
        work::run_due(self).await
    }

    /// Puts scheduled captures that are due into the queue.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enqueue_due(&self) -> Result<()> {
        work::enqueue_due(self).await
    }
}

/// A worker is a task of its own, and pages are served by any thread.
#[cfg(test)]
mod tests {
    use super::Backup;

    fn is_send<T: Send>(_: &T) {}

    #[test]
    fn futures_can_move_between_threads() {
        let check = |backup: &Backup| is_send(&backup.run_due());
        let _ = check;
    }
}
