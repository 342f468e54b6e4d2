//! A product for people, a line a fact.

use crate::cli::plain;
use crate::cli::table::cell;
use crate::flow::wire::ProductView;

/// What it is and what it asks for.
pub(super) fn product_lines(product: &ProductView) -> String {
    format!(
        "product     {}\nid          {}\nrepository  {}\nasks for    {}",
        plain::line(&product.name),
        plain::line(&product.id),
        plain::line(&cell(&product.repo_url)),
        asks(product)
    )
}

/// What is asked for beyond the plain course, in the words of the options.
pub(super) fn asks(product: &ProductView) -> String {
    let options = [
        (product.pr_strategy == "SPRINT", "one branch a run"),
        (product.auto_pr, "pull requests"),
        (product.push_salvage, "salvage at the remote"),
        (product.trailers, "trailers"),
        (product.cascade_on_infrastructure, "wide cascades"),
    ];
    let asked: Vec<&str> =
        options.into_iter().filter_map(|(is_asked, what)| is_asked.then_some(what)).collect();
    if asked.is_empty() { "-".to_owned() } else { asked.join(", ") }
}
