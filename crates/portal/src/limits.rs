//! How often sign-in may fail before it closes for a while.
//!
//! Somebody who guesses from one place is stopped soon, and stays the only one who is stopped; somebody who
//! guesses one account's password from many places is stopped later, for everybody.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use store::attempts::Limit;
use store::token::TokenHash;
use uuid::Uuid;

const WINDOW: Duration = Duration::from_secs(15 * 60);
const CLOSED_FOR: Duration = Duration::from_secs(15 * 60);
/// Failures of one account from one address.
const PAIR: i32 = 8;
/// Failures of one account from anywhere.
const ACCOUNT: i32 = 60;
/// Failures from one address, whoever's.
const ADDRESS: i32 = 40;

/// The limits of a sign-in; the first is forgotten when it succeeds.
pub(crate) fn sign_in(email: &str, address: &str) -> [Limit; 3] {
    let place = place(address);
    let limit = |name: String, tries| Limit { name, tries, window: WINDOW, closed_for: CLOSED_FOR };
    [
        limit(format!("sign-in both {}", short(&format!("{email} {place}"))), PAIR),
        limit(format!("sign-in account {}", short(email)), ACCOUNT),
        limit(format!("sign-in address {place}"), ADDRESS),
    ]
}

/// Wrong codes of one account from one address, and from anywhere: who gets so far knows the password, and a code has
/// a million forms of which three are good.
const CODE_PAIR: i32 = 5;
const CODE_ACCOUNT: i32 = 10;

/// The limits of a second factor; the first is forgotten when it succeeds.
pub(crate) fn second_factor(account: Uuid, address: &str) -> [Limit; 2] {
    let limit = |name: String, tries| Limit { name, tries, window: WINDOW, closed_for: CLOSED_FOR };
    [
        limit(format!("code both {account} {}", place(address)), CODE_PAIR),
        limit(format!("code account {account}"), CODE_ACCOUNT),
    ]
}

/// Asked-for mails of one address, and requests from one place.
const MAILS: i32 = 3;
const MAILS_FROM: i32 = 20;
const MAIL_WINDOW: Duration = Duration::from_secs(60 * 60);

/// The limit of mails that anybody can have sent to an address.
pub(crate) fn mail_to(email: &str) -> Limit {
    Limit {
        name: format!("mail to {}", short(email)),
        tries: MAILS,
        window: MAIL_WINDOW,
        closed_for: MAIL_WINDOW,
    }
}

/// The limit of mails that somebody can have sent to whomever.
pub(crate) fn mail_from(address: &str) -> Limit {
    Limit {
        name: format!("mail from {}", place(address)),
        tries: MAILS_FROM,
        window: MAIL_WINDOW,
        closed_for: MAIL_WINDOW,
    }
}

/// What somebody typed as an e-mail is not kept where no account is behind it.
fn short(text: &str) -> String {
    format!("{:?}", TokenHash::of(text)).chars().filter(char::is_ascii_hexdigit).take(32).collect()
}

/// One place on the internet: an IPv4 address, or the /64 that an IPv6 provider gives one customer.
fn place(address: &str) -> String {
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V4(ip)) => ip.to_string(),
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_is_one_place() {
        assert_eq!(place("192.0.2.7"), "192.0.2.7");
        assert_eq!(place("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(place("2001:db8:1:2:3:4:5:6"), place("2001:db8:1:2::9"));
        assert_ne!(place("2001:db8:1:2::9"), place("2001:db8:1:3::9"));
        assert_eq!(place(""), "unknown");
    }
}
