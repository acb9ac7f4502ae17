//! Control of licenses that do not settle.

use serde_json::{Value, json};

use super::http::{Answer, bad};
use crate::shared::Shared;
use crate::sim::Sim;
use crate::state::licences::Trouble;
use crate::state::{Kind, NONE, Tenant};

/// Puts one assignment of a license into an error state, or takes it out of it.
fn trouble(
    t: &mut Tenant,
    user: &str,
    sku: &str,
    group: Option<&str>,
    error: Option<&str>,
) -> Result<(), String> {
    let oid = t.user(user).ok_or_else(|| format!("there is no user {user:?}"))?;
    let sku = t
        .sku(sku)
        .or_else(|| t.skus.iter().position(|s| s.part.eq_ignore_ascii_case(sku)).map(|at| at as u8))
        .ok_or_else(|| format!("there is no product {sku:?}"))?;
    let by = match group {
        Some(id) => t.live(Kind::Group, id).ok_or_else(|| format!("there is no group {id:?}"))?,
        None => NONE,
    };
    let error = match error {
        Some(name) => {
            Some(Trouble::parse(name).ok_or_else(|| format!("there is no license error {name:?}"))?)
        }
        None => None,
    };
    if t.trouble_licence(oid, sku, by, error) {
        Ok(())
    } else {
        Err("the user does not have this license this way".to_owned())
    }
}

/// `POST license-errors {"user", "sku", "group"?, "error"?}`; without an error the state is active again.
pub(super) fn answer(shared: &Shared, body: &Value) -> Answer {
    let text = |key: &str| body[key].as_str().ok_or_else(|| bad(format!("{key} is missing")));
    let (user, sku) = (text("user")?, text("sku")?);
    trouble(&mut shared.write(), user, sku, body["group"].as_str(), body["error"].as_str()).map_err(bad)?;
    Ok(json!({}))
}

impl Sim {
    /// Puts a user's license (by id or part number) that came directly or with a group into an error state
    /// such as `CountViolation`, or with no error back into effect.
    ///
    /// # Errors
    ///
    /// When there is no such user, product, group, error or assignment.
    pub fn license_error(
        &self,
        user: &str,
        sku: &str,
        group: Option<&str>,
        error: Option<&str>,
    ) -> Result<(), String> {
        trouble(&mut self.shared.write(), user, sku, group, error)
    }
}
