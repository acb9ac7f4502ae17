//! How customers stand, as conditions of a query: what a row says in words (`portal::partner::health`), a list is
//! filtered by here, so that a filter reads no row that it leaves out.

use chrono::{DateTime, Duration, Utc};
use domain::connection::EXPIRY_WARNING_DAYS;
use domain::partner::{CredentialStatus, Health};
use domain::product::ProductType;
use domain::subscription::State;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::entity::{connection, organization, plan, tenant};

/// A backup is late when it is this much later than it was due.
pub const LATE: Duration = Duration::hours(2);

/// Organizations of that health.
pub(crate) fn of_health(health: Health, now: DateTime<Utc>) -> Condition {
    let due = (now - LATE).timestamp_millis();
    let late = || tenant_that(tenant::Column::Failed.ne(0).or(tenant::Column::NextAt.lt(due)));
    let waiting = || tenant_that(tenant::Column::LastBackupAt.is_null());
    let partly =
        || tenant_that(tenant::Column::Complete.eq(0)).or(connection_that(connection::Column::Lacks.ne(0)));
    let open = || Condition::all().add(runs()).add(sold_with_entra());
    match health {
        Health::Stopped => Condition::all().add(runs().not()),
        Health::NoEntra => Condition::all().add(runs()).add(sold_with_entra().not()),
        Health::NotConnected => open().add(connected().not()),
        Health::Late => open().add(late()),
        Health::Waiting => open().add(late().not()).add(waiting()),
        Health::Partly => open().add(late().not()).add(waiting().not()).add(partly()),
        Health::Protected => {
            open().add(connected()).add(late().not()).add(waiting().not()).add(partly().not())
        }
    }
}

/// Organizations whose connections stand like that; of several, the one that needs somebody most.
pub(crate) fn of_credential(status: CredentialStatus, now: DateTime<Utc>) -> Condition {
    // Whole days are counted: what has a day more than the warning is not told yet.
    let soon = (now + Duration::days(EXPIRY_WARNING_DAYS + 1)).timestamp_millis();
    let failing = || connection_that(connection::Column::Healthy.eq(0));
    let lacking = || connection_that(connection::Column::Lacks.ne(0));
    let ending = || connection_that(connection::Column::ExpiresAt.lt(soon));
    match status {
        CredentialStatus::None => Condition::all().add(connected().not()),
        CredentialStatus::Failing => Condition::all().add(failing()),
        CredentialStatus::PermissionMissing => Condition::all().add(failing().not()).add(lacking()),
        CredentialStatus::Expiring => {
            Condition::all().add(failing().not()).add(lacking().not()).add(ending())
        }
        CredentialStatus::Connected => {
            Condition::all().add(connected()).add(failing().not()).add(lacking().not()).add(ending().not())
        }
    }
}

/// Whether the subscription's state lets backups run.
pub(crate) fn runs() -> SimpleExpr {
    let running = State::ALL.into_iter().filter(|state| state.backups_run()).map(State::slug);
    organization::Column::State.is_in(running)
}

/// Whether the plan has an Entra portal; the installation's own organization has no plan and everything.
pub(crate) fn sold_with_entra() -> SimpleExpr {
    let without = ProductType::ALL.into_iter().filter(|product| !product.has_entra()).map(ProductType::slug);
    let plans = plan::Entity::find()
        .select_only()
        .column(plan::Column::Id)
        .filter(plan::Column::Product.is_in(without))
        .into_query();
    organization::Column::PlanId.is_null().or(organization::Column::PlanId.not_in_subquery(plans))
}

pub(crate) fn connected() -> SimpleExpr {
    tenant_that(Expr::val(1).eq(1))
}

fn tenant_that(is: SimpleExpr) -> SimpleExpr {
    let one =
        Query::select().expr(Expr::val(1)).from(tenant::Entity).and_where(owned()).and_where(is).to_owned();
    Expr::exists(one)
}

fn connection_that(is: SimpleExpr) -> SimpleExpr {
    let one = Query::select()
        .expr(Expr::val(1))
        .from(tenant::Entity)
        .inner_join(
            connection::Entity,
            Expr::col((connection::Entity, connection::Column::Tenant))
                .equals((tenant::Entity, tenant::Column::Id)),
        )
        .and_where(owned())
        .and_where(is)
        .to_owned();
    Expr::exists(one)
}

fn owned() -> SimpleExpr {
    Expr::col((tenant::Entity, tenant::Column::OrganizationId))
        .equals((organization::Entity, organization::Column::Id))
}
