//! Which folders may be the clone of a repository, and in which order they are asked (`original` 8.5).
//!
//! ```
//! use sprintgate::domain::root::{Found, Root, order, root};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let shop = "https://example.org/ann/shop.git".parse()?;
//! let tools = "https://example.org/ann/tools.git".parse()?;
//! let product = "product-1".parse()?;
//!
//! // The task has a repository of its own, and the product's folder is not asked for it.
//! let roots = order(&tools, true, &product, Some(&shop));
//! assert_eq!(roots, [Root::Name("tools".into()), Root::Projects("tools".into())]);
//!
//! // A folder that is configured decides, also when it is the wrong one: nobody looks further.
//! let wrong = root(&roots, |root| match root {
//!     Root::Name(_) => Found::OtherRepository("https://example.org/bob/tools".into()),
//!     _ => Found::Clone("/home/ann/Projects/tools"),
//! });
//! assert_eq!(
//!     wrong.unwrap_err().to_string(),
//!     "the folder for repository tools is a clone of https://example.org/bob/tools"
//! );
//! # Ok(())
//! # }
//! ```

use std::fmt;

use super::id::ProductId;
use super::remote::RemoteUrl;

/// A folder that may be the clone of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// The one that is configured for repositories of this name: the last part of the address.
    Name(String),
    /// The one that is configured for a product.
    Product(ProductId),
    /// The one of this name among the person's projects. Nobody configured it.
    Projects(String),
}

/// What a folder was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<P> {
    /// None is configured, or none is there where nobody configured one.
    Nothing,
    /// It is no clone, or is not there.
    NoClone,
    /// It is a clone, and its origin is this other repository.
    OtherRepository(String),
    /// It is a clone of the repository.
    Clone(P),
}

/// A folder was configured and cannot serve; no other is taken in its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRoot {
    /// It is no clone, or is not there.
    #[error("the folder for {root} is no clone")]
    NoClone {
        /// How it is configured.
        root: Root,
    },
    /// It is a clone of something else.
    #[error("the folder for {root} is a clone of {origin}")]
    OtherRepository {
        /// How it is configured.
        root: Root,
        /// Whose clone it is.
        origin: String,
    },
}

/// The folders that may be the clone of `repo`, in the order in which they are asked.
///
/// `own` says that the repository is the task's, and not the product's by default. For it the name comes first, and a
/// product's folder last; a product's own repository is looked for by the product first. Defect 70: the product's folder
/// is for the repository that the product has, however its address is spelled, and no other is ever looked for there.
#[must_use]
pub fn order(
    repo: &RemoteUrl,
    own: bool,
    product: &ProductId,
    product_repo: Option<&RemoteUrl>,
) -> Vec<Root> {
    let by_name = || [Root::Name(repo.repo_name().to_owned()), Root::Projects(repo.repo_name().to_owned())];
    let same = product_repo.is_some_and(|its| its.repository() == repo.repository());
    let by_product = same.then(|| Root::Product(product.clone()));
    if own {
        by_name().into_iter().chain(by_product).collect()
    } else {
        by_product.into_iter().chain(by_name()).collect()
    }
}

/// The clone among `roots`, which `look` is asked for one by one until one decides; none is no failure, for only the
/// address of a repository is needed to work on it.
///
/// The first that is configured decides. A folder among the projects that is something else was meant for something
/// else, and is passed over.
///
/// # Errors
/// [`BadRoot`] when the one that decides is not a clone of the repository.
pub fn root<P>(roots: &[Root], mut look: impl FnMut(&Root) -> Found<P>) -> Result<Option<P>, BadRoot> {
    for root in roots {
        match look(root) {
            Found::Clone(path) => return Ok(Some(path)),
            Found::NoClone if root.is_configured() => return Err(BadRoot::NoClone { root: root.clone() }),
            Found::OtherRepository(origin) if root.is_configured() => {
                return Err(BadRoot::OtherRepository { root: root.clone(), origin });
            }
            Found::Nothing | Found::NoClone | Found::OtherRepository(_) => {}
        }
    }
    Ok(None)
}

impl Root {
    /// Whether a person named the folder for this.
    fn is_configured(&self) -> bool {
        match self {
            Self::Name(_) | Self::Product(_) => true,
            Self::Projects(_) => false,
        }
    }
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "repository {name}"),
            Self::Product(id) => write!(f, "product {id}"),
            Self::Projects(name) => write!(f, "project {name}"),
        }
    }
}
