//! The folders of products' worktrees. Each is named after the product and the attempt that it was made for, so that no
//! name comes again: whoever still works in an old one does not write into a new one.

use std::path::PathBuf;

use crate::domain::id::ProductId;

use super::place::Place;
use super::settings::Git;

/// The folder of products' worktrees, under the worktree root.
pub(super) const PRODUCTS: &str = "_products";

/// A folder of a product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProductPlace {
    /// The product.
    pub product: ProductId,
    /// The attempt that it was made for; others may have had it since.
    pub made_for: Place,
}

impl ProductPlace {
    /// The name of the folder: `<product>_<job>-a<attempt>`. No id has an underscore.
    #[must_use]
    pub fn folder(&self) -> String {
        format!("{}_{}", self.product, self.made_for.folder())
    }

    /// The place that a folder's name stands for.
    #[must_use]
    pub fn parse(folder: &str) -> Option<Self> {
        let (product, made_for) = folder.split_once('_')?;
        Some(Self { product: ProductId::new(product).ok()?, made_for: Place::parse(made_for)? })
    }
}

impl Git {
    /// The folder of a product's worktree.
    #[must_use]
    pub fn path_of_product(&self, place: &ProductPlace) -> PathBuf {
        self.settings().worktree_root.join(PRODUCTS).join(place.folder())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::JobId;

    #[test]
    fn only_our_own_spelling_is_a_folder_of_a_product() {
        let made_for = Place { job: JobId::new("grill").unwrap(), attempt: 2 };
        let place = ProductPlace { product: ProductId::new("shop-2").unwrap(), made_for };
        assert_eq!(place.folder(), "shop-2_grill-a2");
        assert_eq!(ProductPlace::parse("shop-2_grill-a2"), Some(place));
        for bad in
            ["", "shop", "shop_", "_grill-a2", "shop_grill", "shop_grill-a02", "shop__grill-a2", "S_g-a1"]
        {
            assert_eq!(ProductPlace::parse(bad), None, "{bad:?}");
        }
    }
}
