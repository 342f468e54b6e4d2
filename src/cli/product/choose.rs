//! Which product a command means.

use crate::cli::error::CliError;
use crate::domain::id::ProductId;
use crate::flow::wire::ProductView;
use crate::flow::{FlowError, Session, Sprintgate};

/// The product that was named, or the only one that there is.
pub(crate) async fn choose(
    app: &Sprintgate,
    session: &Session,
    named: Option<String>,
) -> Result<String, CliError> {
    if let Some(named) = named {
        return Ok(named);
    }
    match app.list_products(session).await?.result.as_slice() {
        [only] => Ok(only.id.clone()),
        [] => Err(CliError::argument(
            "--product",
            "there is no product yet; `sprintgate product add` makes one",
        )),
        _ => Err(CliError::argument("--product", "there are several products, so it must be named")),
    }
}

/// The id of the product with this name, code or id.
pub(crate) async fn id_of(app: &Sprintgate, session: &Session, named: &str) -> Result<ProductId, CliError> {
    let products = app.list_products(session).await?.result;
    let is_it = |p: &&ProductView| p.id == named || p.code.as_deref() == Some(named) || p.name == named;
    let found: Vec<&ProductView> = products.iter().filter(is_it).collect();
    match found.as_slice() {
        [] => Err(FlowError::not_found("product", named).into()),
        [one] => ProductId::new(&one.id).map_err(|error| CliError::failed("BAD_ID", error)),
        _ => Err(CliError::argument("--product", "fits several products; use an id")),
    }
}
