use domain::access::Action;

/// Why something was not done, in words for the person who asked: what happened, what was kept, what to
/// do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such tenant, snapshot, object or restore, or not one that the actor may know of.
    #[error("There is nothing at this address. It may have been removed, or it belongs to somebody else.")]
    NotFound,
    #[error("Your role does not allow this. Ask a Full Admin of your organization.")]
    Forbidden(Action),
    /// The token was not made for it.
    #[error("This token may only read. Make one that may also start backups, and use that.")]
    TokenReads,
    /// It is switched off for the organization.
    #[error("{}", .0.refusal())]
    Off(domain::feature::Feature),
    /// The role at the partner does not allow it.
    #[error("Your role does not allow this. Ask somebody whose role does.")]
    NotAtPartner,
    /// The link that asks for consent is unknown, used, revoked or expired.
    #[error(
        "This link is not good any more: it was used or taken back, or its time has passed. Ask whoever sent it for a \
         new one."
    )]
    LinkSpent,
    /// What was entered cannot be used.
    #[error("{message}")]
    Invalid { field: &'static str, message: String },
    /// It cannot be done as things stand; nothing was changed.
    #[error("{0}")]
    Refused(String),
    /// Microsoft Graph or the sign-in refused or failed.
    #[error("{}", .0.sentence())]
    Graph(#[from] graph::Error),
    #[error("Holdfast's own database failed. Nothing was lost; try again in a moment.")]
    Store(#[source] store::Error),
    /// Somebody asked the job to stop.
    #[error("Cancelled. Every earlier snapshot is untouched.")]
    Cancelled,
}

impl From<store::Error> for Error {
    fn from(e: store::Error) -> Self {
        match e {
            store::Error::Stopped => Error::Refused(
                "Backups have stopped for this organization, because its subscription has ended. Nothing was changed. \
                 Ask your provider to resume it, then try again."
                    .to_owned(),
            ),
            other => Error::Store(other),
        }
    }
}

impl Error {
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Error {
        Error::Invalid { field, message: message.into() }
    }
}
