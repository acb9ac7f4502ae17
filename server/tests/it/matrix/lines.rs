//! Who may call what: every server function and every REST route, one line each. Written out here, apart from the
//! product's table. A new function without a line fails the test; add one below.
//!
//! Letters of a partner's roles: O Owner, S Super Admin, A Admin, F Finance, T Support, R Read-only. Of an
//! organization's: F Full Admin, I IT Admin, O Restore Operator, V Viewer. Visitors have the letters of their partner's
//! roles.

use crate::browser::PASSWORD;

/// What a line is about; it fills in `id` and whatever else names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Nothing in particular: a list of one's own, or oneself.
    Nothing,
    Organization,
    Plan,
    Partner,
    Tenant,
    /// A token of an organization, made anew for each call.
    Token,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// For everybody, signed in or not.
    Everybody,
    /// For everybody who is signed in.
    SignedIn,
    Partner(&'static str),
    /// Its people, and visitors.
    Organization(&'static str, &'static str),
    /// A partner's people about a customer of theirs; the customer's own, and visitors.
    Both(&'static str, &'static str, &'static str),
    /// Visitors only.
    Visitors(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) about: About,
    pub(super) who: Who,
    /// Sent beside the common fields, by all.
    pub(super) with: &'static [(&'static str, &'static str)],
    /// Sent by those who may: refused after the permission was decided, so that the world stays as it is.
    pub(super) harmless: &'static [(&'static str, &'static str)],
    /// What somebody is told who names what is not theirs, where it is not 404.
    pub(super) elsewhere: u16,
    /// What everybody is told who may call it, where that says nothing about rights.
    pub(super) answers: Option<u16>,
    /// Roles that are answered, with nothing.
    pub(super) blank: &'static str,
    /// Whether it ends or changes the caller's session.
    pub(super) moves_on: bool,
}

impl Line {
    const fn with(self, with: &'static [(&'static str, &'static str)]) -> Line {
        Line { with, ..self }
    }

    const fn harmless(self, harmless: &'static [(&'static str, &'static str)]) -> Line {
        Line { harmless, ..self }
    }

    const fn elsewhere(self, elsewhere: u16) -> Line {
        Line { elsewhere, ..self }
    }

    const fn answers(self, status: u16) -> Line {
        Line { answers: Some(status), ..self }
    }

    const fn blank_for(self, blank: &'static str) -> Line {
        Line { blank, ..self }
    }

    const fn moves_on(self) -> Line {
        Line { moves_on: true, ..self }
    }
}

const fn line(name: &'static str, about: About, who: Who) -> Line {
    Line {
        name,
        about,
        who,
        with: &[],
        harmless: &[],
        elsewhere: 404,
        answers: None,
        blank: "",
        moves_on: false,
    }
}

const fn partner(name: &'static str, about: About, roles: &'static str) -> Line {
    line(name, about, Who::Partner(roles))
}

const fn customer(name: &'static str, about: About, people: &'static str, visitors: &'static str) -> Line {
    line(name, about, Who::Organization(people, visitors))
}

/// About an organization's people, whoever manages them; a partner's own are tried in its own tests.
const fn people(name: &'static str) -> Line {
    line(name, About::Organization, Who::Both("OSA", "FI", "OSA")).with(&[("at", "{organization}")])
}

const NOBODYS: &str = "019ab000-0000-7000-8000-000000000000";

use About::{Nothing, Organization, Partner, Plan, Tenant, Token};

pub(super) const FUNCTIONS: &[Line] = &[
    // Accounts
    line("sign_in", Nothing, Who::Everybody)
        .with(&[("email", "nobody@x.example"), ("password", "x")])
        .moves_on(),
    line("set_up", Nothing, Who::Everybody).with(&[("token", "x"), ("password", "x")]).moves_on(),
    line("set_theme", Nothing, Who::Everybody).with(&[("theme", "dark")]),
    line("invitation", Nothing, Who::Everybody).with(&[("token", "x")]),
    line("accept_invitation", Nothing, Who::Everybody).with(&[("token", "x"), ("password", "x")]).moves_on(),
    line("consent_page", Nothing, Who::Everybody).with(&[("token", "x")]),
    line("sends_password_links", Nothing, Who::Everybody),
    line("forgot_password", Nothing, Who::Everybody).with(&[("email", "nobody@x.example")]),
    line("password_link", Nothing, Who::Everybody).with(&[("token", "x")]),
    line("choose_password", Nothing, Who::Everybody).with(&[("token", "x"), ("password", "x")]),
    line("email_link", Nothing, Who::Everybody).with(&[("token", "x")]),
    line("agree_to_email", Nothing, Who::Everybody).with(&[("token", "x")]),
    line("start", Nothing, Who::SignedIn),
    line("sign_out", Nothing, Who::SignedIn).moves_on(),
    line("memberships", Nothing, Who::SignedIn),
    customer("session", Nothing, "FIOV", "OSATR"),
    // Whoever has given one proof of two finds in the session who that is; nobody here has.
    line("owed", Nothing, Who::Everybody),
    line("prove_again", Nothing, Who::Everybody).with(&[("code", "000000")]).moves_on(),
    line("set_up_owed", Nothing, Who::Everybody).moves_on(),
    line("confirm_owed", Nothing, Who::Everybody).with(&[("code", "000000")]).moves_on(),
    line("codes_once", Nothing, Who::Everybody),
    line("has_microsoft", Nothing, Who::Everybody),
    line("go_to_microsoft", Nothing, Who::Everybody).moves_on(),
    // One's own account, whatever the role
    line("my_account", Nothing, Who::SignedIn),
    line("rename_me", Nothing, Who::SignedIn),
    line("change_password", Nothing, Who::SignedIn)
        .with(&[("current", PASSWORD), ("password", "short")])
        .moves_on(),
    line("change_email", Nothing, Who::SignedIn).with(&[("email", "none"), ("email_password", PASSWORD)]),
    line("withdraw_email_change", Nothing, Who::SignedIn).answers(404),
    line("end_session", Nothing, Who::SignedIn).with(&[("mark", "none")]).answers(404),
    line("end_other_sessions", Nothing, Who::SignedIn).moves_on(),
    line("factor_set_up", Nothing, Who::SignedIn).moves_on(),
    line("confirm_factor", Nothing, Who::SignedIn).with(&[("code", "000000")]).moves_on(),
    line("new_codes", Nothing, Who::SignedIn).with(&[("code", "000000")]),
    line("my_codes_once", Nothing, Who::SignedIn),
    line("remove_factor", Nothing, Who::SignedIn)
        .with(&[("password", PASSWORD), ("code", "000000")])
        .moves_on(),
    line("link_microsoft", Nothing, Who::SignedIn)
        .with(&[("own_password", PASSWORD)])
        .answers(404)
        .moves_on(),
    line("unlink_microsoft", Nothing, Who::SignedIn)
        .with(&[("directory", NOBODYS), ("object", NOBODYS)])
        .answers(404),
    line("leave_visit", Nothing, Who::Visitors("OSATR")).moves_on(),
    // The Partner Portal
    partner("partner_session", Nothing, "OSAFTR"),
    partner("dashboard", Nothing, "OSAFTR"),
    partner("bill", Partner, "OSAFR").with(&[("month", ""), ("page", "0")]),
    partner("organization_bill", Organization, "OSAFR").with(&[("month", "")]).blank_for("T"),
    partner("cost_of_seats", Organization, "OSAF"),
    // Of several, what is not theirs is left out.
    partner("bulk_asked", Organization, "OSA").with(&[("ids", "{organization}")]).elsewhere(200),
    partner("bulk_go", Organization, "OSA")
        .with(&[("ids", "{organization}"), ("what", "suspend")])
        .harmless(&[("what", "resume")])
        .elsewhere(200),
    partner("plans", Nothing, "OSAFR"),
    partner("create_plan", Partner, "OSF").harmless(&[("price", "dear")]).elsewhere(422),
    // Each customer here is on its plan.
    partner("delete_plan", Plan, "OSF").answers(409),
    partner("archive_plan", Plan, "OSF").harmless(&[("archived", "false")]),
    partner("organizations", Nothing, "OSAFTR"),
    partner("organization_options", Nothing, "OSA"),
    partner("create_organization", Partner, "OSA").harmless(&[("country", "XX")]).elsewhere(422),
    partner("created", Nothing, "OSAFTR"),
    partner("organization", Organization, "OSAFTR"),
    partner("edit_organization", Organization, "OSA").harmless(&[("country", "XX")]),
    partner("move_organization", Organization, "OS")
        .with(&[("what", "delete"), ("typed", "{name}")])
        .harmless(&[("typed", "another name")]),
    partner("change_plan", Organization, "OSAF"),
    partner("change_seats", Organization, "OSAF").harmless(&[("seats", "none")]),
    partner("visit", Organization, "OSATR").harmless(&[("reason", " ")]),
    partner("check_audit", Partner, "OSAR"),
    partner("audit_log", Partner, "OSAR").with(&[
        ("event", ""),
        ("actor", ""),
        ("object", ""),
        ("organization", ""),
        ("from", ""),
        ("to", ""),
    ]),
    partner("features", Organization, "OSAFTR").with(&[("level", "organization")]),
    partner("save_features", Organization, "OSA")
        .with(&[("level", "organization"), ("features[download]", "off")])
        .harmless(&[("features[download]", "")]),
    partner("retest_credentials", Organization, "OSAT"),
    partner("renew_credentials", Organization, "OSAT").harmless(&[("client_id", "none")]),
    // The installation of this test has no app to consent to, and no link of that id.
    partner("make_consent_link", Organization, "OSAT").answers(409),
    partner("made_consent_link", Nothing, "OSAFTR"),
    partner("revoke_consent_link", Organization, "OSAT").with(&[("link", NOBODYS)]).answers(409),
    partner("partner_tokens", Organization, "OSA"),
    partner("create_partner_token", Organization, "OSA").harmless(&[("days", "0")]),
    partner("revoke_partner_token", Token, "OSA"),
    partner("second_factor_rule", Nothing, "OSA"),
    partner("ask_second_factor", Nothing, "OSA").with(&[("on", "true")]).harmless(&[("on", "false")]),
    partner("change_organization_email", Organization, "OSA").harmless(&[("email", "none")]),
    // None waits.
    partner("withdraw_organization_email", Organization, "OSA").answers(404),
    partner("renew_link", Organization, "OSA").with(&[("by_mail", "false")]),
    partner("branding_page", Nothing, "OSA"),
    partner("set_brand_name", Nothing, "OSA").with(&[("name", "Harbour")]).harmless(&[("name", "")]),
    partner("set_brand_accent", Nothing, "OSA")
        .with(&[("accent", "#123456")])
        .harmless(&[("accent", "none")]),
    partner("reset_brand", Nothing, "OSA").with(&[("field", "logo")]),
    partner("mail_page", Nothing, "OSA"),
    partner("set_mail_server", Nothing, "OSA")
        .with(&[
            ("host", "smtp.x.example"),
            ("port", "465"),
            ("security", "tls"),
            ("username", ""),
            ("password", ""),
            ("sender_name", "X"),
            ("sender_email", "x@x.example"),
        ])
        .harmless(&[("port", "none")]),
    partner("remove_mail_server", Nothing, "OSA"),
    // No server is configured here, and no mail has that id.
    partner("test_mail", Nothing, "OSA").answers(409),
    partner("retry_mail", Nothing, "OSA").with(&[("id", NOBODYS)]).answers(404),
    partner("offer_sign_in_mail", Nothing, "OSA").with(&[("offers", "true")]),
    partner("notices_page", Nothing, "OSAFTR"),
    partner("set_notices", Nothing, "OSAFTR").with(&[("subscriptions", "daily")]),
    // People
    people("people"),
    people("invite_person")
        .with(&[("at", "{organization}"), ("back", "/"), ("role", "viewer")])
        .harmless(&[("role", "none")]),
    people("renew_invitation")
        .with(&[("at", "{organization}"), ("back", "/"), ("id", NOBODYS), ("by_mail", "false")])
        .answers(404),
    people("revoke_invitation").with(&[("at", "{organization}"), ("id", NOBODYS)]).answers(404),
    people("change_role")
        .with(&[("at", "{organization}"), ("id", "{admin}"), ("role", "viewer")])
        .harmless(&[("role", "none")]),
    people("switch_login")
        .with(&[("at", "{organization}"), ("id", "{admin}"), ("on", "false")])
        .harmless(&[("on", "true")]),
    people("remove_person").with(&[("at", "{organization}"), ("id", NOBODYS)]).answers(404),
    // They have none.
    partner("reset_factor", Organization, "OSA")
        .with(&[("at", "{organization}"), ("id", "{admin}")])
        .answers(409),
    partner("hand_over", Nothing, "O").with(&[("id", NOBODYS), ("typed", "Harbour IT")]).answers(404),
    line("fresh_link", Nothing, Who::SignedIn),
    line("help", Nothing, Who::SignedIn).with(&[("topic", "guide")]),
    // Partners below
    partner("partners", Nothing, "OSAFTR"),
    partner("partner", Partner, "OSAFTR"),
    partner("create_partner", Partner, "OS")
        .with(&[
            ("parent", "{partner}"),
            ("support_email", ""),
            ("email_portal", ""),
            ("owner_name", "x"),
            ("owner_email", "x@y.example"),
        ])
        .harmless(&[("owner_email", "none")])
        .elsewhere(422),
    partner("edit_partner", Partner, "OS")
        .with(&[("support_email", ""), ("email_portal", "")])
        .harmless(&[("email_portal", "none")]),
    // It is open already.
    partner("open_entra", Partner, "O").with(&[("open", "false")]).harmless(&[("open", "true")]),
    partner("close_partner", Partner, "OS").with(&[("typed", "Cove")]).harmless(&[("typed", "another name")]),
    // Transfers; those that wait for an answer are tried in the portal's own tests.
    partner("transfers", Nothing, "OS"),
    partner("make_transfer_code", Nothing, "OS"),
    partner("fresh_transfer_code", Nothing, "OSAFTR"),
    partner("transfer_offer", Organization, "OS"),
    partner("propose_transfer", Organization, "OS")
        .with(&[("code", ""), ("note", ""), ("confirmed", "{name}")])
        .harmless(&[("code", "none")]),
    partner("withdraw_transfer", Nothing, "OS").with(&[("id", NOBODYS)]).answers(404),
    partner("transfer", Nothing, "OS").with(&[("id", NOBODYS)]).answers(404),
    partner("accept_transfer", Nothing, "OS").with(&[("id", NOBODYS)]).answers(404),
    partner("decline_transfer", Nothing, "OS").with(&[("id", NOBODYS)]).answers(404),
    // The End-User Portal
    customer("customer_visits", Nothing, "FIOV", "OSATR"),
    customer("decide_visits", Nothing, "F", "")
        .with(&[("forbidden", "true")])
        .harmless(&[("forbidden", "false")]),
    customer("org_notices_page", Nothing, "FIOV", "OSATR"),
    customer("set_org_notices", Nothing, "FI", "OSAT").with(&[("backups", "on")]),
    customer("tokens", Nothing, "FI", "OSA"),
    customer("create_token", Nothing, "FI", "OSA").harmless(&[("days", "0")]),
    customer("revoke_token", Token, "FI", "OSA"),
    customer("read_overview", Tenant, "FIOV", "OSATR"),
    customer("snapshots", Tenant, "FIOV", "OSATR"),
    customer("browse", Tenant, "FIOV", "OSATR").with(&[("kind", "user")]),
    customer("object", Tenant, "FIOV", "OSATR").with(&[("kind", "user"), ("object", "{user}")]),
    customer("read_comparison", Tenant, "FIOV", "OSATR").with(&[("from", "1"), ("to", "2")]),
    customer("read_change", Tenant, "FIOV", "OSATR").with(&[
        ("from", "1"),
        ("to", "2"),
        ("object", "{changed}"),
    ]),
    customer("job", Tenant, "FIOV", "OSATR"),
    customer("back_up_now", Tenant, "FIO", "OSAT"),
    customer("back_up_in_full", Tenant, "FIO", "OSAT"),
    customer("compare_live", Tenant, "FIO", "OSAT"),
    customer("connection", Tenant, "FIOV", "OSATR"),
    customer("retest", Tenant, "FI", "OSAT"),
    customer("reconnect", Tenant, "FI", "OSAT").harmless(&[("client_id", "none")]),
    customer("test_connection", Nothing, "FI", "OSAT").harmless(&[("client_id", "none")]),
    customer("own_consent", Nothing, "FI", "OSAT").answers(409),
    customer("connect", Nothing, "FI", "OSAT").harmless(&[("client_id", "none")]),
    customer("restores", Tenant, "FIOV", "OSATR"),
    customer("restore", Tenant, "FIOV", "OSATR"),
    customer("steps", Tenant, "FIOV", "OSATR").with(&[("after", "0")]),
    customer("plan", Tenant, "FIO", "OSA")
        .with(&[("from", "1"), ("to", "2"), ("everything", "true")])
        .harmless(&[("everything", "false")]),
    customer("confirm_step", Tenant, "FIO", "OSA").with(&[("step", "1"), ("yes", "true")]),
    customer("steer", Tenant, "FIO", "OSA").with(&[("order", "cancel")]).harmless(&[("order", "pause")]),
    customer("undo", Tenant, "FIO", "OSA"),
    // Somebody else's role is there for nobody.
    line("choose", Nothing, Who::SignedIn)
        .with(&[("id", "{stranger}"), ("partner", "true")])
        .answers(404)
        .moves_on(),
];

/// A route of the API: method, path, and which tokens may: o reads an organization, O may start backups there as well;
/// p and P those of a partner.
pub(super) const ROUTES: &[(&str, &str, &str)] = &[
    ("get", "/organizations", "oOpP"),
    ("get", "/organizations/{organization}", "oOpP"),
    ("get", "/organizations/{organization}/tenants", "oOpP"),
    ("get", "/tenants/{tenant}", "oOpP"),
    ("get", "/tenants/{tenant}/snapshots", "oOpP"),
    ("get", "/tenants/{tenant}/jobs", "oOpP"),
    ("get", "/tenants/{tenant}/jobs/{job}", "oOpP"),
    ("post", "/tenants/{tenant}/backups", "OP"),
];
