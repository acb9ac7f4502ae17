//! What was used, day by day: bills and trends are made from it.

pub(super) const UP: &[&str] = &[
    // A day (counted from the first of the calendar) of an organization that is billed: whose customer it was and what it had at the day's end.
    "CREATE TABLE usage_day (
        day integer not null,
        organization_id {uuid} not null,
        partner_id {uuid} not null,
        seats bigint not null,
        protected bigint not null,
        primary key (day, organization_id)
    ) {clustered}",
    "CREATE INDEX usage_day_partner ON usage_day (partner_id, day, seats, protected)",
    "CREATE INDEX usage_day_organization ON usage_day (organization_id, day)",
    // The first day that is not recorded yet; one row.
    "CREATE TABLE usage_next (id smallint primary key, day integer not null)",
];
