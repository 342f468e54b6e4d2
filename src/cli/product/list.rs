//! Lists products.

use std::process::ExitCode;

use super::shown::asks;
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::print;
use crate::cli::table::{cell, table_or};
use crate::flow::wire::{ProductView, Products};

/// Answers `sprintgate product list`.
pub(super) async fn run(globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    let products = app.list_products(&session).await?;
    print::answer(globals.json, &products, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(products: &Products) -> String {
    let row = |p: &ProductView| [cell(&p.code), p.name.clone(), cell(&p.repo_url), asks(p), p.id.clone()];
    let rows = products.result.iter().map(row);
    table_or(
        "There is no product yet: `sprintgate product add NAME --clone PATH` makes one.",
        ["CODE", "NAME", "REPOSITORY", "ASKS FOR", "ID"],
        rows.collect(),
    )
}
